package check

// The driver: two graphs in, a report out.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// Check says whether planned means what source means, and for every node that
// the plan added, which conjuncts carry it or which one refuses it. It changes
// neither graph, and takes time about quadratic in the number of nodes.
func Check(source, planned *graph.Graph, prog Program, rules Rules) Report {
	r := Report{Flow: source.Flow}
	r.Broken = append(differences(source, planned), shape(planned)...)
	if len(r.Broken) > 0 {
		return r // verdicts about another graph would be worth nothing
	}
	c := &checker{g: planned, prog: prog, rules: rules, vars: map[graph.VarID]*graph.Var{}, forks: map[*graph.Node][]*graph.Fork{}}
	for _, v := range planned.Vars {
		c.vars[v.ID] = v
	}
	for p := range planned.Places() {
		c.forks[p.Node] = graph.ForksOf(p)
	}
	for p := range planned.Places() {
		switch p.Node.Kind {
		case graph.Start:
			r.Verdicts = append(r.Verdicts, c.begin(p))
		case graph.Stored:
			r.Verdicts = append(r.Verdicts, c.keep(p, graph.Store))
		case graph.Shared:
			r.Verdicts = append(r.Verdicts, c.keep(p, graph.Share))
		case graph.Hedged:
			r.Verdicts = append(r.Verdicts, c.twice(p))
		}
	}
	return r
}

// A checker is one run of Check.
type checker struct {
	g     *graph.Graph
	prog  Program
	rules Rules
	vars  map[graph.VarID]*graph.Var
	forks map[*graph.Node][]*graph.Fork // that a node is part of
}

// A test is the code of one conjunct about sites of type S: it returns what
// stands in the way, nothing if the conjunct holds.
type test[S any] struct {
	id  graph.ConjunctID
	run func(*checker, S) []Finding
}

// try runs the tests that are in force and enters the outcome into v.
func try[S any](c *checker, v *Verdict, site S, tests []test[S]) {
	for _, t := range tests {
		if !c.rules.InForce[t.id] {
			continue
		}
		if found := t.run(c, site); len(found) > 0 {
			v.Refused = append(v.Refused, Refusal{Conjunct: t.id, Says: says(t.id), Findings: distinct(found)})
		} else {
			v.Holds = append(v.Holds, t.id)
		}
	}
}

// says returns a conjunct's text.
func says(id graph.ConjunctID) string {
	for _, c := range graph.Laws() {
		if c.ID == id {
			return c.Says
		}
	}
	panic(fmt.Sprintf("bug: conjunct %s is in no law", id))
}

// find makes a finding about nodes.
func find(why, fix string, nodes ...*graph.Node) Finding {
	f := Finding{Why: why, Fix: fix}
	for _, n := range nodes {
		f.Nodes = append(f.Nodes, n.ID)
		f.At = append(f.At, n.Pos)
	}
	return f
}

// distinct keeps the first of findings that say the same.
func distinct(fs []Finding) (kept []Finding) {
	for _, f := range fs {
		if !slices.ContainsFunc(kept, func(g Finding) bool { return g.Why == f.Why }) {
			kept = append(kept, f)
		}
	}
	return kept
}

// all lists nodes and everything in their blocks, without what a plan added.
func all(nodes ...*graph.Node) (out []*graph.Node) {
	for n := range graph.Within(nodes...) {
		if !n.Kind.IsPlanned() {
			out = append(out, n)
		}
	}
	return out
}

// common lists what is in both.
func common(a, b []graph.VarID) (out []graph.VarID) {
	for _, id := range a {
		if slices.Contains(b, id) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// isHandle reports whether a variable is a request-scoped handle: those have
// conjuncts of their own.
func (c *checker) isHandle(id graph.VarID) bool {
	v := c.vars[id]
	return v != nil && v.Kind == graph.Handle
}

// values lists the variables among ids that are no handles.
func (c *checker) values(ids []graph.VarID) []graph.VarID {
	return slices.DeleteFunc(slices.Clone(ids), c.isHandle)
}

// edited lists the variables, handles apart, whose content a node changes: those it
// edits in place, with all that may share their memory.
func (c *checker) edited(n *graph.Node) []graph.VarID {
	return c.values(graph.Alike(c.g, n.Edit))
}

// editedOutside lists what nodes edit of memory that they did not make: that of
// the variables in entering, and of all that may share it.
func (c *checker) editedOutside(n *graph.Node, entering []graph.VarID) []graph.VarID {
	var out []graph.VarID
	for _, id := range c.values(n.Edit) {
		if group := graph.Alike(c.g, []graph.VarID{id}); len(common(group, entering)) > 0 {
			out = append(out, group...)
		}
	}
	return out
}
