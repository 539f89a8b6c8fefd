package value

// Emitted code for canonical keys.

import (
	"fmt"
	"go/types"
	"strings"
)

// keyLiteral returns the Key of a variable.
func (g *Gen) keyLiteral(t types.Type, r Traits, access string) string {
	const head = "func($b []byte, $vars any) ([]byte, bool) { "
	if g.walks(t, r) {
		return Text(head+"$v := &%s; $k := %s.NewKeyer($b, $v); %s(&$k, $v); return $k.Done() }", access, g.rt(), g.fn(walkKey, t))
	}
	if direct := g.scalarKey(t, Local("b"), access); direct != "" {
		return Text(head+"return %s, true }", direct)
	}
	return Text(head+"return %s($b, &%s), true }", g.fn(plainKey, t), access)
}

// scalarKey returns the call that appends the key of x, a number or string, to b; "" for other types.
func (g *Gen) scalarKey(t types.Type, b, x string) string {
	basic, ok := t.Underlying().(*types.Basic)
	if _, isParam := types.Unalias(t).(*types.TypeParam); !ok || isParam {
		return ""
	}
	f, as := "", ""
	switch basic.Kind() {
	case types.Bool:
		f, as = "KeyBool", "bool"
	case types.Int8, types.Uint8:
		f, as = "Key8", "uint8"
	case types.Int16, types.Uint16:
		f, as = "Key16", "uint16"
	case types.Int32, types.Uint32:
		f, as = "Key32", "uint32"
	case types.Int, types.Int64, types.Uint, types.Uint64, types.Uintptr:
		f, as = "Key64", "uint64"
	case types.Float32:
		f, as = "KeyFloat32", "float32"
	case types.Float64:
		f, as = "KeyFloat64", "float64"
	case types.Complex64:
		f, as = "KeyComplex64", "complex64"
	case types.Complex128:
		f, as = "KeyComplex128", "complex128"
	case types.String:
		f, as = "KeyString", "string"
	default:
		return ""
	}
	if basic.Name() == as && types.Unalias(t) == types.Typ[basic.Kind()] {
		return fmt.Sprintf("%s.%s(%s, %s)", g.rt(), f, b, x)
	}
	return fmt.Sprintf("%s.%s(%s, %s(%s))", g.rt(), f, b, as, x)
}

// key returns the statement that appends the key of x, an addressable expression.
func (g *Gen) key(t types.Type, s style, x string) string {
	b := keyBuffer(s)
	if direct := g.scalarKey(t, b, x); direct != "" {
		return fmt.Sprintf("%s = %s\n", b, direct)
	}
	if known, ok := shippedOf(types.Unalias(t)); ok {
		return fmt.Sprintf("%s = %s.%s(%s, &%s)\n", b, g.rt(), known.key, b, x)
	}
	if s == walkKey && g.env.Of(t).memory {
		return Text("%s($k, &%s)\n", g.fn(walkKey, t), x)
	}
	return fmt.Sprintf("%s = %s(%s, &%s)\n", b, g.fn(plainKey, t), b, x)
}

func keyBuffer(s style) string {
	if s == walkKey {
		return Local("k") + ".B"
	}
	return Local("b")
}

// keyBody returns the statements of a key function of v, a *t.
func (g *Gen) keyBody(t types.Type, s style) string {
	rt, b := g.rt(), keyBuffer(s)
	if _, isParam := types.Unalias(t).(*types.TypeParam); isParam {
		return Text("%s.KeyParam($k, $v)\n", rt)
	}
	if _, ok := shippedOf(types.Unalias(t)); ok || g.scalarKey(t, b, "*v") != "" {
		return g.key(t, s, Text("(*$v)"))
	}
	if g.env.coded(types.Unalias(t)) {
		return Text("%s.KeyCodec($k, $v)\n", rt)
	}
	switch u := t.Underlying().(type) {
	case *types.Struct:
		var body strings.Builder
		fields, prelude := g.fields(t)
		if len(fields) > 0 {
			body.WriteString(prelude)
		}
		for _, f := range fields {
			body.WriteString(g.key(f.typ, s, f.access))
		}
		return body.String()
	case *types.Array:
		return Text("for $i := range *$v {\n%s}\n", g.key(u.Elem(), s, Text("(*$v)[$i]")))
	case *types.Pointer:
		if s == walkKey {
			return Text("if %s.KeyPtr($k, *$v) {\n%s$k.Leave()\n}\n", rt, g.key(u.Elem(), s, Text("(**$v)")))
		}
		return Text("if *$v == nil {\nreturn append($b, 0)\n}\n$b = append($b, 1)\n%s", g.key(u.Elem(), s, Text("(**$v)")))
	case *types.Slice:
		return g.sliceKey(u, s)
	case *types.Map:
		if s == walkKey {
			return Text("%s.KeyMap($k, *$v, %s, %s)\n", rt, g.fn(plainKey, u.Key()), g.fn(walkKey, u.Elem()))
		}
		return Text("$b = %s.KeyPlainMap($b, *$v, %s, %s)\n", rt, g.fn(plainKey, u.Key()), g.fn(plainKey, u.Elem()))
	case *types.Interface:
		return Text("$k.Any(*$v)\n")
	}
	panic("bug: no key for " + t.String())
}

func (g *Gen) sliceKey(u *types.Slice, s style) string {
	elements := Text("for $i := range *$v {\n%s}\n", g.key(u.Elem(), s, Text("(*$v)[$i]")))
	isBytes := types.Unalias(u.Elem()) == types.Typ[types.Uint8] || types.Unalias(u.Elem()) == types.Universe.Lookup("byte").Type()
	switch {
	case s == walkKey && isBytes:
		elements = Text("$k.B = append($k.B, *$v...)\n")
		fallthrough
	case s == walkKey:
		return Text("if %s.KeySlice($k, *$v) {\n%s$k.Leave()\n}\n", g.rt(), elements)
	case isBytes:
		return Text("$b = %s.KeyBytes($b, *$v)\n", g.rt())
	}
	return Text("$b = %s.KeyLen($b, len(*$v), *$v == nil)\n%s", g.rt(), elements)
}
