package emit_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"fluxo.dev/fluxo/cmd/fluxo/internal/emit"
	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
)

// A program is the packages of lift's testdata in one module, whose module path
// lies under fluxo.dev/fluxo so that its main function can reach the engine.
type program struct {
	dir  string
	pkgs []string
}

const programMod = "module fluxo.dev/fluxo/testflow\n\ngo 1.26.0\n\nrequire (\n\tfluxo.dev/fluxo v0.0.0\n\tgolang.org/x/sync v0.24.0\n)\n\nreplace fluxo.dev/fluxo => %s\n"

// programMain runs a package's Main twice; with WALK set, every flow is walked the
// second time, by the engine under a plan without decisions; where it is "own", with what
// the author runs beside each other.
const programMain = `package main

import (
	"fmt"
	"os"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/plan"
%s)

func walk() {
	for _, name := range engine.FlowNames() {
		fl := engine.Lookup(name)
		src, err := fl.Source()
		if err != nil {
			panic(err)
		}
		g := src.Graph
		if os.Getenv("WALK") == "own" {
			g, _ = plan.WithOwn(g, nil, func(planned *graph.Graph) map[graph.NodeID]string {
				return check.Check(src.Graph, planned, check.Program{}, check.DefaultRules()).Reasons()
			})
		}
		p, err := engine.Current().Compile(src, g, func(graph.FlowName) bool { return true })
		if err != nil {
			panic(err)
		}
		fl.Slot.Set(p)
	}
}

func main() {
	mains := map[string]func(){
%s	}
	mains[os.Args[1]]() // instances of generic flows are known once they were called
	if os.Getenv("WALK") != "" {
		walk()
	}
	fmt.Println("----")
	mains[os.Args[1]]()
}
`

func unpackProgram(t *testing.T, only string) *program {
	t.Helper()
	names, err := filepath.Glob("../lift/testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	p := &program{dir: t.TempDir()}
	root, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, "go.mod", fmt.Sprintf(programMod, root))
	sum, err := os.ReadFile("../../go.sum")
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, "go.sum", string(sum))
	var imports, mains strings.Builder
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pkg := strings.TrimSuffix(filepath.Base(name), ".txtar")
		if only != "" && pkg != only {
			continue
		}
		runs := false
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".go") {
				if bytes.Contains(a.Comment, []byte("CRLF")) {
					f.Data = bytes.ReplaceAll(f.Data, []byte("\n"), []byte("\r\n"))
				}
				p.write(t, pkg+"/"+f.Name, string(f.Data))
				runs = runs || bytes.Contains(f.Data, []byte("\nfunc Main() {"))
			}
		}
		if runs {
			p.pkgs = append(p.pkgs, pkg)
			fmt.Fprintf(&imports, "\t%s %q\n", pkg, "fluxo.dev/fluxo/testflow/"+pkg)
			fmt.Fprintf(&mains, "\t\t%q: %s.Main,\n", pkg, pkg)
		}
	}
	sort.Strings(p.pkgs)
	p.write(t, "main.go", fmt.Sprintf(programMain, imports.String(), mains.String()))
	return p
}

func (p *program) write(t *testing.T, name, text string) {
	t.Helper()
	name = filepath.Join(p.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func (p *program) env() []string {
	return append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod")
}

// overlay emits the flows of every package and returns the overlay's file.
func (p *program) overlay(t *testing.T) string {
	t.Helper()
	r, err := load.Run(context.Background(), load.Config{Dir: p.dir, Patterns: []string{"./..."}, Env: p.env(), CacheDir: "off"}, lift.Analyzer)
	if err != nil {
		t.Fatal(err)
	}
	replace := map[string]string{}
	for i, pkg := range r.Packages {
		lifted := pkg.Results[lift.Analyzer].(*lift.Package)
		f := emit.NewFile(lifted.Values)
		for _, flow := range lifted.Flows {
			f.Flow(lifted, flow, pkg.Dir)
		}
		if f.Empty() {
			continue
		}
		src, err := f.Source("go1.26")
		if err != nil {
			t.Fatal(err)
		}
		if os.Getenv("SHOW") != "" {
			fmt.Println(string(src))
		}
		name := fmt.Sprintf("_overlay/%d_gen.go", i)
		p.write(t, name, string(src))
		replace[filepath.Join(pkg.Dir, emit.FileName)] = filepath.Join(p.dir, name)
		for j, file := range pkg.Files {
			name := fmt.Sprintf("_overlay/%d_%d.go", i, j)
			p.write(t, name, renamed(t, r, pkg.FileNames[j], file, f.Taken))
			replace[pkg.FileNames[j]] = filepath.Join(p.dir, name)
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	p.write(t, "_overlay/overlay.json", string(text))
	return filepath.Join(p.dir, "_overlay/overlay.json")
}

// renamed returns the author's file with the names of taken functions replaced.
func renamed(t *testing.T, r *load.Result, name string, file *ast.File, taken []*ast.Ident) string {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	out, last := "", 0
	for _, id := range taken {
		if id.Pos() < file.FileStart || id.Pos() > file.FileEnd {
			continue
		}
		at := r.Fset.Position(id.Pos()).Offset
		out += string(src[last:at]) + emit.PlainPrefix + id.Name
		last = at + len(id.Name)
	}
	return out + string(src[last:])
}

func (p *program) build(t *testing.T, out string, flags ...string) string {
	t.Helper()
	bin := filepath.Join(p.dir, out)
	cmd := exec.Command("go", append(append([]string{"build"}, flags...), "-o", bin, ".")...)
	cmd.Dir, cmd.Env = p.dir, p.env()
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", strings.Join(flags, " "), err, text)
	}
	return bin
}

func (p *program) run(t *testing.T, bin, pkg string, env ...string) string {
	t.Helper()
	cmd := exec.Command(bin, pkg)
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%s: %v\n%s", pkg, err, stderr.String())
	}
	return string(out)
}

// A flow that the engine walks does what its source says: each package of
// lift's testdata prints the same when it is built by go build and when its
// flows are walked.
func TestWalkedFlowsDoWhatTheirSourceSays(t *testing.T) {
	p := unpackProgram(t, os.Getenv("ONLY"))
	plain := p.build(t, "plain")
	walked := p.build(t, "walked", "-overlay="+p.overlay(t))
	for _, pkg := range p.pkgs {
		t.Run(pkg, func(t *testing.T) {
			want, got := p.run(t, plain, pkg), p.run(t, walked, pkg, "WALK=1")
			if got != want {
				t.Errorf("walked, it prints otherwise: %s", difference(got, want))
			}
			if own := p.run(t, walked, pkg, "WALK=own"); own != want {
				t.Errorf("walked with what its author runs beside each other, it prints otherwise: %s", difference(own, want))
			}
			if want == "" {
				t.Error("it prints nothing")
			}
			if empty := p.run(t, walked, pkg); empty != want {
				t.Errorf("under the empty plan it prints otherwise: %s", difference(empty, want))
			}
		})
	}
}

// difference shows where two outputs part.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	i := 0
	for i < len(g) && i < len(w) && g[i] == w[i] {
		i++
	}
	from := max(0, i-6)
	return fmt.Sprintf("line %d\ngot:\n%s\nwant:\n%s", i+1,
		strings.Join(g[from:min(len(g), i+6)], "\n"), strings.Join(w[from:min(len(w), i+6)], "\n"))
}
