package gen

// Shapes: which idioms there are, how one is drawn, and what is counted.

import "slices"

// An idiom is a few lines that people write in one go, how often it is drawn, and where it has
// room.
type idiom struct {
	name   string
	weight int
	fits   func(g *flowGen) bool
	write  func(g *flowGen)
}

func anywhere(*flowGen) bool           { return true }
func outsideLoops(g *flowGen) bool     { return g.loops == 0 && g.budget > 0 }
func inShallowLoops(g *flowGen) bool   { return g.loops < 2 && g.budget > 0 }
func atTop(g *flowGen) bool            { return g.indent == 1 && g.budget > 0 }
func withNamedResults(g *flowGen) bool { return g.named && g.loops == 0 }

// idioms lists them all.
func idioms() []idiom {
	return slices.Concat(plainIdioms(), memoryIdioms(), askIdioms(), loopIdioms(), errorIdioms(), instanceIdioms(), forkIdioms())
}

// idiom writes one of them.
func (g *flowGen) idiom() {
	all := slices.DeleteFunc(idioms(), func(i idiom) bool { return !i.fits(g) })
	total := 0
	for _, i := range all {
		total += i.weight
	}
	n := g.rnd.IntN(total)
	for _, i := range all {
		if n -= i.weight; n < 0 {
			g.shape(i.name)
			i.write(g)
			return
		}
	}
}

// Shapes lists the names of all shapes that are counted.
func Shapes() []string {
	all := []string{genericFlow, methodFlow, interfaceCall, answeringEdge}
	for _, i := range idioms() {
		all = append(all, i.name)
	}
	return all
}

// Shapes that are no idioms.
const (
	genericFlow   = "generic flow"
	methodFlow    = "method"
	interfaceCall = "interface call"
	answeringEdge = "answering edge"
)

// shape notes what the flow has.
func (g *flowGen) shape(name string) {
	if g.shapes == nil {
		g.shapes = map[string]bool{}
	}
	g.shapes[name] = true
}
