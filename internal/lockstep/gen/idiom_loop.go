package gen

// Idioms of loops whose end the body decides: by a counter that it changes, or by a
// condition alone.

import "maps"

func loopIdioms() []idiom {
	return []idiom{{"skipping loop", 2, inShallowLoops, (*flowGen).skipping}, {"while loop", 2, inShallowLoops, (*flowGen).while}}
}

// skipping counts, and leaves some out: the body changes the counter.
func (g *flowGen) skipping() {
	g.budget--
	i, s := g.name_("i"), g.name_("s")
	g.line("%s := \"\"", s)
	g.line("for %s := 0; %s < %d; %s++ {", i, i, 2+g.rnd.IntN(4), i)
	g.inLoop(i, func() {
		if g.chance(0.4) {
			g.line("if %s {", g.cond())
			g.line("\t%s++", i)
			g.line("}")
		}
		g.found(i, s)
		switch t := g.top(); {
		case len(t.recs) > 0 && g.chance(0.5):
			g.line("%s += %s.K & 1", i, t.recs[len(t.recs)-1])
		default:
			g.line("if %s {", g.cond())
			g.line("\t%s++", i)
			g.line("}")
		}
		if g.chance(0.3) {
			g.statements(1)
		}
	})
	g.line("}")
	g.declare("str", s)
}

// while goes on as long as a condition holds. The counter that bounds it moves first, so that
// no continue can pass it by.
func (g *flowGen) while() {
	g.budget--
	n, s := g.name_("n"), g.name_("s")
	g.line("%s := \"\"", s)
	more := ""
	step := n + "++"
	switch g.rnd.IntN(4) {
	case 0:
		g.line("%s := k %% 3", n)
		g.line("for %s < %d {", n, 2+g.rnd.IntN(2))
	case 1:
		step = n + "--"
		g.line("for %s := %d; %s > 0; {", n, 1+g.rnd.IntN(3), n)
	case 2:
		more = g.name_("more")
		g.line("%s, %s := 0, true", n, more)
		g.line("for %s && %s < %d {", more, n, 2+g.rnd.IntN(2))
	case 3: // a step in the condition
		g.line("%s := 0", n)
		g.line("for %s < %d && PP(%s) > 0 {", n, 2+g.rnd.IntN(2), n)
	}
	g.inLoop(n, func() {
		g.line("%s", step)
		g.found(n, s)
		if more != "" {
			g.line("%s = %s", more, g.cond())
		}
		if g.chance(0.4) {
			g.statements(1)
		}
	})
	g.line("}")
	g.declare("str", s)
}

// found asks with a counter, and adds what comes to a string.
func (g *flowGen) found(i, s string) {
	step := pick(g, []string{"V10", "RP", "VN", "V0", "O"})
	if g.chance(0.3) {
		r := g.name_("r")
		g.line("%s, err := %s(ctx, %s)", r, step, i)
		g.line("if err != nil {")
		g.line("\t%s", pick(g, []string{"break", "continue", "return " + r + ", err"}))
		g.line("}")
		g.declare("rec", r)
		g.line("%s += %s.S", s, r)
		return
	}
	g.call(step+"(ctx, "+i+")", "rec")
	g.line("%s += fmt.Sprint(%s, %s)", s, i, g.str())
}

// inLoop writes the body of a loop: nothing that write writes assigns the counter, unless it says so
// itself.
func (g *flowGen) inLoop(counter string, write func()) {
	g.push()
	g.indent++
	g.loops++
	g.top().fixed = maps.Clone(g.top().fixed)
	g.top().fixed[counter] = true
	g.declare("int", counter)
	write()
	g.use()
	g.loops--
	g.indent--
	g.pop()
}
