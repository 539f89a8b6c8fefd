package value

// Emitted code for deep copies: a value is assigned, then the copy is deepened.

import (
	"fmt"
	"go/types"
	"strings"
)

// saveLiteral returns the Save of a variable.
func (g *Gen) saveLiteral(t types.Type, r Traits, access string) string {
	saver, deepen := g.rt()+".Saver(d)", ""
	if g.tracks(t, r) {
		saver = fmt.Sprintf("%s.TrackingSaver(d, &%s)", g.rt(), access)
	}
	if g.needs(t, save) {
		deepen = g.fn(save, t) + "(&c, d); "
	}
	return fmt.Sprintf("func(vars any) (any, int, bool) { d := new(%s); *d = %s; c := %s; %sreturn d, c.Size, c.OK() }",
		g.typ(t), access, saver, deepen)
}

// loadLiteral returns the Load of a variable.
func (g *Gen) loadLiteral(t types.Type, r Traits, access string) string {
	if !g.needs(t, load) {
		return fmt.Sprintf("func(vars, saved any) { %s = *saved.(*%s) }", access, g.typ(t))
	}
	loader := g.rt() + ".Loader()"
	if g.tracks(t, r) {
		loader = g.rt() + ".TrackingLoader()"
	}
	return fmt.Sprintf("func(vars, saved any) { d := &%s; *d = *saved.(*%s); c := %s; %s(&c, d) }",
		access, g.typ(t), loader, g.fn(load, t))
}

// tracks reports whether the copy has to remember which memory it has seen.
func (g *Gen) tracks(t types.Type, r Traits) bool { return r.dynamic || r.memory && mayAlias(t) }

// needs reports whether there is anything to deepen in a t.
func (g *Gen) needs(t types.Type, s style) bool {
	r := g.env.Of(t)
	if s == load {
		return r.memory // the rest was dealt with when it was saved
	}
	return r.deep || r.strings
}

// deepen returns the statement that deepens x, an addressable expression; "" if nothing is to do.
func (g *Gen) deepen(t types.Type, s style, x string) string {
	if !g.needs(t, s) {
		return ""
	}
	if known, ok := shippedOf(types.Unalias(t)); ok {
		return fmt.Sprintf("%s.%s(c, &%s)\n", g.rt(), known.deep, x)
	}
	if basic, ok := t.Underlying().(*types.Basic); ok && basic.Info()&types.IsString != 0 {
		if types.Unalias(t) == types.Typ[types.String] {
			return fmt.Sprintf("%s.DeepString(c, &%s)\n", g.rt(), x)
		}
		return fmt.Sprintf("%s.DeepString(c, (*string)(&%s))\n", g.rt(), x)
	}
	return fmt.Sprintf("%s(c, &%s)\n", g.fn(s, t), x)
}

// deepFn returns the function that deepens a t, nil if nothing is to do.
func (g *Gen) deepFn(t types.Type, s style) string {
	if !g.needs(t, s) {
		return "nil"
	}
	return g.fn(s, t)
}

// copyBody returns the statements of a function that deepens *v, a t.
func (g *Gen) copyBody(t types.Type, s style) string {
	rt := g.rt()
	if _, isParam := types.Unalias(t).(*types.TypeParam); isParam {
		return rt + ".DeepAny(c, v)\n"
	}
	if _, ok := shippedOf(types.Unalias(t)); ok {
		return g.deepen(t, s, "(*v)")
	}
	if g.env.coded(types.Unalias(t)) {
		return rt + ".DeepCodec(c, v)\n"
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return g.deepen(t, s, "(*v)")
	case *types.Struct:
		var body strings.Builder
		fields, prelude := g.fields(t)
		for _, f := range fields {
			body.WriteString(g.deepen(f.typ, s, f.access))
		}
		return prelude + body.String()
	case *types.Array:
		return fmt.Sprintf("for i := range *v {\n%s}\n", g.deepen(u.Elem(), s, "(*v)[i]"))
	case *types.Pointer:
		return fmt.Sprintf("if %s.DeepPtr(c, (**%s)(v)) {\n%sc.Leave()\n}\n", rt, g.typ(u.Elem()), g.deepen(u.Elem(), s, "(**v)"))
	case *types.Slice:
		elements := ""
		if g.needs(u.Elem(), s) {
			elements = fmt.Sprintf("for i := range *v {\n%s}\n", g.deepen(u.Elem(), s, "(*v)[i]"))
		}
		return fmt.Sprintf("if %s.DeepSlice(c, v) {\n%sc.Leave()\n}\n", rt, elements)
	case *types.Map:
		return fmt.Sprintf("%s.DeepMap(c, v, %s, %s)\n", rt, g.deepFn(u.Key(), s), g.deepFn(u.Elem(), s))
	case *types.Interface:
		return rt + ".DeepAny(c, v)\n"
	}
	panic("bug: no copy for " + t.String())
}
