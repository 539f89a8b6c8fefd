package gen

// Calls of steps and flows, with every shape of dealing with the error.

import (
	"fmt"
	"strings"
)

// A stepShape is a step that flows may call: its call, and what it returns
// beside an error ("" for nothing, "only" for a value and no error).
type stepShape struct {
	name, args, out string
	weight          int
}

var stepShapes = []stepShape{
	{"V10", "ctx, %k", "rec", 5},
	{"V0", "ctx, %k", "rec", 2},
	{"VE", "ctx, %k", "rec", 2},
	{"VN", "ctx, %k", "rec", 2},
	{"RP", "ctx, %k", "rec", 5},
	{"RW", "ctx, %k", "rec", 2},
	{"RAll", "ctx", "rec", 1},
	{"WP", "ctx, %k, %s", "", 3},
	{"WAll", "ctx, %s", "", 1},
	{"E", "ctx, %k", "int", 2},
	{"P", "%k, %s", "int", 3},
	{"PP", "%k", "only", 2},
	{"O", "ctx, %k", "rec", 1},
	{"Hidden", "ctx, %k", "rec", 1},
	{"RH", "ctx, %k", "rec", 2},
	{"WF", "ctx, %k, %s", "", 1},
	{"Peek", "ctx, w, %k", "rec", 2},
	{"Ident", "%k", "only", 1},
	{"Show", "%r", "text", 2},
	{"Sum", "%l", "only", 1},
	{"VB", "ctx, %k", "rec", 1},
	{"VD", "ctx, %k", "rec", 1},
	{"Kind", "%l", "text", 1},
	{"repo.Post", "ctx, %k", "rec", 2},
	{"repo.Rate", "ctx, %k", "rec", 2},
	{"repo.Save", "ctx, %k, %s", "", 1},
}

func (g *flowGen) step() {
	total := 0
	for _, s := range stepShapes {
		total += s.weight
	}
	n := g.rnd.IntN(total)
	for _, s := range stepShapes {
		if n -= s.weight; n < 0 {
			g.call(g.where(s.name)+"("+g.fill(s.args)+")", s.out)
			return
		}
	}
}

// where is how the flow reaches a step: those of an interface, by a field.
func (g *flowGen) where(step string) string {
	if !strings.HasPrefix(step, "repo.") {
		return step
	}
	g.shape(interfaceCall)
	if g.method {
		return "v." + step
	}
	return "svc." + step
}

// fill writes arguments: %k a key, %s a string, %r a Rec, %l a list.
func (g *flowGen) fill(args string) string {
	var out []byte
	for i := 0; i < len(args); i++ {
		if args[i] != '%' {
			out = append(out, args[i])
			continue
		}
		i++
		switch args[i] {
		case 'k':
			out = append(out, g.key()...)
		case 'r':
			out = append(out, g.someRec()...)
		case 'l':
			out = append(out, pick(g, g.top().lists)...)
		default:
			out = append(out, g.str()...)
		}
	}
	return string(out)
}

// call writes a call that returns out and an error, with one of the usual
// shapes of dealing with the error.
func (g *flowGen) call(call, out string) {
	switch out {
	case "only":
		v := g.name_("n")
		g.line("%s := %s", v, call)
		g.declare("int", v)
		return
	case "text":
		v := g.name_("s")
		g.line("%s := %s", v, call)
		g.declare("str", v)
		return
	case "":
		g.callForError(call)
		return
	}
	v := g.name_(out[:1])
	shape := g.rnd.IntN(7)
	if g.calm && g.chance(0.8) {
		shape = 4
	}
	switch shape {
	case 0, 1, 2:
		g.line("%s, err := %s", v, call)
		g.failEdge()
	case 3: // handled
		g.line("%s, err := %s", v, call)
		g.line("if err != nil {")
		g.line("\t%s = %s", v, g.zero(out))
		g.line("}")
	case 4: // seen but not acted on
		g.line("%s, _ := %s", v, call)
	case 5: // in the statement's init, assigned to a variable outside
		g.line("var %s %s", v, g.typeOf(out))
		g.line("if got, err := %s; err == nil {", call)
		g.line("\t%s = got", v)
		g.line("} else if errors.Is(err, world.ErrNotFound) {")
		g.line("\tLog(%d, err.Error())", g.rnd.IntN(9))
		g.line("} else {")
		g.line("\treturn %s, err", g.rec())
		g.line("}")
	case 6: // one err for all
		g.line("var %s %s", v, g.typeOf(out))
		g.line("{")
		g.line("\tvar err error")
		g.line("\t%s, err = %s", v, call)
		g.line("\tif err != nil {")
		g.line("\t\treturn %s, fmt.Errorf(\"%s: %%w\", err)", g.rec(), v)
		g.line("\t}")
		g.line("}")
	}
	g.declare(out, v)
}

func (g *flowGen) callForError(call string) {
	shape := g.rnd.IntN(3)
	if g.calm && g.chance(0.8) {
		shape = 1
	}
	switch shape {
	case 0:
		g.line("if err := %s; err != nil {", call)
		g.line("\treturn %s, err", g.rec())
		g.line("}")
	case 1:
		g.line("_ = %s", call)
	case 2:
		ok := g.name_("n")
		g.line("%s := 1", ok)
		g.line("if err := %s; err != nil {", call)
		g.line("\t%s = 0", ok)
		g.line("}")
		g.declare("int", ok)
	}
}

func (g *flowGen) failEdge() {
	g.line("if err != nil {")
	switch g.rnd.IntN(5) {
	case 4:
		g.answers()
	case 0:
		g.line("\treturn Rec{}, err")
	case 1:
		g.line("\treturn %s, fmt.Errorf(\"%s: %%w\", err)", g.rec(), g.name)
	case 2:
		g.line("\tPut(w, \"failed\")")
		g.line("\treturn %s, err", g.rec())
	case 3:
		g.line("\tLog(0, err.Error())")
		g.line("\treturn Rec{S: err.Error()}, nil")
	}
	g.line("}")
}

func (g *flowGen) zero(kind string) string {
	if kind == "int" {
		return "-1"
	}
	return "Rec{S: \"none\"}"
}

func (g *flowGen) typeOf(kind string) string {
	if kind == "int" {
		return "int"
	}
	return "Rec"
}

// declare makes a new variable known.
func (g *flowGen) declare(kind, v string) {
	t := g.top()
	t.unused = append(t.unused, v)
	switch kind {
	case "int":
		t.ints = append(t.ints, v)
	case "str":
		t.strs = append(t.strs, v)
	case "list":
		t.lists = append(t.lists, v)
	default:
		t.recs = append(t.recs, v)
	}
}

// write writes to the request's handle.
func (g *flowGen) write() {
	if len(g.ids) > 0 && g.chance(0.5) {
		g.line("Put(w, %s)", pick(g, g.ids))
		return
	}
	g.line("Put(w, %s)", g.str())
}

// someRec is a Rec variable, or a fresh Rec if there is none.
func (g *flowGen) someRec() string {
	if t := g.top(); len(t.recs) > 0 {
		return pick(g, t.recs)
	}
	return fmt.Sprintf("Rec{K: %s, L: []string{%s, \"z\"}}", g.int(), g.str())
}
