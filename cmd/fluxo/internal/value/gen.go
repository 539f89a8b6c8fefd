package value

// The functions that emitted code needs, one set for each type.

import (
	"fmt"
	"go/types"
	"sort"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

const rtPath = "fluxo.dev/fluxo/rt"

// A Gen emits functions for one package. Ask for code with Var and Part, then
// print Decls into a file of the package.
type Gen struct {
	env    *Env
	imp    func(path, name string) string
	funcs  [numStyles]typeutil.Map // types.Type → function name
	names  map[string]bool
	decls  []string
	mirror map[*types.Named]bool // already declared
}

// A style is a kind of emitted function.
type style int

const (
	plainKey style = iota // func(b []byte, v *T) []byte
	walkKey               // func(k *rt.Keyer, v *T)
	save                  // func(c *rt.Copier, v *T): deepens *v, strings too
	load                  // func(c *rt.Copier, v *T): deepens *v, strings are shared
	numStyles
)

var stylePrefix = [numStyles]string{"fluxoKey_", "fluxoWalk_", "fluxoSave_", "fluxoLoad_"}

// NewGen returns a Gen. imp returns the name by which the file that Decls
// goes to refers to an imported package.
func NewGen(env *Env, imp func(path, name string) string) *Gen {
	return &Gen{env: env, imp: imp, names: map[string]bool{}, mirror: map[*types.Named]bool{}}
}

// Code is the code of one variable: function literals for the fields of the same
// names of an engine.Var. Empty where the type has no key or no copy.
type Code struct {
	Key  string // func(b []byte, vars any) ([]byte, bool)
	Save string // func(vars any) (saved any, size int, ok bool)
	Load string // func(vars any, saved any)
	Flat bool   // as engine.Var.Flat
}

// Var returns the code of a variable of type t. access is an addressable
// expression over Local("vars"): Text("$vars.(*fluxoFrame_Page).id").
func (g *Gen) Var(t types.Type, access string) Code {
	r := g.env.Of(t)
	if r.Why != "" {
		return Code{}
	}
	return Code{
		Key:  g.keyLiteral(t, r, access),
		Save: g.saveLiteral(t, r, access),
		Load: g.loadLiteral(t, r, access),
		Flat: !r.memory,
	}
}

// ErrorVar returns the code of a variable of type error, which is kept as it is.
func (g *Gen) ErrorVar(access string) Code {
	rt := g.rt()
	return Code{
		Key:  Text("func($b []byte, $vars any) ([]byte, bool) { return %s.KeyError($b, %s) }", rt, access),
		Save: Text("func($vars any) (any, int, bool) { return %s.SaveError(%s) }", rt, access),
		Load: Text("func($vars, $saved any) { %s = %s.LoadError($saved) }", access, rt),
	}
}

// Part returns an expression of type []byte for expr, of type t, as one part of
// the key of named data; "" if t has no key that is certain to exist. Parts
// that print alike are one part, whatever their types: a reader that takes an
// int and a writer that takes an int64 or the literal mean the same row.
func (g *Gen) Part(t types.Type, expr string) string {
	if basic, ok := t.Underlying().(*types.Basic); ok {
		switch info := basic.Info(); {
		case info&types.IsString != 0:
			return fmt.Sprintf("%s.PartString(string(%s))", g.rt(), expr)
		case info&types.IsUnsigned != 0:
			return fmt.Sprintf("%s.PartUint(uint64(%s))", g.rt(), expr)
		case info&types.IsInteger != 0:
			return fmt.Sprintf("%s.PartInt(int64(%s))", g.rt(), expr)
		}
	}
	r := g.env.Of(t)
	if r.Why != "" || g.walks(t, r) {
		return ""
	}
	if direct := g.scalarKey(t, "nil", expr); direct != "" {
		return direct
	}
	return Text("func($v %s) []byte { return %s(nil, &$v) }(%s)", g.typ(t), g.fn(plainKey, t), expr)
}

// Literal is Part for a literal of the key.
func (g *Gen) Literal(text string) string {
	return fmt.Sprintf("%s.PartString(%q)", g.rt(), text)
}

// Decls returns the declarations that the code returned so far refers to.
func (g *Gen) Decls() string { return strings.Join(g.decls, "\n") }

// walks reports whether the key of a t has to remember which memory it has seen, or may not exist.
func (g *Gen) walks(t types.Type, r Traits) bool {
	return r.dynamic || r.coded || r.nan || r.memory && mayAlias(t)
}

func (g *Gen) rt() string { return g.imp(rtPath, "fluxort") }

func (g *Gen) typ(t types.Type) string {
	return types.TypeString(g.env.outside(t), func(p *types.Package) string {
		if p.Path() == g.env.Pkg.Path() {
			return ""
		}
		return g.imp(p.Path(), p.Name())
	})
}

// fn returns the name of the function of a style for t and sees that it is declared.
func (g *Gen) fn(s style, t types.Type) string {
	params := freeParams(t)
	if name, ok := g.funcs[s].At(t).(string); ok {
		return name + paramUse(params)
	}
	base := stylePrefix[s] + identifier(types.TypeString(t, func(p *types.Package) string {
		if p == g.env.Pkg {
			return ""
		}
		return p.Name()
	}))
	name := base
	for n := 2; g.names[name] || g.env.Pkg.Scope().Lookup(name) != nil; n++ {
		name = fmt.Sprintf("%s_%d", base, n)
	}
	g.names[name] = true
	g.funcs[s].Set(t, name)

	at := len(g.decls)
	g.decls = append(g.decls, "") // callers before what they call
	g.declareMirror(t)
	decl := "func " + name + g.paramDecl(params)
	switch s {
	case plainKey:
		decl += Text("($b []byte, $v *%s) []byte {\n%s\treturn $b\n}\n", g.typ(t), g.keyBody(t, s))
	case walkKey:
		decl += Text("($k *%s.Keyer, $v *%s) {\n%s}\n", g.rt(), g.typ(t), g.keyBody(t, s))
	default:
		decl += Text("($c *%s.Copier, $v *%s) {\n%s}\n", g.rt(), g.typ(t), g.copyBody(t, s))
	}
	g.decls[at] = decl
	return name + paramUse(params)
}

// declareMirror declares t if it is a mirror of a type with hidden fields.
func (g *Gen) declareMirror(t types.Type) {
	n, ok := t.(*types.Named)
	if !ok || g.mirror[n] || !g.env.isMirror(n) {
		return
	}
	g.mirror[n] = true
	g.decls = append(g.decls, fmt.Sprintf("// %s has the layout of a type whose fields this package cannot name.\ntype %s %s\n",
		n.Obj().Name(), n.Obj().Name(), g.typ(n.Underlying())))
	for f := range n.Underlying().(*types.Struct).Fields() {
		g.declareMirrors(f.Type())
	}
}

// declareMirrors declares the mirrors that t refers to.
func (g *Gen) declareMirrors(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		g.declareMirror(t)
	case *types.Pointer:
		g.declareMirrors(t.Elem())
	case *types.Slice:
		g.declareMirrors(t.Elem())
	case *types.Array:
		g.declareMirrors(t.Elem())
	}
}

// A field is one field of a struct, as emitted code reaches it from v.
type field struct {
	typ    types.Type
	access string
}

// fields returns the fields of struct type t, and a statement to stand before the first use.
func (g *Gen) fields(t types.Type) (fields []field, prelude string) {
	s := t.Underlying().(*types.Struct)
	v, names := Local("v"), func(i int) string { return s.Field(i).Name() }
	if g.env.hides(s) {
		m := g.env.mirror(t)
		g.declareMirror(m)
		prelude = Text("\t$m := (*%s)(%s.Pointer($v))\n", g.typ(m), g.imp("unsafe", "unsafe"))
		s = m.Underlying().(*types.Struct)
		v = Local("m")
	}
	for i := range s.NumFields() {
		f := s.Field(i)
		if f.Name() == "_" {
			continue
		}
		access, typ := v+"."+names(i), g.env.fieldType(f)
		if !types.Identical(typ, f.Type()) {
			g.declareMirrors(typ)
			access = fmt.Sprintf("(*(*%s)(%s.Pointer(&%s)))", g.typ(typ), g.imp("unsafe", "unsafe"), access)
		}
		fields = append(fields, field{typ, access})
	}
	return fields, prelude
}

// freeParams returns the type parameters that t mentions, in order.
func freeParams(t types.Type) []*types.TypeParam {
	seen := map[*types.TypeParam]bool{}
	collectParams(t, seen, map[types.Type]bool{})
	var list []*types.TypeParam
	for p := range seen {
		list = append(list, p)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Index() < list[j].Index() })
	return list
}

func collectParams(t types.Type, into map[*types.TypeParam]bool, open map[types.Type]bool) {
	if open[t] {
		return
	}
	open[t] = true
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		if !into[t] {
			into[t] = true
			collectParams(t.Constraint(), into, open)
		}
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			collectParams(arg, into, open)
		}
	case interface{ Elem() types.Type }: // pointer, slice, array, map
		collectParams(t.Elem(), into, open)
		if m, ok := t.(*types.Map); ok {
			collectParams(m.Key(), into, open)
		}
	case *types.Struct:
		for f := range t.Fields() {
			collectParams(f.Type(), into, open)
		}
	case *types.Interface:
		for e := range t.EmbeddedTypes() {
			collectParams(e, into, open)
		}
	case *types.Union:
		for term := range t.Terms() {
			collectParams(term.Type(), into, open)
		}
	}
}

func (g *Gen) paramDecl(params []*types.TypeParam) string {
	if len(params) == 0 {
		return ""
	}
	var list []string
	for _, p := range params {
		list = append(list, p.Obj().Name()+" "+g.typ(p.Constraint()))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func paramUse(params []*types.TypeParam) string {
	if len(params) == 0 {
		return ""
	}
	var list []string
	for _, p := range params {
		list = append(list, p.Obj().Name())
	}
	return "[" + strings.Join(list, ", ") + "]"
}
