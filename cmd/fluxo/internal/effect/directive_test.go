package effect

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"fluxo.dev/fluxo/graph"
)

// analyse runs the pass on one file that imports nothing.
func analyse(t testing.TB, src string) (*Result, *ast.File, []analysis.Diagnostic) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "a.go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{}}
	pkg, err := new(types.Config).Check("example.com/a", fset, []*ast.File{f}, info)
	if err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	var found []analysis.Diagnostic
	pass := &analysis.Pass{Analyzer: Analyzer, Fset: fset, Files: []*ast.File{f}, Pkg: pkg, TypesInfo: info,
		Report:            func(d analysis.Diagnostic) { found = append(found, d) },
		ExportObjectFact:  func(types.Object, analysis.Fact) {},
		ImportObjectFact:  func(types.Object, analysis.Fact) bool { return false },
		ExportPackageFact: func(analysis.Fact) {},
		AllPackageFacts:   func() []analysis.PackageFact { return nil },
		AllObjectFacts:    func() []analysis.ObjectFact { return nil },
	}
	r, err := run(pass)
	if err != nil {
		t.Fatal(err)
	}
	return r.(*Result), f, found
}

// Any text after //fluxo: is either understood or reported at a place inside
// its line.
func FuzzDirective(f *testing.F) {
	for _, seed := range []string{"pure", "reads posts:{id}:x within=1m", "volatile 10m onerror=6h", "get /a/{id}", "effect undo=F", "assume a.B pure", "observer \"x\"", "sole posts", "reads {", "batch", "volatile", "timeout=", "retry 2 // why", ":", "=", "get /{", "reads a:{id.}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\n\r\x00\ufeff") || !isText(line) {
			t.Skip("not a line of a Go file")
		}
		src := "package a\n\n//fluxo:" + line + "\nfunc F(id string) error { return nil }\n"
		start, end := strings.Index(src, "//fluxo:"), strings.Index(src, "\nfunc")
		_, _, found := analyse(t, src)
		for _, d := range found {
			if at := int(d.Pos) - 1; d.Category != "FX301" && d.Category != "FX117" && (at < start || at > end) {
				t.Errorf("%s at %d, not inside %d..%d: %s", d.Category, at, start, end, d.Message)
			}
		}
	})
}

func isText(s string) bool {
	for _, r := range s {
		if r == '\uFFFD' {
			return false
		}
	}
	return true
}

func TestNearest(t *testing.T) {
	for s, want := range map[string]string{"volatil": "volatile", "idempotnet": "idempotent", "raeds": "reads", "gte": "get", "GET": "get", "xyz": "", "quantum": ""} {
		if got := nearest(s, append(keys(verbs), keys(words)...)); got != want {
			t.Errorf("nearest(%q) = %q, want %q", s, got, want)
		}
	}
}

// Where a word that permits goes with a class, graphs have both together.
func TestWordsFitTheGraph(t *testing.T) {
	arguments := map[string]string{"reads": " posts:{id}", "writes": " posts:{id}", "volatile": " 1h"}
	for name, w := range words {
		if w.acts || name == "undo" || name == "batch" { // these name functions, and are none of an effect's
			continue
		}
		for _, class := range w.with {
			line := class + arguments[class] + " " + name
			if w.value != "" {
				line += "=" + w.value
			}
			r, f, found := analyse(t, "package a\n\n//fluxo:"+line+"\nfunc F(id string) error { return nil }\n")
			if len(found) > 0 {
				t.Errorf("%s: %s", line, found[0].Message)
			}
			fn := r.pass.TypesInfo.Defs[f.Decls[0].(*ast.FuncDecl).Name].(*types.Func)
			g := &graph.Graph{Flow: "a.G", Body: &graph.Block{Nodes: []*graph.Node{
				{ID: "F", Kind: graph.Step, Callee: "a.F", Effects: r.Of(fn).Effects},
				{ID: "return", Kind: graph.ResultNode, Exits: graph.Return},
			}}}
			if err := graph.Check(g); err != nil {
				t.Errorf("%s: %v", line, err)
			}
			if again, err := graph.Parse(g.String()); err != nil || again.String() != g.String() {
				t.Errorf("%s: %v\n%s", line, err, g)
			}
		}
	}
}

// A body whose pointers cannot be followed within bounds counts as unknown, and
// soon.
func TestTangledBodies(t *testing.T) {
	const n = 300
	var b strings.Builder
	b.WriteString("package a\n\ntype T struct{ next *T }\n\nfunc F(p *T) *T {\n")
	for i := range n {
		fmt.Fprintf(&b, "\tvar v%d T\n", i)
	}
	for i := range n {
		fmt.Fprintf(&b, "\tv%d.next = &v%d\n\tv%d.next = v%d.next.next\n", i, (i+1)%n, (i*7)%n, (i*31)%n)
	}
	b.WriteString("\treturn v0.next\n}\n")
	r, f, _ := analyse(t, b.String())
	fn := r.pass.TypesInfo.Defs[f.Decls[1].(*ast.FuncDecl).Name].(*types.Func)
	if s := r.Of(fn); s.IsPure() || len(s.Edits) != 1 || !strings.Contains(s.Why, "tangled") {
		t.Errorf("F is %v", s)
	}
}

func TestLook(t *testing.T) {
	r, f, _ := analyse(t, `package a

var hits int

func F(xs []int, f func(int) int) {
	total, out := 0, []int{}
	for _, x := range xs {
		total += f(x)
		out = append(out, x)
		xs[0] = x
	}
	func() { hits++ }()
	_, _ = total, out
}
`)
	body := f.Decls[1].(*ast.FuncDecl).Body
	names := func(vars []*types.Var) string {
		var all []string
		for _, v := range vars {
			all = append(all, v.Name())
		}
		return strings.Join(all, " ")
	}
	loop := r.Look(body.List[1])
	if got := names(loop.Edits); got != "xs total out" || names(loop.Calls) != "f" || !loop.IsPure() || !loop.Panics {
		t.Errorf("the loop edits %s, calls %s, %+v", got, names(loop.Calls), loop)
	}
	if lit := r.Look(body.List[2]); lit.IsPure() || !strings.Contains(lit.Why, "hits") {
		t.Errorf("the literal: %+v", lit)
	}
}
