package lift_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
	"fluxo.dev/fluxo/graph"
)

var update = flag.Bool("update", false, "rewrite the golden sections of testdata")

// module unpacks every archive that matches pattern as a package of one module.
func module(t *testing.T, pattern string) (dir string, archives map[string]*txtar.Archive) {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	dir, archives = t.TempDir(), map[string]*txtar.Archive{}
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "go.mod", "module fluxo.dev/fluxo/testflow\n\ngo 1.26.0\n\nrequire (\n\tfluxo.dev/fluxo v0.0.0\n\tgolang.org/x/sync v0.24.0\n)\n\nreplace fluxo.dev/fluxo => "+root+"\n")
	sum, err := os.ReadFile("../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "go.sum", string(sum))
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pkg := strings.TrimSuffix(filepath.Base(name), ".txtar")
		archives[pkg] = a
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".go") {
				write(t, dir, pkg+"/"+f.Name, string(f.Data))
			}
		}
	}
	return dir, archives
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func loadAll(t *testing.T, dir string) *load.Result {
	t.Helper()
	env := append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
	r, err := load.Run(context.Background(), load.Config{Dir: dir, Patterns: []string{"./..."}, Env: env, CacheDir: "off"}, lift.Analyzer)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Each archive of testdata holds a package, and the graphs of its flows or
// what is said against them.
func TestGraphs(t *testing.T) {
	dir, archives := module(t, "testdata/*.txtar")
	r := loadAll(t, dir)
	seen := map[string]bool{}
	for _, p := range r.Packages {
		name := filepath.Base(p.Path)
		a := archives[name]
		if a == nil {
			continue
		}
		seen[name] = true
		t.Run(name, func(t *testing.T) {
			var graphs, said strings.Builder
			for _, f := range p.Results[lift.Analyzer].(*lift.Package).Flows {
				text := f.Graph.String()
				graphs.WriteString(text)
				if back, err := graph.Parse(text); err != nil || back.String() != text {
					t.Errorf("the graph of %s does not parse back: %v", f.Graph.Flow, err)
				}
			}
			for _, d := range p.Diagnostics {
				said.WriteString(filepath.Base(d.Position.String()) + ": " + d.Message + "\n")
			}
			golden(t, a, "graph", graphs.String())
			golden(t, a, "diagnostics", said.String())
			if *update {
				if err := os.WriteFile("testdata/"+name+".txtar", txtar.Format(a), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for name := range archives {
		if !seen[name] {
			t.Errorf("package %s was not loaded", name)
		}
	}
}

// golden compares a section, or sets it.
func golden(t *testing.T, a *txtar.Archive, section, got string) {
	t.Helper()
	for i, f := range a.Files {
		if f.Name != section {
			continue
		}
		if *update {
			a.Files[i].Data = []byte(got)
		} else if string(f.Data) != got {
			t.Errorf("%s differs; got:\n%s\nwant:\n%s", section, got, f.Data)
		}
		if *update && got == "" {
			a.Files = append(a.Files[:i:i], a.Files[i+1:]...)
		}
		return
	}
	if got != "" {
		if !*update {
			t.Errorf("no section %s for:\n%s", section, got)
		}
		a.Files = append(a.Files, txtar.File{Name: section, Data: []byte(got)})
	}
}
