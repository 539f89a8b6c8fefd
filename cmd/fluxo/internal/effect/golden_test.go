package effect_test

// One txtar file an idea: Go files, then the summaries of every function and the
// diagnostics as they are expected. All of them are one module, loaded at once.

import (
	"context"
	"flag"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "write what is found into the golden files")

func TestGolden(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no golden files", err)
	}
	dir := t.TempDir()
	archives := unpackAll(t, dir, names)
	cfg := load.Config{Dir: dir, Patterns: []string{"./..."}, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod"), CacheDir: "off"}
	r, err := load.Run(context.Background(), cfg, effect.Analyzer)
	if err != nil {
		t.Fatal(err)
	}
	for base, a := range archives {
		t.Run(base, func(t *testing.T) { compare(t, base, a, r, dir) })
	}
}

// unpackAll writes the archives as packages of one module.
func unpackAll(t *testing.T, dir string, names []string) map[string]*txtar.Archive {
	t.Helper()
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	mod := fmt.Sprintf("module example.com\ngo 1.26.0\nrequire fluxo.dev/fluxo v0.0.0\nreplace fluxo.dev/fluxo => %s\n", root)
	write(t, filepath.Join(dir, "go.mod"), []byte(mod))
	archives := map[string]*txtar.Archive{}
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := strings.TrimSuffix(filepath.Base(name), ".txtar")
		archives[base] = a
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".go") {
				write(t, filepath.Join(dir, base, filepath.FromSlash(f.Name)), f.Data)
			}
		}
	}
	return archives
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

// compare holds an archive against what was found in its packages.
func compare(t *testing.T, base string, a *txtar.Archive, r *load.Result, dir string) {
	var kept []txtar.File
	want := map[string]string{}
	for _, f := range a.Files {
		if strings.HasSuffix(f.Name, ".go") {
			kept = append(kept, f)
		} else {
			want[f.Name] = string(f.Data)
		}
	}
	got := map[string]string{"summaries": summaries(r, base), "diagnostics": diagnostics(r, filepath.Join(dir, base)+string(filepath.Separator))}
	for _, section := range []string{"summaries", "diagnostics"} {
		if got[section] != want[section] && !*update {
			t.Errorf("%s of %s:\n%s\nwant:\n%s", section, base, got[section], want[section])
		}
		if got[section] != "" {
			kept = append(kept, txtar.File{Name: section, Data: []byte(got[section])})
		}
	}
	if *update {
		if err := os.WriteFile("testdata/"+base+".txtar", txtar.Format(&txtar.Archive{Comment: a.Comment, Files: kept}), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// summaries lists every function of the archive's packages, in source order.
func summaries(r *load.Result, base string) string {
	var out strings.Builder
	for _, p := range r.Packages {
		if p.Path != "example.com/"+base && !strings.HasPrefix(p.Path, "example.com/"+base+"/") {
			continue
		}
		index := p.Results[effect.Analyzer].(*effect.Result)
		var fns []*types.Func
		for _, obj := range p.Info.Defs {
			if fn, ok := obj.(*types.Func); ok {
				fns = append(fns, fn)
			}
		}
		sort.Slice(fns, func(i, j int) bool { return fns[i].Pos() < fns[j].Pos() })
		for _, fn := range fns {
			name := strings.ReplaceAll(fn.FullName(), "example.com/"+base+".", "")
			fmt.Fprintf(&out, "%s: %s\n", name, index.Of(fn))
		}
	}
	return out.String()
}

func diagnostics(r *load.Result, dir string) string {
	var out strings.Builder
	for _, d := range r.Diagnostics() {
		if file, ok := strings.CutPrefix(d.Position.Filename, dir); ok {
			fmt.Fprintf(&out, "%s:%d:%d: %s\n", file, d.Position.Line, d.Position.Column, d.Message)
		}
	}
	return out.String()
}
