package effect

// What kind of value a type holds: data, or a handle.

import "go/types"

// Receiver stands for the receiver in lists of parameters, and Shared for
// memory that outlives the call, such as the content of a package variable.
const (
	Receiver = -1
	Shared   = -2
)

// IsHandle reports whether values of type t are handles: functions, channels,
// locks, interfaces of non-data content, and types that hold them. Errors,
// and any other interface without methods, are data as far as the type tells.
func IsHandle(t types.Type) bool { return isHandle(t, map[types.Type]bool{}) }

func isHandle(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if named, ok := types.Unalias(t).(*types.Named); ok {
		if pkg := named.Obj().Pkg(); pkg != nil && dataTypes[pkg.Path()+"."+named.Obj().Name()] {
			return false
		}
		if pkg := named.Obj().Pkg(); pkg != nil && (pkg.Path() == "sync" || pkg.Path() == "sync/atomic") {
			return true
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Signature, *types.Chan:
		return true
	case *types.Interface:
		return !isError(t) && u.NumMethods() > 0
	case *types.Pointer:
		return isHandle(u.Elem(), seen)
	case *types.Slice:
		return isHandle(u.Elem(), seen)
	case *types.Array:
		return isHandle(u.Elem(), seen)
	case *types.Map:
		return isHandle(u.Key(), seen) || isHandle(u.Elem(), seen)
	case *types.Struct:
		for i := range u.NumFields() {
			if isHandle(u.Field(i).Type(), seen) {
				return true
			}
		}
	}
	return false
}

// dataTypes are types with unexported fields of other kinds that are data by
// what they mean.
var dataTypes = map[string]bool{
	"time.Time": true, "time.Location": true, "math/big.Int": true, "math/big.Rat": true, "math/big.Float": true,
	"net/url.URL": true, "net/netip.Addr": true, "net/netip.Prefix": true, "net/netip.AddrPort": true, "regexp.Regexp": true,
}

// hasPointers reports whether values of type t can share memory that can be
// changed. Strings cannot: nobody changes their bytes.
func hasPointers(t types.Type) bool { return pointers(t, map[types.Type]bool{}) }

func pointers(t types.Type, seen map[types.Type]bool) bool {
	if t == nil || seen[t] {
		return false
	}
	seen[t] = true
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Kind() == types.UnsafePointer
	case *types.Array:
		return pointers(u.Elem(), seen)
	case *types.Struct:
		if typeIs(t, "time", "Time") {
			return false
		}
		for i := range u.NumFields() {
			if pointers(u.Field(i).Type(), seen) {
				return true
			}
		}
		return false
	case *types.Tuple:
		for i := range u.Len() {
			if pointers(u.At(i).Type(), seen) {
				return true
			}
		}
		return false
	}
	return true
}

// hasInnerPointers reports whether memory that a value of type t points to can
// hold pointers itself.
func hasInnerPointers(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return hasPointers(u.Elem())
	case *types.Pointer:
		return hasPointers(u.Elem())
	case *types.Map:
		return hasPointers(u.Key()) || hasPointers(u.Elem())
	}
	return true
}

// typeIs reports whether t, or what it points to, is the named type.
func typeIs(t types.Type, pkg, name string) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == name && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == pkg
}

func isContext(t types.Type) bool { return typeIs(t, "context", "Context") }

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}
