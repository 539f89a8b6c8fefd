package gen

// Idioms that ask and act: in a row, page by page, twice, maybe.

import "fmt"

func askIdioms() []idiom {
	return []idiom{
		{"acts", 3, anywhere, (*flowGen).acts}, {"twice", 1, anywhere, (*flowGen).twice}, {"pages", 1, outsideLoops, (*flowGen).pages},
		{"sentinel", 1, outsideLoops, (*flowGen).sentinel}, {"maybe", 1, anywhere, (*flowGen).maybe}, {"fail index", 1, anywhere, (*flowGen).failIndex},
		{"quiet call", 2, anywhere, (*flowGen).quietCall}, {"derived", 1, anywhere, (*flowGen).derived},
		{"fields", 3, anywhere, (*flowGen).fields},
	}
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

// sentinel goes on until it finds the last one, which may be missing.
func (g *flowGen) sentinel() {
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

// fields asks for what single fields of a struct say, and changes others in between.
func (g *flowGen) fields() {
	b, r := g.name_("b"), g.name_("r")
	ask := pick(g, []string{"V10", "RP", "VN", "RW"})
	g.line("%s := Crate{Of: %s, N: %s, Note: %s}", b, g.someRec(), g.key(), g.str())
	switch g.rnd.IntN(6) {
	case 0: // a field, and another one that has changed
		g.line("%s, _ := %s(ctx, %s.N)", r, ask, b)
		g.line("%s.Note += %s.S", b, r)
		g.line("%s.Of.K, _ = P(%s.N, %s.Note)", b, b, b)
	case 1: // a field of a field
		g.line("%s, err := %s(ctx, %s.Of.K)", r, ask, b)
		g.failEdge()
	case 2: // set before it is read
		g.line("%s.Of.K, %s.N = %s.N, %s", b, b, b, g.int())
		g.line("%s, _ := %s(ctx, %s.Of.K)", r, ask, b)
	case 3: // the whole and a field
		g.line("%s := Rec{S: Show(%s.Of)}", r, b)
		g.line("%s.K, _ = P(%s.N, fmt.Sprint(%s))", r, b, b)
	case 4: // one that refers to memory
		g.line("%s := Rec{S: Show(%s.Of)}", r, b)
		g.touch(b + ".Of")
		g.line("%s.S += Show(%s.Of)", r, b)
	case 5: // of each of several
		g.line("%s := Rec{K: 0}", r)
		g.line("for _, x := range []Crate{%s, {N: %s, Note: %s}, %s} {", b, g.key(), g.str(), b)
		g.line("\tgot, err := %s(ctx, x.N)", ask)
		g.line("\tif err != nil {")
		g.line("\t\tcontinue")
		g.line("\t}")
		g.line("\t%s.S += got.S + x.Note", r)
		g.line("}")
	}
	g.line("%s.S += fmt.Sprint(%s.N, %s.Of.S)", r, b, b)
	g.declare("rec", r)
}
