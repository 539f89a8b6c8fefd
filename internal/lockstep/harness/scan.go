package harness

// The search for plans that only a mutant of the checker lets pass: each decision of
// some size is tried at every place of every flow.

import (
	"math/rand/v2"
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/plan"
)

// A Candidate is a decision about a flow that the checker refuses and one of its
// mutants does not.
type Candidate struct {
	Package, Flow string
	Decision      plan.Decision
}

// Bounds of the search.
const (
	maxTried      = 600 // decisions of one flow
	maxCandidates = 200 // of one mutant
	maxOfFlow     = 2   // candidates of one flow for one mutant
)

// A scan collects candidates by mutant.
type scan struct {
	found  map[string][]Candidate
	rules  check.Rules
	tables map[string]check.Rules // mutants of the class table
}

func newScan() *scan {
	s := &scan{found: map[string][]Candidate{}, rules: check.DefaultRules(), tables: map[string]check.Rules{}}
	for _, m := range Mutants() {
		if _, isConjunct := s.rules.InForce[graph.ConjunctID(m)]; isConjunct {
			continue
		}
		rules, err := Mutate(m)
		if err != nil {
			panic("bug: " + err.Error())
		}
		s.tables[m] = rules
	}
	return s
}

// flow looks at one flow.
func (s *scan) flow(p *program, name string, seed uint64) {
	src := p.flows[name].graph
	all := decisions(src)
	rnd := rand.New(rand.NewPCG(seed, 0x5ca9))
	rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	here := map[string]int{}
	for _, d := range all[:min(len(all), maxTried)] {
		planned, problems := plan.Apply(src, []plan.Decision{d})
		if len(problems) > 0 {
			continue
		}
		for _, m := range s.killers(src, planned, p.sole) {
			if here[m] < maxOfFlow && len(s.found[m]) < maxCandidates {
				here[m]++
				s.found[m] = append(s.found[m], Candidate{p.name, name, d})
			}
		}
	}
}

// killers lists the mutants that let planned pass, where the checker does not.
func (s *scan) killers(src, planned *graph.Graph, prog check.Program) (names []string) {
	var refused []graph.ConjunctID
	for _, v := range check.Check(src, planned, prog, s.rules).Verdicts {
		for _, r := range v.Refused {
			if !slices.Contains(refused, r.Conjunct) {
				refused = append(refused, r.Conjunct)
			}
		}
	}
	if len(refused) != 1 {
		return nil // legal, or refused twice over
	}
	id := refused[0]
	if len(s.found[string(id)]) < maxCandidates {
		names = append(names, string(id))
	}
	if !slices.Contains(byTable, id) {
		return names
	}
	for m, rules := range s.tables {
		if len(s.found[m]) < maxCandidates && check.Check(src, planned, prog, rules).OK() {
			names = append(names, m)
		}
	}
	return names
}

// byTable lists the conjuncts that ask the class table.
var byTable = []graph.ConjunctID{
	"reorder.3", "reorder.5", "speculate.1", "speculate.3", "store.2", "store.3", "share.2", "share.3", "duplicate.1",
}

// decisions lists small decisions at every place of g, and what keeps all that it returns.
func decisions(g *graph.Graph) (all []plan.Decision) {
	one := func(v plan.Verb, nodes []*graph.Node, from, to int) plan.Decision {
		return plan.Decision{Verb: v, Items: []plan.Region{region(nodes, from, to)}}
	}
	all = append(all, plan.Decision{Verb: plan.Answer})
	inLoop := map[*graph.Block]bool{}
	for n := range graph.Within(g.Body.Nodes...) {
		if n.Kind.IsLoop() {
			inLoop[n.Blocks[0]] = true
		}
	}
	for _, b := range blocks(g.Body) {
		n := len(b.Nodes)
		for from := range n {
			for to := from; to < min(n, from+longest); to++ {
				twice := one(plan.Hedge, b.Nodes, from, to)
				twice.After, twice.Budget = seldomSlow, 100
				all = append(all, one(plan.Store, b.Nodes, from, to), one(plan.Coalesce, b.Nodes, from, to), twice)
				if tellsOfAges(b.Nodes[from : to+1]) {
					again := one(plan.Store, b.Nodes, from, to)
					again.Refresh = 10
					all = append(all, again)
				}
				for first := max(0, from-longest); first < from; first++ {
					d := one(plan.Parallel, b.Nodes, first, first)
					d.Items = append(d.Items, region(b.Nodes, from, to))
					all = append(all, d)
				}
				if inLoop[b] {
					d := one(plan.Parallel, b.Nodes, from, to)
					d.Ahead = 2
					all = append(all, d)
				}
			}
		}
	}
	return all
}

// tellsOfAges reports whether nodes make an observation, and ask what expires.
func tellsOfAges(nodes []*graph.Node) bool {
	has := func(which func(graph.Effect) bool) bool { return slices.ContainsFunc(graph.EffectsOf(nodes...), which) }
	return has(func(e graph.Effect) bool { return e.Class == graph.Observes }) && has(func(e graph.Effect) bool { return e.For > 0 || e.Within > 0 })
}

// longest is the number of nodes of the longest region tried, and how far apart two are.
const longest = 4

func region(nodes []*graph.Node, from, to int) plan.Region {
	return plan.Region{First: nodes[from].ID, Last: nodes[to].ID}
}
