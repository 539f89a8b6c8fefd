package gen

// Idioms: a few lines that people write in one go, and that have a trap for whoever
// reorders, keeps or shares them.

import "fmt"

func plainIdioms() []idiom {
	return []idiom{
		{"deferred", 1, outsideLoops, (*flowGen).deferred}, {"guarded", 2, anywhere, (*flowGen).guarded},
		{"turned away", 2, anywhere, (*flowGen).turnedAway},
		{"quiet branch", 2, anywhere, (*flowGen).quietBranch}, {"new ID", 2, atTop, (*flowGen).newID}, {"two IDs", 1, atTop, (*flowGen).twoIDs},
		{"float", 1, anywhere, (*flowGen).float}, {"peek", 1, anywhere, (*flowGen).peek}, {"peek and put", 1, anywhere, (*flowGen).peekAndPut},
		{"count", 1, anywhere, (*flowGen).count}, {"who", 1, anywhere, (*flowGen).who}, {"nested", 1, outsideLoops, (*flowGen).nested},
		{"type switch", 1, anywhere, (*flowGen).typeSwitch}, {"closure", 1, anywhere, (*flowGen).closure},
		{"function value", 1, anywhere, (*flowGen).functionValue}, {"generic helper", 1, anywhere, (*flowGen).nth},
		{"ranges", 1, anywhere, (*flowGen).ranges}, {"pair", 1, anywhere, (*flowGen).pair}, {"own handle", 1, anywhere, (*flowGen).ownHandle},
	}
}

// deferred leaves something for the end.
func (g *flowGen) deferred() {
	switch g.rnd.IntN(4) {
	case 0:
		g.line("defer Put(w, %s)", g.str())
	case 3: // the last one first
		g.line("defer Put(w, %s)", g.str())
		g.line("defer Finish(w)")
	case 1:
		g.line("defer Finish(w)")
	case 2:
		g.line("defer Log(%s, %s)", g.int(), g.str())
	}
}

// guarded computes what must not be computed for other inputs: not even a
// machine with much memory has that much.
func (g *flowGen) guarded() {
	n := g.name_("n")
	g.line("if k != 2 {")
	g.line("\treturn %s, nil", g.rec())
	g.line("}")
	all := g.name_("all")
	g.line("%s := make([]int, (2-k)<<44)", all)
	g.line("%s := len(%s)", n, all)
	g.declare("int", n)
}

// turnedAway ends with an answer that no error asks for.
func (g *flowGen) turnedAway() {
	g.shape(answeringEdge)
	condition := "k == 1"
	if t := g.top(); len(t.recs) > 0 && g.chance(0.8) {
		condition = fmt.Sprintf("len(%s.L) > %d", pick(g, t.recs), 1+g.rnd.IntN(3))
	}
	g.line("if %s {", condition)
	if g.chance(0.5) {
		g.line("\tw.Lines = append(w.Lines, fmt.Sprint(\"turned away \", %s))", g.str())
	} else {
		g.line("\tPut(w, %s)", g.str())
	}
	g.line("\treturn %s, nil", g.rec())
	g.line("}")
}

// quietBranch is a branch in which nothing can go wrong.
func (g *flowGen) quietBranch() {
	s := g.name_("s")
	g.line("%s := \"few\"", s)
	if t := g.top(); len(t.recs) > 0 && g.chance(0.7) {
		r := pick(g, t.recs)
		g.line("if len(%s.L) > %d {", r, g.rnd.IntN(3))
		g.line("\t%s = strings.Join(%s.L, \"+\")", s, r)
	} else {
		g.line("if len(%s) > %d {", pick(g, t.lists), g.rnd.IntN(3))
		g.line("\t%s = fmt.Sprint(%s)", s, pick(g, t.lists))
	}
	g.line("}")
	g.declare("str", s)
}

// newID makes an ID, which is seen in the answer.
func (g *flowGen) newID() {
	id := g.name_("id")
	g.line("%s := fluxo.NewID(ctx).String()", id)
	g.ids = append(g.ids, id)
	if g.chance(0.5) {
		g.line("_ = %s", id)
	} else {
		g.line("Put(w, %s)", id)
	}
}

// twoIDs makes IDs whose order is seen in the answer.
func (g *flowGen) twoIDs() {
	g.newID()
	g.newID()
}

// float has a number whose zero has a sign, or that is none.
func (g *flowGen) float() {
	x, s := g.name_("x"), g.name_("s")
	g.line("%s := nth([]float64{0, math.Copysign(0, -1), math.NaN()}, %s, 1.5)", x, g.int())
	g.line("%s := Text(%s)", s, x)
	g.declare("str", s)
}

// peekAndPut writes to the handle, and has a step look at it.
func (g *flowGen) peekAndPut() {
	g.write()
	g.peek()
}

// peek has a step use the handle of the request.
func (g *flowGen) peek() { g.call("Peek("+g.fill("ctx, w, %k")+")", "rec") }

// count looks at the handle.
func (g *flowGen) count() {
	n := g.name_("n")
	g.line("%s := %s", n, pick(g, []string{"Count(w)", "len(w.Lines)"}))
	g.declare("int", n)
}

// who asks the context for the user, in the flow itself.
func (g *flowGen) who() {
	n := g.name_("n")
	g.line("%s, _ := ctx.Value(world.UserKey{}).(int)", n)
	g.declare("int", n)
}

// nested leaves two loops at once.
func (g *flowGen) nested() {
	g.budget--
	label, a, b, n := g.name_("outer"), g.name_("a"), g.name_("b"), g.name_("n")
	g.line("%s := 0", n)
	g.line("%s:", label)
	g.line("for _, %s := range %s {", a, pick(g, g.top().lists))
	g.line("\tfor %s := range %s %% 3 {", b, a)
	g.line("\t\tif %s == %d {", b, g.rnd.IntN(3))
	g.line("\t\t\t%s %s", pick(g, []string{"continue", "break"}), label)
	g.line("\t\t}")
	g.line("\t\tx, err := %s(ctx, %s+%s)", pick(g, []string{"V10", "RP", "RW"}), a, b)
	g.line("\t\tif err != nil {")
	g.line("\t\t\t%s", pick(g, []string{"continue " + label, "break " + label, "return x, err", "break"}))
	g.line("\t\t}")
	g.line("\t\t%s += x.K", n)
	g.line("\t}")
	g.line("}")
	g.declare("int", n)
}

// typeSwitch asks an any what it holds.
func (g *flowGen) typeSwitch() {
	a, n := g.name_("a"), g.name_("n")
	g.line("var %s any = %s", a, pick(g, []string{g.someRec(), g.str(), g.int()}))
	g.line("%s := 0", n)
	g.line("switch x := %s.(type) {", a)
	g.line("case Rec:")
	g.line("\t%s = x.K", n)
	g.line("case string:")
	g.line("\t%s = len(x)", n)
	g.line("default:")
	g.line("\t%s = 3", n)
	g.line("}")
	g.declare("int", n)
}

// closure calls a function literal that reads what is around it.
func (g *flowGen) closure() {
	f, n := g.name_("f"), g.name_("n")
	g.line("%s := func(x int) int { return (x + %s) %% 4 }", f, g.int())
	g.line("%s := %s(%s)", n, f, g.int())
	g.declare("int", n)
}

// functionValue chooses a function, and calls it.
func (g *flowGen) functionValue() {
	f, s := g.name_("f"), g.name_("s")
	g.line("%s := strings.ToUpper", f)
	g.line("if %s {", g.cond())
	g.line("\t%s = strings.ToLower", f)
	g.line("}")
	if g.budget > 0 && g.chance(0.5) {
		g.budget--
		g.step()
	}
	g.line("%s := %s(%s)", s, f, g.str())
	g.declare("str", s)
}

// nth calls a generic function.
func (g *flowGen) nth() {
	if g.chance(0.5) {
		n := g.name_("n")
		g.line("%s := nth(%s, %s, %s)", n, pick(g, g.top().lists), g.int(), g.int())
		g.declare("int", n)
		return
	}
	s := g.name_("s")
	g.line("%s := nth(%s.L, %d, %s)", s, g.freshRec(), g.rnd.IntN(3), g.str())
	g.declare("str", s)
}

// ranges goes over an int, a string and a map.
func (g *flowGen) ranges() {
	n := g.name_("n")
	g.line("%s := 0", n)
	switch g.rnd.IntN(3) {
	case 0:
		g.line("for i := range %d {", 1+g.rnd.IntN(3))
		g.line("\t%s += i * %s", n, g.int())
	case 1:
		g.line("for i, c := range %s {", g.str())
		g.line("\t%s += i * int(c%%3)", n)
	case 2:
		g.line("for _, v := range map[string]int{%q: %s, %q: %s} {", "a", g.int(), "b", g.int())
		g.line("\t%s += v", n)
	}
	g.line("}")
	g.line("%s %%= 4", n)
	g.declare("int", n)
}

// pair uses a type with methods, one of which changes it.
func (g *flowGen) pair() {
	p, n := g.name_("p"), g.name_("n")
	g.line("%s := pair{%s, %s}", p, g.int(), g.int())
	if g.chance(0.5) {
		g.line("%s.swap()", p)
	}
	g.line("%s := (%s.sum() + %s.a) %% 4", n, p, p)
	g.declare("int", n)
}

// ownHandle has a handle of its own, born and finished in the flow.
func (g *flowGen) ownHandle() {
	h, n := g.name_("h"), g.name_("n")
	g.line("%s := &world.Writer{}", h)
	g.line("Put(%s, %s)", h, g.str())
	if g.chance(0.5) {
		g.step()
	}
	g.line("Put(%s, %s)", h, g.str())
	g.line("%s := Count(%s)", n, h)
	g.declare("int", n)
}
