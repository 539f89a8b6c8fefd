package lift

// Which memory an edit can change, by its type: a slice of views that holds
// pointers to products shares memory with the products, but an assignment to
// one of its elements changes a view, and no product is one.

import (
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// A cells is the memory that a value leads to, by type.
type cells struct {
	pointed typeutil.Map // what pointers point to
	elems   typeutil.Map // the elements of slices, and maps
	any     bool         // an interface or a function: it may lead to anything
}

// cellsOf returns the memory that a value of type t leads to.
func cellsOf(t types.Type) *cells {
	c := &cells{}
	c.value(t, map[types.Type]bool{})
	return c
}

// cell is memory of one type, the elements of a slice, a map, or what a pointer points to.
func cell(t types.Type) *cells {
	c := &cells{}
	c.elems.Set(t, true)
	return c
}

// value adds what a value of type t leads to.
func (c *cells) value(t types.Type, seen map[types.Type]bool) {
	if t == nil || seen[t] || !refersTo(t) {
		return
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		c.pointed.Set(u.Elem(), true)
		c.value(u.Elem(), seen)
	case *types.Slice:
		c.elems.Set(u.Elem(), true)
		c.value(u.Elem(), seen)
	case *types.Map:
		c.elems.Set(u, true)
		c.value(u.Key(), seen)
		c.value(u.Elem(), seen)
	case *types.Array:
		c.value(u.Elem(), seen)
	case *types.Struct:
		for f := range u.Fields() {
			c.value(f.Type(), seen)
		}
	case *types.Tuple:
		for v := range u.Variables() {
			c.value(v.Type(), seen)
		}
	case *types.Basic:
		c.any = c.any || u.Kind() == types.UnsafePointer
	default:
		c.any = true
	}
}

// changedBy reports whether memory of d, when it is changed, may be memory of c:
// one holds the other. A slice has memory of its own unless it is cut from an array.
func (c *cells) changedBy(d *cells) bool {
	if c.any || d.any {
		return true
	}
	for _, changed := range append(d.pointed.Keys(), d.elems.Keys()...) {
		for _, mine := range append(c.pointed.Keys(), c.elems.Keys()...) {
			if holds(mine, changed) {
				return true
			}
		}
		for _, mine := range c.pointed.Keys() {
			if holds(changed, mine) {
				return true
			}
		}
		for _, mine := range c.elems.Keys() {
			if hasArray(changed) && holds(changed, mine) {
				return true
			}
		}
	}
	return false
}

// holds reports whether memory of type t is, or has inside, memory of type u.
func holds(t, u types.Type) bool {
	if types.Identical(t, u) {
		return true
	}
	switch t := t.Underlying().(type) {
	case *types.Array:
		return holds(t.Elem(), u)
	case *types.Struct:
		for f := range t.Fields() {
			if holds(f.Type(), u) {
				return true
			}
		}
	case *types.Map:
		return types.Identical(t, u.Underlying())
	}
	return false
}

func hasArray(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Array:
		return true
	case *types.Struct:
		for f := range t.Fields() {
			if hasArray(f.Type()) {
				return true
			}
		}
	}
	return false
}
