package value

// Emitted code for deep copies: a value is assigned, then the copy is deepened.

import (
	"go/types"
	"strings"
)

// saveLiteral returns the Save of a variable.
func (g *Gen) saveLiteral(t types.Type, r Traits, access string) string {
	saver, deepen := Text("%s.Saver($d)", g.rt()), ""
	if g.tracks(t, r) {
		saver = Text("%s.TrackingSaver($d, &%s)", g.rt(), access)
	}
	if g.needs(t, save) {
		deepen = g.fn(save, t) + Text("(&$c, $d); ")
	}
	return Text("func($vars any) (any, int, bool) { $d := new(%s); *$d = %s; $c := %s; %sreturn $d, $c.Size, $c.OK() }",
		g.typ(t), access, saver, deepen)
}

// loadLiteral returns the Load of a variable.
func (g *Gen) loadLiteral(t types.Type, r Traits, access string) string {
	if !g.needs(t, load) {
		return Text("func($vars, $saved any) { %s = *$saved.(*%s) }", access, g.typ(t))
	}
	loader := g.rt() + ".Loader()"
	if g.tracks(t, r) {
		loader = g.rt() + ".TrackingLoader()"
	}
	return Text("func($vars, $saved any) { $d := &%s; *$d = *$saved.(*%s); $c := %s; %s(&$c, $d) }",
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
		return Text("%s.%s($c, &%s)\n", g.rt(), known.deep, x)
	}
	if basic, ok := t.Underlying().(*types.Basic); ok && basic.Info()&types.IsString != 0 {
		if types.Unalias(t) == types.Typ[types.String] {
			return Text("%s.DeepString($c, &%s)\n", g.rt(), x)
		}
		return Text("%s.DeepString($c, (*string)(&%s))\n", g.rt(), x)
	}
	return Text("%s($c, &%s)\n", g.fn(s, t), x)
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
		return Text("%s.DeepAny($c, $v)\n", rt)
	}
	if _, ok := shippedOf(types.Unalias(t)); ok {
		return g.deepen(t, s, Text("(*$v)"))
	}
	if g.env.coded(types.Unalias(t)) {
		return Text("%s.DeepCodec($c, $v)\n", rt)
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return g.deepen(t, s, Text("(*$v)"))
	case *types.Struct:
		var body strings.Builder
		fields, prelude := g.fields(t)
		for _, f := range fields {
			body.WriteString(g.deepen(f.typ, s, f.access))
		}
		return prelude + body.String()
	case *types.Array:
		return Text("for $i := range *$v {\n%s}\n", g.deepen(u.Elem(), s, Text("(*$v)[$i]")))
	case *types.Pointer:
		return Text("if %s.DeepPtr($c, (**%s)($v)) {\n%s$c.Leave()\n}\n", rt, g.typ(u.Elem()), g.deepen(u.Elem(), s, Text("(**$v)")))
	case *types.Slice:
		elements := ""
		if g.needs(u.Elem(), s) {
			elements = Text("for $i := range *$v {\n%s}\n", g.deepen(u.Elem(), s, Text("(*$v)[$i]")))
		}
		return Text("if %s.DeepSlice($c, $v) {\n%s$c.Leave()\n}\n", rt, elements)
	case *types.Map:
		return Text("%s.DeepMap($c, $v, %s, %s)\n", rt, g.deepFn(u.Key(), s), g.deepFn(u.Elem(), s))
	case *types.Interface:
		return Text("%s.DeepAny($c, $v)\n", rt)
	}
	panic("bug: no copy for " + t.String())
}
