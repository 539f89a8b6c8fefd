package effect

// Where directives stand. Those on functions, methods and interface methods are
// collected; those that stand anywhere else are reported.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
	"golang.org/x/tools/go/analysis"
)

// A declared is a function with the directives that stand on it.
type declared struct {
	fn    *types.Func
	ident *ast.Ident
	body  *ast.BlockStmt // nil for an interface method
	lines []directive
}

// A placement is every directive of a package, sorted by whom it speaks for.
type placement struct {
	functions []*declared
	program   []directive // sole, assume, observer
}

// A reporter takes diagnostics.
type reporter func(pos, end token.Pos, code diag.Code, what, fix string)

func reporterFor(pass *analysis.Pass) reporter {
	return func(pos, end token.Pos, code diag.Code, what, fix string) {
		diag.Report(pass, pos, end, code, what, fix)
	}
}

// place collects the directives of the package.
func place(files []*ast.File, fset *token.FileSet, info *types.Info, report reporter) *placement {
	p := &placer{fset: fset, info: info, report: report, out: new(placement)}
	for _, f := range files {
		p.file(f)
	}
	return p.out
}

type placer struct {
	fset   *token.FileSet
	info   *types.Info
	report reporter
	out    *placement
	seen   map[*ast.Comment]bool
}

func (p *placer) file(f *ast.File) {
	if !hasDirectives(f) {
		return
	}
	p.seen = map[*ast.Comment]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			p.function(n.Doc, n.Name, n.Body)
		case *ast.InterfaceType:
			for _, m := range n.Methods.List {
				if _, isMethod := m.Type.(*ast.FuncType); isMethod && len(m.Names) == 1 {
					p.function(m.Doc, m.Names[0], nil)
				}
			}
		}
		return true
	})
	for _, g := range f.Comments {
		for _, c := range g.List {
			p.stray(f, g, c)
		}
	}
}

// hasDirectives is a quick look, so that other people's packages cost nothing.
func hasDirectives(f *ast.File) bool {
	for _, g := range f.Comments {
		for _, c := range g.List {
			if _, ok := parseLine(c); ok {
				return true
			}
			if _, ok := looksLike(c); ok {
				return true
			}
		}
	}
	return false
}

func (p *placer) function(doc *ast.CommentGroup, name *ast.Ident, body *ast.BlockStmt) {
	if doc == nil {
		return
	}
	var lines []directive
	for _, c := range doc.List {
		d, ok := parseLine(c)
		if !ok || verbs[d.name.text] == programVerb {
			continue
		}
		p.seen[c] = true
		lines = append(lines, d)
	}
	fn, _ := p.info.Defs[name].(*types.Func)
	if len(lines) == 0 || fn == nil {
		return
	}
	if sig := fn.Signature(); sig.Recv() == nil && (name.Name == "init" || name.Name == "main" && fn.Pkg().Name() == "main") {
		p.report(lines[0].name.pos, lines[0].end, "FX102",
			"a directive stands on func "+name.Name+", which only the Go runtime calls",
			"move the work into a function of its own and put the directive there")
		return
	}
	p.out.functions = append(p.out.functions, &declared{fn, name, body, lines})
}

// stray looks at a comment that no function claimed.
func (p *placer) stray(f *ast.File, g *ast.CommentGroup, c *ast.Comment) {
	if name, ok := looksLike(c); ok {
		p.report(c.Pos(), c.End(), "FX105", "there is a space before fluxo:"+name, "write //fluxo:"+name+" without a space after the slashes")
		return
	}
	d, ok := parseLine(c)
	if !ok || p.seen[c] {
		return
	}
	at := p.around(f, g)
	switch {
	case at.body != "":
		p.report(c.Pos(), d.end, "FX104", prefix+d.name.text+" stands inside the body of "+at.body, "move the line directly above func "+at.body)
	case verbs[d.name.text] == programVerb:
		p.out.program = append(p.out.program, d)
	case at.below != "":
		p.report(c.Pos(), d.end, "FX103", "a blank line or declaration stands between "+prefix+d.name.text+" and func "+at.below, "remove what stands between the directive and func "+at.below)
	default:
		p.report(c.Pos(), d.end, "FX102", prefix+d.name.text+" stands on "+at.on, "move the line directly above the function it speaks for, or remove it")
	}
}

// surroundings says what a comment stands in or above.
type surroundings struct {
	body  string // the function whose body it is inside
	below string // the function that follows, a blank line later
	on    string // anything else, in words
}

func (p *placer) around(f *ast.File, g *ast.CommentGroup) surroundings {
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && fn.Body.Pos() < g.Pos() && g.End() <= fn.Body.End() {
			return surroundings{body: fn.Name.Name}
		}
	}
	for _, d := range f.Decls {
		switch {
		case d.End() <= g.Pos():
			if p.line(d.End()) == p.line(g.Pos()) {
				return surroundings{on: "the end of a line"}
			}
			continue
		case d.Pos() <= g.Pos():
			return surroundings{on: "a part of a declaration that is not a function"}
		}
		return p.above(d, g)
	}
	return surroundings{on: "nothing: no function follows"}
}

// above says what declaration d, the first after the comment, is to it.
func (p *placer) above(d ast.Decl, g *ast.CommentGroup) surroundings {
	if fn, ok := d.(*ast.FuncDecl); ok {
		return surroundings{below: fn.Name.Name}
	}
	gen, _ := d.(*ast.GenDecl)
	if gen == nil || gen.Doc != g {
		return surroundings{on: "nothing: no function follows directly"}
	}
	return surroundings{on: "a " + gen.Tok.String() + " declaration"}
}

func (p *placer) line(pos token.Pos) int { return p.fset.Position(pos).Line }
