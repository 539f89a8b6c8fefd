package gen

// Statements: calls of steps with every shape of error handling, branches,
// loops, edits.

import "fmt"

// statements writes n statements, each a shape drawn at random.
func (g *flowGen) statements(n int) {
	for range n {
		if g.statement() {
			return // nothing behind an unconditional exit
		}
	}
}

// statement writes one statement and reports whether it leaves the block for sure.
func (g *flowGen) statement() bool {
	switch r := g.rnd.IntN(20); {
	case r < 8 && g.budget > 0:
		g.budget--
		g.step()
	case r < 10:
		g.let()
	case r < 11:
		g.edit()
	case r < 13 && g.indent < 4:
		g.ifElse()
	case r < 14 && g.indent < 4:
		g.switchOn()
	case r < 16 && g.loops < 2 && g.budget > 0 && g.indent < 4:
		g.loop()
	case r < 17:
		g.line("w.Write(%s)", g.str())
	case r < 18:
		g.line("Log(%s, %s)", g.int(), g.str())
	case r < 19 && g.budget > 0 && g.indent > 1 && g.chance(0.3):
		g.budget--
		g.line("return %s(ctx, %s)", pick(g, []string{"V10", "RP", "O", "Hidden"}), g.key())
		return true
	case r < 19 && g.loops > 0 && g.chance(0.5):
		g.line("if %s {", g.cond())
		g.line("\t%s", pick(g, []string{"continue", "break", "return " + g.rec() + ", nil"}))
		g.line("}")
	case len(g.callable) > 0 && g.budget > 0 && g.chance(0.4):
		g.budget -= 2
		g.call(fmt.Sprintf("%s(ctx, w, %s, %s, %s)", pick(g, g.callable), g.key(), g.str(), pick(g, g.top().lists)), "rec")
	default:
		g.let()
	}
	return false
}

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
	{"Ident", "%k", "only", 1},
}

func (g *flowGen) step() {
	total := 0
	for _, s := range stepShapes {
		total += s.weight
	}
	n := g.rnd.IntN(total)
	for _, s := range stepShapes {
		if n -= s.weight; n < 0 {
			g.call(s.name+"("+g.fill(s.args)+")", s.out)
			return
		}
	}
}

// fill writes arguments: %k a key, %s a string.
func (g *flowGen) fill(args string) string {
	var out []byte
	for i := 0; i < len(args); i++ {
		if args[i] != '%' {
			out = append(out, args[i])
			continue
		}
		i++
		if args[i] == 'k' {
			out = append(out, g.key()...)
		} else {
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
	case "":
		g.callForError(call)
		return
	}
	v := g.name_(out[:1])
	switch g.rnd.IntN(7) {
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
	switch g.rnd.IntN(3) {
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
	switch g.rnd.IntN(4) {
	case 0:
		g.line("\treturn Rec{}, err")
	case 1:
		g.line("\treturn %s, fmt.Errorf(\"%s: %%w\", err)", g.rec(), g.name)
	case 2:
		g.line("\tw.Write(\"failed\")")
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

// declare makes a new variable known, and used.
func (g *flowGen) declare(kind, v string) {
	g.line("_ = %s", v)
	t := g.top()
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

func (g *flowGen) let() {
	switch g.rnd.IntN(5) {
	case 0:
		v := g.name_("n")
		g.line("%s := %s", v, g.int())
		g.declare("int", v)
	case 1:
		v := g.name_("s")
		g.line("%s := %s", v, g.str())
		g.declare("str", v)
	case 2:
		v := g.name_("l")
		g.line("%s := append([]int(nil), %s...)", v, pick(g, g.top().lists))
		g.line("sort.Ints(%s)", v)
		g.declare("list", v)
	case 3:
		if v, ok := g.assignable(); ok {
			g.line("%s = %s", v, g.int())
		}
	case 4:
		v := g.name_("m")
		g.line("%s := map[string]int{%s: %s}", v, g.str(), g.int())
		g.line("%s[%s] += %s", v, g.str(), g.int())
		n := g.name_("n")
		g.line("%s := len(%s)", n, v)
		g.declare("int", n)
	}
}

func (g *flowGen) assignable() (string, bool) {
	t := g.top()
	for range 4 {
		if v := pick(g, t.ints); !t.fixed[v] && v != "k" {
			return v, true
		}
	}
	return "", false
}

// edit changes a value in place, one that came out of a step where there is one.
func (g *flowGen) edit() {
	t := g.top()
	if len(t.recs) == 0 {
		g.let()
		return
	}
	r := pick(g, t.recs)
	switch g.rnd.IntN(4) {
	case 0:
		g.line("%s.K = %s", r, g.int())
	case 1:
		g.line("%s.L = append(%s.L, %s)", r, r, g.str())
	case 2:
		g.line("if len(%s.L) > 0 {", r)
		g.line("\t%s.L[0] += \"!\"", r)
		g.line("}")
	case 3:
		g.line("slices.Sort(%s.L)", r)
	}
}

func (g *flowGen) ifElse() {
	g.line("if %s {", g.cond())
	g.body(1 + g.rnd.IntN(2))
	if g.chance(0.4) {
		g.line("} else {")
		g.body(1 + g.rnd.IntN(2))
	}
	g.line("}")
}

func (g *flowGen) switchOn() {
	g.line("switch %s {", pick(g, g.top().ints))
	for i := range 1 + g.rnd.IntN(2) {
		g.line("case %d:", i)
		g.body(1)
	}
	g.line("default:")
	g.body(1)
	g.line("}")
}

func (g *flowGen) body(n int) {
	g.push()
	g.indent++
	g.statements(n)
	g.indent--
	g.pop()
}

// loop writes a loop: over a list or counted, with an accumulator, a carried
// variable, or neither.
func (g *flowGen) loop() {
	acc := g.name_("s")
	g.line("%s := \"\"", acc)
	v := g.name_("i")
	if g.chance(0.7) {
		g.line("for _, %s := range %s {", v, pick(g, g.top().lists))
	} else {
		g.line("for %s := 0; %s < %d; %s++ {", v, v, 1+g.rnd.IntN(4), v)
	}
	g.push()
	g.indent++
	g.loops++
	g.declare("int", v)
	fixed := map[string]bool{v: true}
	for k := range g.top().fixed {
		fixed[k] = true
	}
	if g.chance(0.7) { // mostly no carried variables: what is outside is not assigned
		for _, k := range g.top().ints {
			fixed[k] = true
		}
	}
	g.top().fixed = fixed
	g.statements(1 + g.rnd.IntN(3))
	g.line("%s += fmt.Sprint(%s, \";\", %s)", acc, g.int(), g.str())
	g.loops--
	g.indent--
	g.pop()
	g.line("}")
	g.declare("str", acc)
}
