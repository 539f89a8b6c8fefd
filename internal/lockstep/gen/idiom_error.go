package gen

// Idioms that tell errors apart, make up for them, or answer for them.

import "fmt"

func errorIdioms() []idiom {
	return []idiom{
		{"error switch", 3, anywhere, (*flowGen).errorSwitch}, {"errors.As", 2, anywhere, (*flowGen).errorsAs}, {"fallback", 2, anywhere, (*flowGen).fallback},
		{"joined errors", 1, anywhere, (*flowGen).joinErrors}, {"answered failure", 2, anywhere, (*flowGen).answered}, {"deferred result", 1, withNamedResults, (*flowGen).deferResult},
	}
}

// asked calls a step that may be kept, or not, and names its results.
func (g *flowGen) asked() (r string) {
	r = g.name_("r")
	g.line("%s, err := %s(ctx, %s)", r, pick(g, []string{"V10", "VN", "VE", "RP", "RW", "V0", "O"}), g.key())
	return r
}

// errorSwitch has a way out for each kind of error.
func (g *flowGen) errorSwitch() {
	r := g.asked()
	other := "case err != nil:"
	if g.chance(0.25) {
		other = "default:"
		g.line("switch err {")
		g.line("case nil:")
		g.line("case world.ErrNotFound:")
	} else {
		g.line("switch {")
		g.line("case errors.Is(err, world.ErrNotFound):")
	}
	g.line("\t%s", pick(g, []string{
		r + " = Rec{S: \"nobody\"}", "Put(w, \"missing\")", "return " + g.rec() + ", nil",
		fmt.Sprintf("%s, _ = %s(ctx, %s)", r, pick(g, []string{"RP", "VE", "O"}), g.key()),
	}))
	if g.chance(0.3) {
		g.line("case %s:", map[bool]string{true: "errors.Is(err, context.Canceled)", false: "context.Canceled"}[other != "default:"])
		g.line("\treturn Rec{S: \"gone\"}, err")
	}
	g.line("%s", other)
	switch g.rnd.IntN(3) {
	case 0:
		g.line("\treturn %s, fmt.Errorf(\"%s: %%w\", err)", g.rec(), r)
	case 1:
		g.line("\t%s.S = err.Error()", r)
	case 2:
		g.line("\tw.Lines = append(w.Lines, err.Error())")
		g.line("\treturn %s, nil", g.rec())
	}
	g.line("}")
	g.declare("rec", r)
}

// errorsAs looks for a kind of error in what it is made of.
func (g *flowGen) errorsAs() {
	r := g.asked()
	kind := g.name_("kind")
	g.line("var %s %s", kind, pick(g, []string{"world.NotFound", "interface{ Kind() string }"}))
	g.line("if errors.As(fmt.Errorf(\"%s: %%w\", err), &%s) {", r, kind)
	g.line("\t%s.S += %s.Kind()", r, kind)
	g.line("} else if err != nil {")
	g.line("\treturn %s, err", g.rec())
	g.line("}")
	g.declare("rec", r)
}

// fallback asks somebody else where the first one fails.
func (g *flowGen) fallback() {
	r := g.asked()
	g.line("if err != nil {")
	if g.chance(0.3) {
		g.line("\tfirst := err")
		g.line("\tif %s, err = %s; err != nil {", r, g.other())
		g.line("\t\treturn %s, errors.Join(first, err)", g.rec())
		g.line("\t}")
	} else {
		g.line("\t%s, err = %s", r, g.other())
	}
	g.line("}")
	g.failEdge()
	g.declare("rec", r)
}

func (g *flowGen) other() string {
	return fmt.Sprintf("%s(ctx, %s)", pick(g, []string{"RP", "VN", "V10", "VE", "O", "Q0"}), g.key())
}

// joinErrors asks twice, and looks at what went wrong afterwards.
func (g *flowGen) joinErrors() {
	a, b, e := g.name_("r"), g.name_("r"), g.name_("e")
	g.line("%s, %s := %s", a, e, g.other())
	g.line("%s, err := %s", b, g.other())
	g.line("if err := errors.Join(%s, err); err != nil {", e)
	g.line("\treturn %s, err", g.rec())
	g.line("}")
	g.line("_ = err")
	g.declare("rec", a)
	g.declare("rec", b)
}

// answered writes to the handle of the request when a step fails, and ends the flow.
func (g *flowGen) answered() {
	r := g.asked()
	g.line("if err != nil {")
	g.answers()
	g.line("}")
	g.declare("rec", r)
}

// answers is the body of a failure edge that answers for itself.
func (g *flowGen) answers() {
	g.shape(answeringEdge)
	switch g.rnd.IntN(3) {
	case 0:
		g.line("\tw.Lines = append(w.Lines, fmt.Sprint(\"failed \", %s, err))", g.str())
		g.line("\treturn %s, err", g.rec())
	case 1:
		g.line("\tPut(w, fmt.Sprint(err, %s))", g.str())
		g.line("\treturn Rec{S: \"answered\"}, nil")
	case 2:
		g.line("\tif errors.Is(err, world.ErrNotFound) {")
		g.line("\t\tPut(w, \"nothing there\")")
		g.line("\t\treturn Rec{}, nil")
		g.line("\t}")
		g.line("\tw.Lines = append(w.Lines, \"failed\", Show(%s))", g.someRec())
		g.line("\treturn %s, err", g.rec())
	}
}

// deferResult leaves to the end a change of the results, which have names.
func (g *flowGen) deferResult() {
	switch g.rnd.IntN(5) {
	case 0, 1:
		g.line("defer func() {")
		g.line("\tif err != nil {")
		g.line("\t\terr = fmt.Errorf(\"%s: %%w\", err)", g.name)
		g.line("\t}")
		g.line("}()")
	case 2:
		n := g.name_("n")
		g.line("%s := %s", n, g.int())
		g.declare("int", n) // which what follows may assign
		g.line("defer func() { out.K += %s }()", n)
	case 3:
		g.line("defer func() {")
		g.line("\tif errors.Is(err, world.ErrNotFound) {")
		g.line("\t\tout, err = Rec{K: out.K, S: \"made up \" + out.S}, nil")
		g.line("\t}")
		g.line("}()")
	case 4:
		g.line("defer func() {")
		g.line("\tout.S += %s", g.str())
		g.line("\tw.Lines = append(w.Lines, fmt.Sprint(err))")
		g.line("}()")
	}
}
