package lift

// Parts: fields of the flow's own structs, as variables by themselves. A call of
// Price(ctx, d.ISBN) reads d.ISBN and nothing else of d, so that what is kept of it is
// found again by the ISBN.
//
// Only values are looked into: behind a pointer, a field may be changed by whoever else has
// the pointer, and following it may panic. Of a variable that pointers point to, and inside a
// function literal, which may be called later, the whole is read. So it is of one with an array
// of which there is a slice.

import (
	"go/ast"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// maxParts bounds the parts of one variable. Those that calls read come first; other fields
// are read as the whole.
const maxParts = 8

// A fieldPath is a selection of a field, or of a field of a field, of a variable.
type fieldPath struct {
	of   types.Object
	path string // as the source has it: "Grid.X"
	typ  types.Type
}

// findParts lists the fields that the function may read for each variable.
func (l *lifter) findParts() map[types.Object][]fieldPath {
	all := map[types.Object][]fieldPath{}
	collect := func(in ast.Node) {
		ast.Inspect(in, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			p, ok := l.fieldPath(sel)
			if !ok {
				return true
			}
			if list := all[p.of]; len(list) < maxParts && !slices.ContainsFunc(list, func(q fieldPath) bool { return q.path == p.path }) {
				all[p.of] = append(list, p)
			}
			return false
		})
	}
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && l.call(c).own() {
			collect(c)
		}
		return true
	})
	collect(l.flow.Decl.Body)
	l.withoutSliced(all)
	return all
}

// withoutSliced leaves out the fields of variables that hold an array of which there is a
// slice: what changes memory behind the slice changes a field.
func (l *lifter) withoutSliced(all map[types.Object][]fieldPath) {
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		if s, ok := n.(*ast.SliceExpr); ok {
			if x := l.addressTaken(s); x != nil {
				delete(all, l.variableOf(x))
			}
		}
		return true
	})
}

// fieldPath reads e as a field of a variable, no pointer followed on the way.
func (l *lifter) fieldPath(e *ast.SelectorExpr) (p fieldPath, ok bool) {
	s := l.info.Selections[e]
	if s == nil || s.Kind() != types.FieldVal || s.Indirect() {
		return p, false
	}
	switch x := ast.Unparen(e.X).(type) {
	case *ast.Ident:
		v, isVar := l.info.Uses[x].(*types.Var)
		if !isVar || v.IsField() || isPackageLevel(v) {
			return p, false
		}
		return fieldPath{v, e.Sel.Name, s.Type()}, true
	case *ast.SelectorExpr:
		p, ok = l.fieldPath(x)
		return fieldPath{p.of, p.path + "." + e.Sel.Name, s.Type()}, ok
	}
	return p, false
}

// addParts makes the parts of a new variable.
func (l *lifter) addParts(v *Var) {
	if v.Object == nil || v.Kind != graph.Data || v.Role == graph.Result || l.addressed[v.Object] {
		return
	}
	for _, p := range l.fields[v.Object] {
		if l.kindOf(p.typ) != graph.Data || !l.Values.IsData(p.typ) || l.unnameable(p.typ, map[types.Type]bool{}) != nil {
			continue
		}
		v.Parts = append(v.Parts, &Var{
			Var: &graph.Var{
				ID: l.varID(string(v.ID) + "." + p.path), Role: v.Role, Type: l.typeString(p.typ), Key: true, Copy: true, Of: v.ID,
			},
			Go: p.typ, In: v.In, Of: v, Path: p.path,
		})
	}
}

// part returns the variable that e, a field of a variable, is; nil if it is none.
func (l *lifter) part(e *ast.SelectorExpr) *Var {
	p, ok := l.fieldPath(e)
	if !ok || l.flow.vars[p.of] == nil {
		return nil
	}
	for _, part := range l.flow.vars[p.of].Parts {
		if part.Path == p.path {
			return part
		}
	}
	return nil
}

// entire leaves out the parts of what is in the list as a whole.
func entire(list []*Var) []*Var {
	return slices.DeleteFunc(slices.Clone(list), func(v *Var) bool { return v.Of != nil && slices.Contains(list, v.Of) })
}

// dropUnread takes out the parts that no node reads by themselves.
func (l *lifter) dropUnread() {
	read := map[graph.VarID]bool{}
	eachNode(l.flow.Graph.Body, func(n *graph.Node) {
		for _, id := range n.In {
			read[id] = true
		}
	})
	unread := map[graph.VarID]bool{}
	for _, s := range l.flow.Scopes {
		for _, v := range s.Vars {
			v.Parts = slices.DeleteFunc(v.Parts, func(p *Var) bool {
				unread[p.ID] = !read[p.ID]
				return unread[p.ID]
			})
		}
	}
	eachNode(l.flow.Graph.Body, func(n *graph.Node) {
		n.Out = slices.DeleteFunc(n.Out, func(id graph.VarID) bool { return unread[id] })
	})
}
