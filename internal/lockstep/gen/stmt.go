package gen

// Statements: definitions, edits, branches, loops. Calls are in call.go, and what people
// write in one go in idiom.go.

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
	if g.chance(g.idioms) && g.indent < 4 {
		g.idiom()
		return false
	}
	switch r := g.rnd.IntN(20); {
	case (r < 8 || g.calm && r < 16) && g.budget > 0:
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
		g.write()
	case r < 18:
		g.line("Log(%s, %s)", g.int(), g.str())
	case r < 19 && g.budget > 0 && g.indent > 1 && g.chance(0.3):
		g.budget--
		g.use()
		g.line("return %s(ctx, %s)", pick(g, []string{"V10", "RP", "O", "Hidden", "RH"}), g.key())
		return true
	case r < 19 && g.loops > 0 && g.chance(0.5):
		g.line("if %s {", g.cond())
		g.line("\t%s", pick(g, []string{"continue", "break", "return " + g.rec() + ", nil"}))
		g.line("}")
	case len(g.callable) > 0 && !g.calm && g.budget > 0 && g.chance(0.4):
		g.budget -= 2
		g.call(fmt.Sprintf("%s(ctx, w, %s, %s, %s)", pick(g, pick(g, g.callable)), g.key(), g.str(), pick(g, g.top().lists)), "rec")
	default:
		g.let()
	}
	return false
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
	g.use()
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
	g.use()
	g.loops--
	g.indent--
	g.pop()
	g.line("}")
	g.declare("str", acc)
}
