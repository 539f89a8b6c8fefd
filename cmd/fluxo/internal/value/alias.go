package value

// Whether two parts of one value of a type can share memory. Where they cannot,
// emitted code need not remember what it has seen.

import "go/types"

// A reference is one way in which values of a type lead to memory.
type reference struct {
	to    types.Type // of what lies there; of the map itself for a map
	slice bool       // an array of those
	isMap bool
	many  bool // one value may have several of these
}

// mayAlias reports whether two references of one value of type t, or one and
// the value itself, can lead to overlapping memory.
func mayAlias(t types.Type) bool {
	c := refCollector{open: map[types.Type]bool{}}
	c.add(t, false)
	if c.recursive {
		return true
	}
	all := append(c.refs, reference{to: t})
	for i, a := range all {
		if a.many {
			return true
		}
		for _, b := range all[i+1:] {
			if overlap(a, b) {
				return true
			}
		}
	}
	return false
}

type refCollector struct {
	refs      []reference
	open      map[types.Type]bool // named types being looked at
	recursive bool
}

func (c *refCollector) add(t types.Type, many bool) {
	t = types.Unalias(t)
	if _, ok := shippedOf(t); ok {
		return
	}
	if n, ok := t.(*types.Named); ok {
		if c.open[n] {
			c.recursive = true
			return
		}
		c.open[n] = true
		defer delete(c.open, n)
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer:
		c.refs = append(c.refs, reference{to: u.Elem(), many: many})
		c.add(u.Elem(), many)
	case *types.Slice:
		c.refs = append(c.refs, reference{to: u.Elem(), slice: true, many: many})
		c.add(u.Elem(), true)
	case *types.Map:
		c.refs = append(c.refs, reference{to: u, isMap: true, many: many})
		c.add(u.Elem(), true)
	case *types.Array:
		c.add(u.Elem(), many || u.Len() > 1)
	case *types.Struct:
		for f := range u.Fields() {
			c.add(f.Type(), many)
		}
	}
}

func overlap(a, b reference) bool {
	switch {
	case a.isMap || b.isMap:
		return a.isMap && b.isMap && types.Identical(a.to, b.to)
	case a.slice && b.slice:
		return sameLayout(a.to, b.to) || holdsArray(a.to, b.to) || holdsArray(b.to, a.to)
	case a.slice:
		return holds(a.to, b.to) || holdsArray(b.to, a.to)
	case b.slice:
		return holds(b.to, a.to) || holdsArray(a.to, b.to)
	}
	return holds(a.to, b.to) || holds(b.to, a.to)
}

// sameLayout: pointers to types of one underlying type convert into each other.
func sameLayout(a, b types.Type) bool {
	return types.IdenticalIgnoreTags(a.Underlying(), b.Underlying())
}

// holds reports whether part stands inside whole without a reference between.
func holds(whole, part types.Type) bool {
	if sameLayout(whole, part) {
		return true
	}
	switch u := whole.Underlying().(type) {
	case *types.Array:
		return holds(u.Elem(), part)
	case *types.Struct:
		for f := range u.Fields() {
			if holds(f.Type(), part) {
				return true
			}
		}
	}
	return false
}

// holdsArray reports whether an array of elem stands inside whole without a reference between.
func holdsArray(whole, elem types.Type) bool {
	switch u := whole.Underlying().(type) {
	case *types.Array:
		return sameLayout(u.Elem(), elem) || holdsArray(u.Elem(), elem)
	case *types.Struct:
		for f := range u.Fields() {
			if holdsArray(f.Type(), elem) {
				return true
			}
		}
	}
	return false
}
