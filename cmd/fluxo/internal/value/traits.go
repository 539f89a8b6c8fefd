package value

// What can be done with the values of a type, and what stands in the way.

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// An Env says from where types are looked at.
type Env struct {
	// Pkg is the package that emitted code stands in.
	Pkg *types.Package
	// Own reports whether a package is the service's own source, whose types
	// Fluxo may look into; nil: none but Pkg.
	Own func(*types.Package) bool
	// HasCodec reports whether the program declares a fluxo.Codec of t; nil: none.
	HasCodec func(t types.Type) bool

	traits  typeutil.Map // types.Type → *Traits
	mirrors typeutil.Map // types.Type → *types.Named
	made    map[*types.Named]bool
	renamed map[*types.TypeName]types.Type
}

// Traits is what is known of a type.
type Traits struct {
	// Why is empty for plain data. Otherwise it says which part of the type is
	// none, and the smallest mend where there is one.
	Why string
	// Handle reports whether the type is, or holds, a function, a channel, a lock or
	// an interface of behaviour. A type can be no handle and still have a Why:
	// its fields are hidden and it has no codec.
	Handle bool

	dynamic bool // holds an interface or a type parameter: the content may turn out to be no data
	coded   bool // holds a type with a codec, which may refuse a value
	nan     bool // holds a map whose keys may be NaN
	deep    bool // assignment does not copy it
	memory  bool // leads to memory that could be changed
	strings bool // holds strings
}

// IsFlat reports whether a t leads to no memory that could be changed once it is set.
func (e *Env) IsFlat(t types.Type) bool {
	r := e.Of(t)
	return r.Why == "" && !r.memory
}

// IsData reports whether values of t have keys and copies.
func (e *Env) IsData(t types.Type) bool { return e.Of(t).Why == "" }

// A part is a type inside another, and the way there.
type part struct {
	typ  types.Type
	path string
}

// Of returns the traits of t: those of everything inside it together. The way
// to the first obstacle is the shortest one.
func (e *Env) Of(t types.Type) Traits {
	if found, ok := e.traits.At(t).(*Traits); ok {
		return *found
	}
	var (
		r    Traits
		seen typeutil.Map
	)
	for queue := []part{{typ: t}}; len(queue) > 0 && !r.Handle; queue = queue[1:] {
		p := queue[0]
		if seen.Set(p.typ, true) != nil {
			continue
		}
		own, inside := e.look(types.Unalias(p.typ))
		r.merge(own, p.path)
		for _, in := range inside {
			queue = append(queue, part{in.typ, p.path + in.path + ": "})
		}
	}
	e.traits.Set(t, &r)
	return r
}

func (r *Traits) merge(own Traits, path string) {
	if own.Why != "" && (r.Why == "" || own.Handle) {
		r.Why, r.Handle = path+own.Why, own.Handle
	}
	r.dynamic = r.dynamic || own.dynamic
	r.coded = r.coded || own.coded
	r.nan = r.nan || own.nan
	r.deep = r.deep || own.deep
	r.memory = r.memory || own.memory
	r.strings = r.strings || own.strings
}

// look returns what t is by itself, and the types inside it.
func (e *Env) look(t types.Type) (Traits, []part) {
	if s, ok := shippedOf(t); ok {
		return Traits{deep: s.deep != "", memory: s.memory}, nil
	}
	if isLock(t) {
		return handle(t, "a lock"), nil
	}
	if e.coded(t) {
		return Traits{coded: true, deep: true, memory: true}, nil
	}
	if _, ok := t.(*types.TypeParam); ok {
		return Traits{dynamic: true, deep: true, memory: true}, nil
	}
	own := Traits{Why: e.unnamed(t)}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Kind() == types.UnsafePointer {
			return handle(t, "an unsafe pointer"), nil
		}
		own.strings = u.Info()&types.IsString != 0
		return own, nil
	case *types.Pointer:
		own.deep, own.memory = true, true
		return own, []part{{u.Elem(), "what it points to"}}
	case *types.Slice:
		own.deep, own.memory = true, true
		return own, []part{{u.Elem(), "an element"}}
	case *types.Array:
		return own, []part{{u.Elem(), "an element"}}
	case *types.Map:
		own.deep, own.memory = true, true
		own.nan = holdsFloat(u.Key())
		if own.Why == "" && holdsReference(u.Key()) {
			own.Why = fmt.Sprintf("the keys of %s are told apart by identity, not by content", nameOf(t))
		}
		return own, []part{{u.Key(), "its key"}, {u.Elem(), "its value"}}
	case *types.Struct:
		return e.lookStruct(t, u, own)
	case *types.Interface:
		return e.lookInterface(t, u, own), nil
	case *types.Signature:
		return handle(t, "a function"), nil
	case *types.Chan:
		return handle(t, "a channel"), nil
	}
	return handle(t, "no data"), nil
}

func (e *Env) lookStruct(t types.Type, s *types.Struct, own Traits) (Traits, []part) {
	var inside []part
	for f := range s.Fields() {
		if f.Name() == "_" {
			continue
		}
		inside = append(inside, part{e.fieldType(f), "field " + f.Name()})
	}
	if own.Why == "" && e.hides(s) && (len(freeParams(t)) > 0 || !e.mayMirror(s) && !isFlat(t)) {
		own.Why = nameOf(t) + " hides its fields" + e.mend(t)
	}
	return own, inside
}

// lookInterface: an interface is data by its dynamic content if nothing can be
// done with it but look what it holds: any, error, and sealed interfaces,
// which stand for a choice of the package's own types.
func (e *Env) lookInterface(t types.Type, i *types.Interface, own Traits) Traits {
	own.dynamic, own.deep, own.memory = true, true, true
	if i.NumMethods() == 0 || types.Identical(t, types.Universe.Lookup("error").Type()) {
		return own
	}
	for m := range i.Methods() {
		if !m.Exported() && e.owns(m.Pkg()) {
			return own
		}
	}
	return handle(t, "an interface of behaviour")
}

func handle(t types.Type, what string) Traits {
	return Traits{Why: fmt.Sprintf("%s is %s", nameOf(t), what), Handle: true}
}

func nameOf(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string { return p.Name() })
}
