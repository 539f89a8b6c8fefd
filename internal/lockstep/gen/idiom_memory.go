package gen

// Idioms that share memory, look at it and change it.

func memoryIdioms() []idiom {
	return []idiom{
		{"alias", 2, anywhere, (*flowGen).alias}, {"late edit", 1, anywhere, (*flowGen).lateEdit}, {"sort parameter", 2, anywhere, (*flowGen).sortParam},
		{"look", 2, anywhere, (*flowGen).look}, {"read and sort", 1, anywhere, (*flowGen).readAndSort},
	}
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

// readAndSort looks at a list and sorts it, with nothing in between that might fail.
func (g *flowGen) readAndSort() {
	s, l := g.name_("s"), pick(g, g.top().lists)
	g.line("%s := fmt.Sprint(%s)", s, l)
	g.line("%s(%s)", pick(g, []string{"slices.Sort", "slices.Reverse"}), l)
	g.declare("str", s)
}
