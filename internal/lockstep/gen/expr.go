package gen

// Expressions: pure glue over the variables in scope.

import "fmt"

func (g *flowGen) int() string {
	t := g.top()
	switch g.rnd.IntN(8) {
	case 0:
		return fmt.Sprint(g.rnd.IntN(4))
	case 1:
		return fmt.Sprintf("(%s+%d)%%4", pick(g, t.ints), 1+g.rnd.IntN(3))
	case 2:
		return fmt.Sprintf("len(%s)", pick(g, t.strs))
	case 3:
		return fmt.Sprintf("len(%s)", pick(g, t.lists))
	case 4:
		if len(t.recs) > 0 {
			return pick(g, t.recs) + ".K"
		}
	case 5: // may panic
		if g.chance(0.3) {
			return fmt.Sprintf("%s[%d]", pick(g, t.lists), g.rnd.IntN(3))
		}
	}
	return pick(g, t.ints)
}

// key is a small int, the usual argument of a step: few distinct ones, so that
// requests meet.
func (g *flowGen) key() string {
	t := g.top()
	switch g.rnd.IntN(6) {
	case 5: // a step within a step's arguments
		if g.budget > 0 && g.chance(0.3) {
			g.budget--
			return fmt.Sprintf("%s(%s)", pick(g, []string{"PP", "Ident"}), pick(g, t.ints))
		}
	case 0:
		return fmt.Sprint(g.rnd.IntN(3))
	case 1:
		if len(t.recs) > 0 {
			return pick(g, t.recs) + ".K%3"
		}
	case 2:
		if g.chance(0.2) { // may panic
			return fmt.Sprintf("%s[%d]", pick(g, t.lists), g.rnd.IntN(3))
		}
	}
	return pick(g, t.ints)
}

func (g *flowGen) str() string {
	t := g.top()
	switch g.rnd.IntN(6) {
	case 0:
		return fmt.Sprintf("%q", string(rune('a'+g.rnd.IntN(4))))
	case 1:
		return fmt.Sprintf("fmt.Sprint(%s)", g.int())
	case 2:
		if len(t.recs) > 0 {
			return pick(g, t.recs) + ".S"
		}
	case 3:
		return fmt.Sprintf("strings.ToUpper(%s)", pick(g, t.strs))
	case 4:
		if len(t.recs) > 0 {
			return fmt.Sprintf("strings.Join(%s.L, \",\")", pick(g, t.recs))
		}
	}
	return pick(g, t.strs)
}

func (g *flowGen) rec() string {
	t := g.top()
	if len(t.recs) > 0 && g.chance(0.5) {
		return pick(g, t.recs)
	}
	all := fmt.Sprintf("fmt.Sprint(%s", g.str())
	for _, r := range t.recs { // the answer shows what the flow saw
		all += ", " + r
	}
	for _, i := range t.ints {
		all += ", " + i
	}
	for _, l := range t.lists {
		all += ", " + l
	}
	return fmt.Sprintf("Rec{K: %s, S: %s)}", g.int(), all)
}

func (g *flowGen) cond() string {
	t := g.top()
	switch g.rnd.IntN(6) {
	case 5: // steps under short-circuit evaluation
		if g.budget > 1 && g.chance(0.3) {
			g.budget -= 2
			return fmt.Sprintf("PP(%s) > 1 %s Ident(%s) == 2", pick(g, t.ints), pick(g, []string{"&&", "||"}), pick(g, t.ints))
		}
	case 0:
		return fmt.Sprintf("%s %s %d", pick(g, t.ints), pick(g, []string{"<", ">", "==", "!="}), g.rnd.IntN(4))
	case 1:
		return fmt.Sprintf("len(%s) > %d", pick(g, t.lists), g.rnd.IntN(4))
	case 2:
		if len(t.recs) > 0 {
			return fmt.Sprintf("%s.K%%2 == %d", pick(g, t.recs), g.rnd.IntN(2))
		}
	case 3:
		return fmt.Sprintf("%s > \"b\" && %s != 1", pick(g, t.strs), pick(g, t.ints))
	}
	return fmt.Sprintf("%s%%2 == 0", pick(g, t.ints))
}
