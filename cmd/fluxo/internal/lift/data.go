package lift

// Which types are data, and which hold handles.

import (
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// kindOf says what a variable of type t is to the laws. A handle that outlives
// requests looks like any other here; the lift raises it to Identity where it
// knows its origin.
func (p *Package) kindOf(t types.Type) graph.VarKind {
	switch {
	case isError(t):
		return graph.Error
	case isContext(t):
		return graph.Context
	case isFunc(t):
		return graph.Func
	case p.Values.Of(t).Handle || isBuilder(t):
		return graph.Handle
	}
	return graph.Data
}

var errorType = types.Universe.Lookup("error").Type()

func isError(t types.Type) bool { return t != nil && types.Identical(t, errorType) }

func isContext(t types.Type) bool { return isNamed(t, "context", "Context") }

// isBuilder reports whether t is or holds a strings.Builder, which panics when a
// copy of it is used.
func isBuilder(t types.Type) bool {
	if s, ok := t.Underlying().(*types.Struct); ok && !isNamed(t, "strings", "Builder") {
		for f := range s.Fields() {
			if isBuilder(f.Type()) {
				return true
			}
		}
	}
	return isNamed(t, "strings", "Builder")
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// isNamed reports whether t is the type path.name.
func isNamed(t types.Type, path, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}

// refersTo reports whether a value of type t can share memory that somebody
// changes: an error is formatted and tested, a context is passed on.
func refersTo(t types.Type) bool {
	if t == nil || isError(t) {
		return false
	}
	return refers(t, map[types.Type]bool{})
}

func refers(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] || isContext(t) {
		return false
	}
	seen[t] = true
	isInstant := isNamed(t, "time", "Time") // it shares its zone, which nobody can change
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer
	case *types.Array:
		return refers(t.Elem(), seen)
	case *types.Struct:
		if isInstant {
			return false
		}
		for i := range t.NumFields() {
			if refers(t.Field(i).Type(), seen) {
				return true
			}
		}
		return false
	case *types.Tuple:
		for i := range t.Len() {
			if refersTo(t.At(i).Type()) {
				return true
			}
		}
		return false
	}
	return true
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

func isInterface(t types.Type) bool {
	_, ok := t.Underlying().(*types.Interface)
	return ok
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}
