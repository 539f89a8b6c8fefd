package check

// What the checker is told beside the two graphs.

import "fluxo.dev/fluxo/graph"

// A Program holds the facts about the whole program that a flow's graph cannot
// show.
type Program struct {
	// Sole has the names of data for which the main package says that this
	// process is their only writer (//fluxo:sole).
	Sole map[string]bool
}

// Rules is what the verdicts follow from.
type Rules struct {
	Classes graph.Classes
	InForce map[graph.ConjunctID]bool
}

// DefaultRules returns the class table as it is, with every conjunct in force.
func DefaultRules() Rules {
	r := Rules{Classes: graph.Table(), InForce: map[graph.ConjunctID]bool{}}
	for _, c := range graph.Laws() {
		r.InForce[c.ID] = true
	}
	return r
}

// Without returns the rules with one conjunct disabled.
func (r Rules) Without(id graph.ConjunctID) Rules {
	inForce := map[graph.ConjunctID]bool{}
	for k, v := range r.InForce {
		inForce[k] = v && k != id
	}
	r.InForce = inForce
	return r
}
