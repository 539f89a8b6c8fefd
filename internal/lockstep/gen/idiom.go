package gen

// Idioms: a few lines that people write in one go, and that have a trap for whoever
// reorders, keeps or shares them.

import "fmt"

// idiom writes one of them.
func (g *flowGen) idiom() {
	all := []func(){
		g.alias, g.alias, g.lateEdit, g.sortParam, g.sortParam, g.deferred, g.guarded, g.look, g.look,
		g.quietBranch, g.quietBranch, g.newID, g.newID, g.peek, g.count, g.who,
		g.nested, g.typeSwitch, g.closure, g.functionValue, g.generic, g.ranges, g.pair, g.ownHandle,
		g.acts, g.acts, g.acts, g.twice, g.derived, g.guarded, g.pages, g.maybe, g.failIndex, g.quietCall, g.quietCall, g.twoIDs, g.peekAndPut, g.readAndSort, g.float, g.sentinel,
	}
	pick(g, all)()
}

// alias has two variables share memory, and changes it through one of them.
func (g *flowGen) alias() {
	r := g.freshRec()
	q := g.name_("q")
	g.line("%s := %s", q, r)
	g.declare("rec", q)
	if g.chance(0.3) {
		g.step()
	}
	g.touch(pick(g, []string{r, q}))
}

// freshRec is a Rec that a step returned.
func (g *flowGen) freshRec() string {
	if t := g.top(); len(t.recs) > 0 && g.chance(0.5) {
		return pick(g, t.recs)
	}
	r := g.name_("r")
	g.line("%s, _ := %s(ctx, %s)", r, pick(g, []string{"V10", "RP", "VE"}), g.key())
	g.declare("rec", r)
	return r
}

// touch changes what a Rec refers to.
func (g *flowGen) touch(r string) {
	switch g.rnd.IntN(3) {
	case 0:
		g.line("slices.Sort(%s.L)", r)
	case 1:
		g.line("slices.Reverse(%s.L)", r)
	case 2:
		g.line("if len(%s.L) > 0 {", r)
		g.line("\t%s.L[0] += \"!\"", r)
		g.line("}")
	}
}

// lateEdit looks at a value, then changes it.
func (g *flowGen) lateEdit() {
	r := g.freshRec()
	s := g.name_("s")
	g.line("%s := Show(%s)", s, r)
	g.declare("str", s)
	g.touch(r)
}

// sortParam changes the caller's list.
func (g *flowGen) sortParam() {
	if g.chance(0.5) {
		g.line("%s(ks)", pick(g, []string{"slices.Sort", "slices.Reverse", "sort.Ints"}))
		return
	}
	g.line("for i := range ks {")
	g.line("\tks[i] += %s", pick(g, []string{"1", "k"}))
	g.line("}")
}

// deferred leaves something for the end.
func (g *flowGen) deferred() {
	if g.loops > 0 {
		g.look()
		return
	}
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

// look gives a value to a function that looks at it for a while.
func (g *flowGen) look() {
	if g.chance(0.5) {
		s := g.name_("s")
		g.line("%s := Show(%s)", s, g.someRec())
		g.declare("str", s)
		return
	}
	n := g.name_("n")
	g.line("%s := Sum(%s)", n, pick(g, g.top().lists))
	g.declare("int", n)
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
	if g.indent > 1 {
		g.look()
		return
	}
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

// sentinel goes on until it finds the last one, which may be missing.
func (g *flowGen) sentinel() {
	if g.loops > 0 || g.budget < 1 {
		g.float()
		return
	}
	g.budget--
	i, s, l := g.name_("i"), g.name_("s"), pick(g, g.top().lists)
	g.line("%s := \"\"", s)
	g.line("for %s := 0; %s[%s] < %d; %s++ {", i, l, i, 1+g.rnd.IntN(4), i)
	if g.chance(0.5) {
		g.line("\t_ = WP(ctx, %s, %s)", i, g.str())
	}
	g.line("\tr, _ := %s(ctx, %s[%s])", pick(g, []string{"V10", "RH", "V0"}), l, i)
	if g.chance(0.5) {
		g.line("\tPut(w, r.S)")
	}
	g.line("\t%s += r.S", s)
	g.line("}")
	g.declare("str", s)
}

// peekAndPut writes to the handle, and has a step look at it.
func (g *flowGen) peekAndPut() {
	g.write()
	g.peek()
}

// readAndSort looks at a list and sorts it, with nothing in between that might fail.
func (g *flowGen) readAndSort() {
	s, l := g.name_("s"), pick(g, g.top().lists)
	g.line("%s := fmt.Sprint(%s)", s, l)
	g.line("%s(%s)", pick(g, []string{"slices.Sort", "slices.Reverse"}), l)
	g.declare("str", s)
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
	if g.loops > 0 || g.budget < 1 {
		g.quietBranch()
		return
	}
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

// generic calls a generic function.
func (g *flowGen) generic() {
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

// acts does several things to the world, one after the other.
func (g *flowGen) acts() {
	for range 2 + g.rnd.IntN(2) {
		switch g.rnd.IntN(12) {
		case 10:
			g.line("_, _ = E(ctx, %s)", g.key())
		case 11:
			g.line("_, _ = E(ctx, %s)", g.key())
			g.line("_, _ = E(ctx, %s)", g.key())
		case 0, 1:
			g.line("_ = WP(ctx, %s, %s)", g.key(), g.str())
		case 2:
			g.line("_ = WF(ctx, %s, %s)", g.key(), g.str())
		case 3, 4:
			g.line("_, _ = E(ctx, %s)", g.key())
		case 5, 6:
			g.line("_, _ = O(ctx, %s)", g.key())
		case 7:
			g.line("Put(w, %s)", g.str())
		case 8:
			r := g.name_("r")
			g.line("%s, _ := %s(ctx, %s)", r, pick(g, []string{"V0", "RP", "RH"}), g.key())
			g.declare("rec", r)
		case 9:
			n := g.name_("n")
			g.line("%s := %s(%s)", n, pick(g, []string{"PP", "Ident"}), g.int())
			g.declare("int", n)
		}
	}
}

// twice asks the same twice with something in between.
func (g *flowGen) twice() {
	step, k := pick(g, []string{"RP", "V0", "V10", "RH"}), g.key()
	a, b := g.name_("r"), g.name_("r")
	g.line("%s, _ := %s(ctx, %s)", a, step, k)
	g.declare("rec", a)
	switch g.rnd.IntN(4) {
	case 0:
		g.line("_ = WP(ctx, %s, %s)", k, g.str())
	case 1:
		g.line("_, _ = O(ctx, %s)", k)
	case 2:
		g.line("_, _ = E(ctx, %s)", k)
	}
	g.line("%s, _ := %s(ctx, %s)", b, step, k)
	g.declare("rec", b)
}

// pages asks for one thing after the other, each named by the one before.
func (g *flowGen) pages() {
	if g.loops > 0 {
		g.maybe()
		return
	}
	k, r := g.name_("n"), g.name_("r")
	g.line("%s := %s", k, pick(g, g.top().ints))
	g.line("for i := 0; i < %d; i++ {", 1+g.rnd.IntN(3))
	switch g.rnd.IntN(3) {
	case 0:
		g.line("\t%s, _ := %s(ctx, %s)", r, pick(g, []string{"V10", "RP"}), k)
		g.line("\t%s = %s.K", k, r)
	case 1:
		g.line("\t%s, err := %s(ctx, %s)", r, pick(g, []string{"V10", "VN"}), k)
		g.line("\tif err != nil {")
		g.line("\t\tbreak")
		g.line("\t}")
		g.line("\t%s = %s.K", k, r)
	case 2:
		g.line("\t%s = PP(%s)", k, k)
	}
	g.line("}")
	g.declare("int", k)
}

// maybe asks only sometimes.
func (g *flowGen) maybe() {
	r := g.name_("r")
	g.line("var %s Rec", r)
	g.line("if %s {", g.cond())
	g.line("\t%s, _ = %s(ctx, %s)", r, pick(g, []string{"V10", "RP", "VN"}), g.key())
	if g.chance(0.5) {
		g.line("} else {")
		g.line("\t%s.K = PP(%s)", r, pick(g, g.top().ints))
	}
	g.line("}")
	g.declare("rec", r)
}

// failIndex takes something out of a list that may be too short, when all is lost
// already.
func (g *flowGen) failIndex() {
	r := g.name_("r")
	g.line("%s, err := %s(ctx, %s)", r, pick(g, []string{"V10", "RP"}), g.key())
	g.line("if err != nil {")
	g.line("\treturn Rec{K: ks[1]}, err")
	g.line("}")
	g.declare("rec", r)
}

// quietCall calls a flow that only asks.
func (g *flowGen) quietCall() {
	g.call(fmt.Sprintf("%s(ctx, %s)", pick(g, []string{"Q0", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q8", "Q9", "Q10", "Q11", "Q12"}), g.key()), "rec")
}

// derived asks under a context of its own.
func (g *flowGen) derived() {
	c, r := g.name_("c"), g.name_("r")
	cancel := fmt.Sprint("stop", c)
	g.line("%s, %s := context.WithCancel(ctx)", c, cancel)
	if g.loops == 0 && g.chance(0.5) {
		g.line("defer %s()", cancel)
	}
	g.line("%s, _ := V10(%s, %s)", r, c, g.key())
	g.line("%s()", cancel)
	g.declare("rec", r)
}
