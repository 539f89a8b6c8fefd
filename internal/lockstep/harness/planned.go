package harness

// Plans that the checker lets pass: drawn so that each law meets each kind of node,
// the rare ones more often than they would by themselves.

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/plan"
)

const (
	maxDecisions = 6   // of one flow
	maxLegal     = 240 // decisions of one flow that are tried for what is legal alone
	maxDrawn     = 8   // of which the one with the rarest meeting is taken
)

// A choice is a decision that is legal alone, and what it has laws meet: "store step".
type choice struct {
	decision plan.Decision
	meets    []string
	covers   map[graph.NodeID][]graph.Law
}

// look finds what is legal for each flow of the package, and how often each law
// can be used on each kind of node. It does so once.
func (p *program) look() {
	if p.choices != nil {
		return
	}
	p.choices, p.common = map[string][]choice{}, map[string]int{}
	for name := range p.flows {
		p.choices[name] = p.legal(name)
		for _, c := range p.choices[name] {
			for _, m := range c.meets {
				p.common[m]++
			}
		}
	}
}

// legal lists decisions about a flow that are legal alone.
func (p *program) legal(name string) []choice {
	src := p.flows[name].graph
	all := decisions(src)
	rnd := rand.New(rand.NewPCG(uint64(len(all)), 0x1e6a1))
	rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var kept []choice
	for _, d := range all[:min(len(all), maxLegal)] {
		g, problems := plan.Apply(src, []plan.Decision{d})
		if len(problems) > 0 || !check.Check(src, g, p.sole, check.DefaultRules()).OK() {
			continue
		}
		on := lawsOn(src, g, p.sole, check.DefaultRules())
		kept = append(kept, choice{d, meetings(src, on), on})
	}
	return kept
}

// meetings names the laws and the kinds of node that they are used on.
func meetings(src *graph.Graph, on map[graph.NodeID][]graph.Law) (all []string) {
	seen := map[string]bool{}
	for n := range graph.Within(src.Body.Nodes...) {
		for _, law := range on[n.ID] {
			if m := fmt.Sprint(law, " ", n.Kind); !seen[m] {
				seen[m] = true
				all = append(all, m)
			}
		}
	}
	return all
}

// someVerbs draws what a plan may do. Every other plan does one thing only, so that
// nothing else hides what comes of it.
func someVerbs(rnd *rand.Rand) []plan.Verb {
	all := []plan.Verb{plan.Parallel, plan.Store, plan.Coalesce, plan.Hedge}
	if i := rnd.IntN(2 * len(all)); i < len(all) {
		all = all[i : i+1]
	}
	if slices.Contains(all, plan.Store) {
		all = append(all, plan.Answer) // the same law, of a whole flow
	}
	return all
}

// planFor draws decisions for a flow until some of them pass together.
func (p *program) planFor(rnd *rand.Rand, name string, verbs []plan.Verb) []plan.Decision {
	src := p.flows[name].graph
	p.look()
	var legal []choice
	for _, c := range p.choices[name] {
		if slices.Contains(verbs, c.decision.Verb) {
			legal = append(legal, c)
		}
	}
	var kept []plan.Decision
	first := nest(rnd, legal)
	for range 3 * maxDecisions {
		d := decision(rnd, src)
		switch {
		case len(first) > 0:
			d, first = first[0].decision, first[1:]
		case len(legal) > 0 && rnd.IntN(3) > 0:
			d = p.rarest(rnd, legal)
		}
		if !slices.Contains(verbs, d.Verb) {
			continue
		}
		d = options(rnd, d)
		next, problems := plan.Apply(src, append(kept[:len(kept):len(kept)], d))
		if len(problems) > 0 || !check.Check(src, next, p.sole, check.DefaultRules()).OK() {
			continue
		}
		if kept = append(kept, d); len(kept) == maxDecisions {
			break
		}
	}
	return kept
}

// maxNested is how many decisions are nested in one.
const maxNested = 2

// nest draws, every other time, a decision and some inside what it is about: what the
// inner ones depend on, the outer one must know.
func nest(rnd *rand.Rand, legal []choice) []choice {
	if len(legal) == 0 || rnd.IntN(2) == 0 {
		return nil
	}
	outer := legal[rnd.IntN(len(legal))]
	if len(outer.covers) < 2 {
		return nil
	}
	var within []choice
	for _, c := range legal {
		if len(c.covers) < len(outer.covers) && covers(outer, c) {
			within = append(within, c)
		}
	}
	if len(within) == 0 {
		return nil
	}
	all := []choice{outer}
	for range maxNested {
		all = append(all, within[rnd.IntN(len(within))])
	}
	return all
}

// covers reports whether all nodes of inner are among those of outer.
func covers(outer, inner choice) bool {
	for id := range inner.covers {
		if _, ok := outer.covers[id]; !ok {
			return false
		}
	}
	return true
}

// rarest draws some choices and takes the one with the rarest meeting.
func (p *program) rarest(rnd *rand.Rand, legal []choice) plan.Decision {
	best := legal[rnd.IntN(len(legal))]
	least := len(p.choices) * maxLegal
	for range maxDrawn {
		c := legal[rnd.IntN(len(legal))]
		for _, m := range c.meets {
			if p.common[m] < least {
				best, least = c, p.common[m]
			}
		}
	}
	return best.decision
}
