package lockstep

// The source of a difference made smaller: flows that it does not need, then statement by
// statement.

import (
	"bytes"
	"context"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"slices"

	"fluxo.dev/fluxo/internal/lockstep/harness"
)

// maxBuilds bounds how often a smaller source is built to see whether the difference
// stays.
const maxBuilds = 60

// smallerSource leaves out flows and statements of k's source. What does not build, or
// makes no difference any more, stays as it was.
func smallerSource(ctx context.Context, o Options, k *Kept) {
	builds := 0
	try := func(flows string) bool {
		if builds++; builds > maxBuilds || flows == k.Files["flows.go"] {
			return false
		}
		dir, err := os.MkdirTemp("", "lockstep-smaller-")
		if err != nil {
			return false
		}
		defer os.RemoveAll(dir)
		own := o
		own.Dir = dir
		files := map[string]string{"flows.go": flows, "steps.go": k.Files["steps.go"]}
		p, err := buildFiles(ctx, own, map[string]map[string]string{k.Case.Package: files})
		if err != nil {
			return false
		}
		left, ok := p.differs(ctx, k.Case)
		if ok {
			k.Files, k.Left = files, left
		}
		return ok
	}
	if text, ok := onlyNeeded(k.Files["flows.go"], k.Case); ok {
		try(text)
	}
	for n := 0; builds <= maxBuilds; {
		text, ok := withoutStatement(k.Files["flows.go"], n)
		if !ok {
			break
		}
		if !try(text) {
			n++ // the next statement has the same number where this one is gone
		}
	}
}

// onlyNeeded leaves out the flows that a case does not call, and their lines in the table.
func onlyNeeded(src string, c harness.Case) (string, bool) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "flows.go", src, parser.ParseComments)
	if err != nil {
		return "", false
	}
	bodies := map[string]*ast.FuncDecl{}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			bodies[fn.Name.Name] = fn
		}
	}
	needed := map[string]bool{}
	var need func(name string)
	need = func(name string) {
		if needed[name] {
			return
		}
		needed[name] = true
		if fn := bodies[name]; fn != nil {
			ast.Inspect(fn, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && bodies[id.Name] != nil {
					need(id.Name)
				}
				return true
			})
		}
	}
	for _, r := range c.Requests {
		need(r.Flow)
	}
	var cuts [][2]token.Pos
	for name, fn := range bodies {
		if !needed[name] {
			from := fn.Pos()
			if fn.Doc != nil {
				from = fn.Doc.Pos()
			}
			cuts = append(cuts, [2]token.Pos{from, fn.End()})
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if kv, ok := n.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.BasicLit); ok && bodies[trimQuotes(key.Value)] != nil && !needed[trimQuotes(key.Value)] {
				cuts = append(cuts, [2]token.Pos{kv.Pos(), kv.End() + 1}) // and the comma
			}
		}
		return true
	})
	return cut(fset, src, cuts)
}

func trimQuotes(s string) string { return s[1 : len(s)-1] }

// withoutStatement leaves out the nth statement of the flows, counted as they stand, an
// outer one before those in it; false if there are not so many.
func withoutStatement(src string, n int) (string, bool) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "flows.go", src, parser.ParseComments)
	if err != nil {
		return "", false
	}
	var found ast.Stmt
	ast.Inspect(f, func(node ast.Node) bool {
		var list []ast.Stmt
		switch b := node.(type) {
		case *ast.BlockStmt:
			list = b.List
		case *ast.CaseClause:
			list = b.Body
		}
		for _, s := range list {
			if n == 0 && found == nil {
				found = s
			}
			n--
		}
		return true
	})
	if found == nil {
		return "", false
	}
	return cut(fset, src, [][2]token.Pos{{found.Pos(), found.End()}})
}

// cut returns src without parts that do not overlap.
func cut(fset *token.FileSet, src string, parts [][2]token.Pos) (string, bool) {
	slices.SortFunc(parts, func(a, b [2]token.Pos) int { return int(b[0] - a[0]) })
	text := []byte(src)
	for _, p := range parts {
		from, to := fset.Position(p[0]).Offset, fset.Position(p[1]).Offset
		text = slices.Concat(text[:from], text[to:])
	}
	text, err := format.Source(text)
	if err != nil {
		return "", false
	}
	return string(bytes.TrimSpace(text)) + "\n", true
}
