package effect

// Package variables that share memory: what is written through one of them is read
// through another.

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// An access is a write through what a package variable holds, to a field where that
// is known.
type access struct{ through, field *types.Var }

// sharing is what is known of the memory that package variables lead to.
type sharing struct {
	holds   map[*types.Var]map[*types.Var]bool // memory of which others
	written map[access]change
}

func newSharing() sharing {
	return sharing{map[*types.Var]map[*types.Var]bool{}, map[access]change{}}
}

func (s sharing) hold(v, w *types.Var) {
	if v == w {
		return
	}
	if s.holds[v] == nil {
		s.holds[v] = map[*types.Var]bool{}
	}
	s.holds[v][w] = true
}

// reaches is v and all that it leads to.
func (s sharing) reaches(v *types.Var) map[*types.Var]bool {
	all, next := map[*types.Var]bool{v: true}, []*types.Var{v}
	for len(next) > 0 {
		v, next = next[0], next[1:]
		for w := range s.holds[v] {
			if !all[w] {
				all[w] = true
				next = append(next, w)
			}
		}
	}
	return all
}

// holds notes that package variable v is given the values. Memory that was made in
// this call, or passed to it, is shared by all that are given it.
func (b *body) holds(v *types.Var, values set) {
	for _, r := range b.reach(values) {
		switch r.kind {
		case global:
			b.sharing.hold(v, r.id.(*types.Var))
		case param:
			b.found.gives(r.id.(int), v)
			b.given(v, r)
		case localVar, alloc:
			b.given(v, r)
		}
	}
}

func (b *body) given(v *types.Var, r region) {
	for _, w := range b.holders[r] {
		b.sharing.hold(v, w)
		b.sharing.hold(w, v)
	}
	if !slices.Contains(b.holders[r], v) {
		b.holders[r] = append(b.holders[r], v)
	}
}

// passes notes what a callee of this package does with package variables: it stores its
// arguments in some, and returns what others hold.
func (b *body) passes(fn *types.Func, arg func(int) set) (returned set) {
	f := b.funcs[fn]
	if f == nil {
		return nil
	}
	for i, list := range f.found.keeps {
		for v := range list {
			b.holds(v, arg(i))
		}
	}
	for v := range f.found.handed {
		returned = returned.with(region{global, v})
	}
	return returned
}

// hands notes that the function gives away what the region stands for.
func (f *finding) hands(r region) {
	if v, ok := r.id.(*types.Var); ok && r.kind == global {
		f.handed[v] = true
	}
}

// gives notes that the function stores parameter i in package variable v.
func (f *finding) gives(i int, v *types.Var) {
	if f.keeps[i] == nil {
		f.keeps[i] = map[*types.Var]bool{}
	}
	f.keeps[i][v] = true
}

// isStorage reports whether e stands for a part of a package variable itself, no
// pointer followed.
func (b *body) isStorage(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := b.info.ObjectOf(e).(*types.Var)
		return ok && isPackageLevel(v)
	case *ast.SelectorExpr:
		if b.info.Selections[e] == nil {
			return b.isStorage(e.Sel)
		}
		return !b.info.Selections[e].Indirect() && b.isStorage(e.X)
	case *ast.IndexExpr:
		_, isArray := b.typeOf(e.X).Underlying().(*types.Array)
		return isArray && b.isStorage(e.X)
	}
	return false
}

// writtenThrough notes a change of what package variable v leads to. What other
// people's code does with a handle stays inside the handle.
func (b *body) writtenThrough(v *types.Var, pos token.Pos, sure, inMain bool) {
	if b.stored.storage || b.foreign && IsHandle(v.Type()) || isTest(b.fset, pos) {
		return
	}
	a := access{v, b.stored.field}
	b.sharing.written[a] = b.sharing.written[a].and(b.where(pos), inMain)
	for w := range b.sharing.reaches(v) {
		if w.Pkg() != b.pkg && sure && !inMain {
			b.r.assigns(w, b.r.place(pos))
		}
	}
}

// sharedChanges says where memory changes that v shares with other package variables;
// "" if nowhere. What a handle leads to is looked at where its fields are read.
func (in *inference) sharedChanges(v *types.Var) string {
	if IsHandle(v.Type()) {
		return ""
	}
	var found []string
	reach := in.sharing.reaches(v)
	for w := range reach {
		if w != v {
			found = append(found, in.storageChanges(w))
		}
	}
	for a, c := range in.sharing.written {
		if a.through == v || c.inMain {
			continue
		}
		for w := range in.sharing.reaches(a.through) {
			if reach[w] && (a.field == nil || holdsField(w.Type(), a.field)) {
				found = append(found, c.where)
			}
		}
	}
	return first(found)
}

// first is the least of those that are not empty, "" if all are.
func first(found []string) string {
	least := ""
	for _, where := range found {
		if where != "" && (least == "" || where < least) {
			least = where
		}
	}
	return least
}

// pointeeChanges says where a package variable changes that field f points to in a
// value which the regions lead to; "" if nowhere.
func (in *inference) pointeeChanges(f *types.Var, x set) string {
	var found []string
	for _, r := range x {
		v, ok := r.id.(*types.Var)
		if !ok || r.kind != global {
			continue
		}
		for w := range in.sharing.reaches(v) {
			if p, isPointer := f.Type().Underlying().(*types.Pointer); types.Identical(w.Type(), f.Type()) || isPointer && types.Identical(w.Type(), p.Elem()) {
				found = append(found, in.storageChanges(w))
			}
		}
	}
	return first(found)
}

// behindHandle reports whether package variable v is, or shares memory with, a handle.
func (in *inference) behindHandle(v *types.Var) bool {
	if IsHandle(v.Type()) {
		return true
	}
	for w := range in.sharing.holds {
		if IsHandle(w.Type()) && in.sharing.reaches(w)[v] {
			return true
		}
	}
	return false
}

// holdsField reports whether memory that values of type t lead to may have field f.
func holdsField(t types.Type, f *types.Var) bool {
	return fieldIn(t, f.Origin(), map[types.Type]bool{})
}

func fieldIn(t types.Type, f *types.Var, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.Underlying().(type) {
	case *types.Pointer:
		return fieldIn(t.Elem(), f, seen)
	case *types.Slice:
		return fieldIn(t.Elem(), f, seen)
	case *types.Array:
		return fieldIn(t.Elem(), f, seen)
	case *types.Map:
		return fieldIn(t.Key(), f, seen) || fieldIn(t.Elem(), f, seen)
	case *types.Struct:
		for g := range t.Fields() {
			if g.Origin() == f || fieldIn(g.Type(), f, seen) {
				return true
			}
		}
		return false
	case *types.Interface, *types.TypeParam:
		return true
	}
	return false
}

// ownVars is every package variable of the package that something is known of.
func (in *inference) ownVars() map[*types.Var]bool {
	all := map[*types.Var]bool{}
	for v := range in.vars {
		all[v] = true
	}
	for v := range in.sharing.holds {
		for w := range in.sharing.reaches(v) {
			all[w] = all[w] || w.Pkg() == in.pkg
		}
	}
	maps.DeleteFunc(all, func(_ *types.Var, own bool) bool { return !own })
	return all
}
