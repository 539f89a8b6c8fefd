package gen

// Idioms of fork and join.

import "fmt"

func forkIdioms() []idiom {
	return []idiom{{"fork", 2, atTop, (*flowGen).fork}, {"fork each", 1, atTop, (*flowGen).forkEach}, {"fork that acts", 1, atTop, (*flowGen).forkActs}}
}

// group makes a group, and names it and the context that its functions may use.
func (g *flowGen) group() (group, ctx string) {
	group = g.name_("group")
	if g.chance(0.5) {
		g.line("var %s errgroup.Group", group)
		ctx = "ctx"
	} else {
		ctx = g.name_("c")
		g.line("%s, %s := errgroup.WithContext(ctx)", group, ctx)
		g.line("_ = %s", ctx)
	}
	if g.chance(0.2) {
		g.line("%s.SetLimit(2)", group)
	}
	return group, ctx
}

// join awaits a group.
func (g *flowGen) join(group string) {
	switch g.rnd.IntN(4) {
	case 0:
		g.line("_ = %s.Wait()", group)
	case 1:
		g.line("if err := %s.Wait(); err != nil {", group)
		g.answers()
		g.line("}")
	default:
		g.line("if err := %s.Wait(); err != nil {", group)
		g.line("\treturn %s, err", g.rec())
		g.line("}")
	}
}

// fork asks several beside each other.
func (g *flowGen) fork() {
	group, ctx := g.group()
	var all []string
	g.budget -= 2
	for range 2 + g.rnd.IntN(4)/3 {
		r := g.name_("r")
		all = append(all, r)
		g.line("var %s Rec", r)
	}
	for i, r := range all {
		step := fmt.Sprintf("%s(%s, %s)", pick(g, []string{"V10", "RP", "VN", "VE", "V0", "RW"}), ctx, g.key())
		g.line("%s.Go(func() error {", group)
		ways := 5
		if i > 0 {
			ways = 4 // beside one that panics it may have logged, which source order never shows
		}
		switch g.rnd.IntN(ways) {
		case 0:
			g.line("\tvar err error")
			g.line("\t%s, err = %s", r, step)
			g.line("\treturn err")
		case 1:
			g.line("\tgot, err := %s", step)
			g.line("\tif err != nil {")
			g.line("\t\treturn fmt.Errorf(\"%s: %%w\", err)", r)
			g.line("\t}")
			g.line("\t%s = got", r)
			g.line("\treturn nil")
		case 2:
			g.line("\tn, err := P(%s, %s)", pick(g, g.top().ints), g.str())
			g.line("\t%s.K = n", r)
			g.line("\treturn err")
		case 3:
			g.line("\tgot, err := %s", step)
			g.line("\tif err == nil {")
			g.line("\t\t%s.K, err = P(got.K, got.S)", r)
			g.line("\t}")
			g.line("\treturn err")
		case 4:
			g.line("\t%s, _ = %s", r, step)
			g.line("\tLog(%s.K, \"beside\")", r)
			g.line("\treturn nil")
		}
		g.line("})")
	}
	g.join(group)
	for _, r := range all {
		g.declare("rec", r)
	}
}

// forkEach asks for each element of a list beside the others.
func (g *flowGen) forkEach() {
	g.budget -= 2
	group, ctx := g.group()
	all, l, s := g.name_("rs"), g.name_("l"), g.name_("s")
	from := pick(g, g.top().lists)
	g.line("%s := %s[:min(len(%s), 2)]", l, from, from)
	g.line("%s := make([]Rec, len(%s))", all, l)
	g.line("for i, each := range %s {", l)
	g.line("\t%s.Go(func() error {", group)
	g.line("\t\tvar err error")
	g.line("\t\t%s[i], err = %s(%s, each)", all, pick(g, []string{"V10", "RP", "VN"}), ctx)
	g.line("\t\treturn err")
	g.line("\t})")
	g.line("}")
	g.join(group)
	g.line("%s := fmt.Sprint(%s)", s, all)
	g.declare("str", s)
}

// forkActs acts beside what looks at nothing but its arguments: whatever the order, the
// world sees the same.
func (g *flowGen) forkActs() {
	g.budget--
	group, ctx := g.group()
	n, m := g.name_("n"), g.name_("n")
	g.line("var %s, %s int", n, m)
	act := fmt.Sprintf("return WP(%s, %s, \"forked\")", ctx, pick(g, g.top().ints))
	if g.chance(0.5) {
		act = fmt.Sprintf("var err error; %s, err = E(%s, %s); return err", n, ctx, pick(g, g.top().ints))
	}
	bodies := []string{
		act,
		fmt.Sprintf("%s = Ident(%s); return nil", m, pick(g, g.top().ints)),
		fmt.Sprintf("var err error; %s, err = P(%s, \"x\"); return err", m, pick(g, g.top().ints)),
	}
	bodies = append(bodies[:1], pick(g, bodies[1:]))
	g.rnd.Shuffle(2, func(i, j int) { bodies[i], bodies[j] = bodies[j], bodies[i] })
	for _, body := range bodies {
		g.line("%s.Go(func() error { %s })", group, body)
	}
	g.join(group)
	g.declare("int", n)
	g.declare("int", m)
}
