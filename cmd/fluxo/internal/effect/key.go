package effect

// Names of data: posts:{id}, checked against the function's parameters.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// dataName is what the name of data looks like. It has no character that
// separates parts.
var dataName = regexp.MustCompile(`^[\pL_][\pL\pN_./-]*$`)

// dataKey reads one name of data.
func (c *claim) dataKey(f field) (graph.DataKey, bool) {
	parts := splitKey(f.text)
	key := graph.DataKey{Name: parts[0]}
	if !dataName.MatchString(key.Name) {
		c.report(f.pos, f.end(), "FX111", f.text+" does not begin with a name", "write a name, then its key: posts:{id}")
		return key, false
	}
	at := f.pos + token.Pos(len(parts[0])+1)
	for _, part := range parts[1:] {
		text, ok := c.keyPart(field{part, at})
		if !ok {
			return graph.DataKey{}, false
		}
		key.Parts = append(key.Parts, text)
		at += token.Pos(len(part) + 1)
	}
	return key, true
}

// splitKey splits at colons outside braces.
func splitKey(s string) []string {
	var parts []string
	depth, start := 0, 0
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ':':
			if depth == 0 {
				parts = append(parts, s[start:i])
				start = i + 1
			}
		}
	}
	return append(parts, s[start:])
}

// keyPart reads one part: {expression}, or a literal.
func (c *claim) keyPart(f field) (string, bool) {
	inner, open := strings.CutPrefix(f.text, "{")
	inner, closed := strings.CutSuffix(inner, "}")
	if open != closed || f.text == "" || !open && strings.ContainsAny(f.text, "{}=") {
		c.report(f.pos, max(f.end(), f.pos+1), "FX111", "the key part "+quote(f.text)+" is neither a literal nor {parameter}", "write a word, or a parameter in braces: {id}")
		return "", false
	}
	if !open {
		return "=" + f.text, true
	}
	expr, err := parser.ParseExpr(inner)
	if err != nil || !isPath(expr) {
		c.report(f.pos, f.end(), "FX111", "{"+inner+"} is not a parameter or a field of one", "name a parameter, {id}, or a field of one, {post.ID}")
		return "", false
	}
	return inner, c.resolves(f, expr)
}

// isPath reports whether e is a name or a field of one.
func isPath(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name != "_"
	case *ast.SelectorExpr:
		return isPath(e.X)
	}
	return false
}

// resolves checks that e names a parameter, and fields that its type has.
func (c *claim) resolves(f field, e ast.Expr) bool {
	t, ok := c.typeOf(f, e)
	if !ok {
		return false
	}
	if IsHandle(t) {
		c.report(f.pos, f.end(), "FX110", f.text+" is of type "+c.typeName(t)+", which is no data and cannot be a key", "name a parameter that is data, or leave the part out to mean all of it")
		return false
	}
	return true
}

func (c *claim) typeOf(f field, e ast.Expr) (types.Type, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		for _, v := range parameters(c.fn.Signature()) {
			if v.Name() == e.Name {
				return v.Type(), true
			}
		}
		c.report(f.pos, f.end(), "FX110", c.ident.Name+" has no parameter "+e.Name, c.parameterFix(e.Name))
	case *ast.SelectorExpr:
		t, ok := c.typeOf(f, e.X)
		if !ok {
			return nil, false
		}
		obj, _, _ := types.LookupFieldOrMethod(t, true, c.fn.Pkg(), e.Sel.Name)
		if v, isField := obj.(*types.Var); isField {
			return v.Type(), true
		}
		c.report(f.pos, f.end(), "FX110", c.typeName(t)+" has no field "+e.Sel.Name, "name one of its fields")
	}
	return nil, false
}

func (c *claim) parameterFix(name string) string {
	var known []string
	for _, v := range parameters(c.fn.Signature()) {
		if v.Name() != "" && v.Name() != "_" && !isContext(v.Type()) {
			known = append(known, v.Name())
		}
	}
	switch near := nearest(name, known); {
	case near != "":
		return "write {" + near + "}"
	case len(known) > 0:
		return "use one of " + strings.Join(known, ", ") + ", or leave the part out to mean all of it"
	}
	return "leave the part out to mean all of it, or name the parameter"
}

// parameters lists the receiver and the parameters.
func parameters(sig *types.Signature) []*types.Var {
	var all []*types.Var
	if sig.Recv() != nil {
		all = append(all, sig.Recv())
	}
	for i := range sig.Params().Len() {
		all = append(all, sig.Params().At(i))
	}
	return all
}

func (c *claim) typeName(t types.Type) string {
	return types.TypeString(t, types.RelativeTo(c.fn.Pkg()))
}

func quote(s string) string { return "\"" + s + "\"" }
