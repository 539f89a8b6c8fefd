package harness

// Draws: flows, and plans for all that they reach.

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/lockstep/gen"
	"fluxo.dev/fluxo/internal/lockstep/world"
	"fluxo.dev/fluxo/internal/plan"
)

// A program is one generated package as the live binary knows it.
type program struct {
	name  string // of the package
	table map[string]world.Flow
	flows map[string]*flow // by Go name
	sole  check.Program
	drawn map[int]*draw // the last one, by its number
	among []string      // the flows to draw from; all if empty

	choices map[string][]choice // by flow: what is legal alone
	common  map[string]int      // how often a law can be used on a kind of node
}

// A draw is a choice of flows and of plans for all that they reach.
type draw struct {
	flows     []string
	decisions map[string][]plan.Decision
	planned   map[*flow]*graph.Graph
	sources   map[*engine.Registered]*engine.Source
	lines     []string
	verbs     []plan.Verb
}

func newDraw() *draw {
	return &draw{
		decisions: map[string][]plan.Decision{},
		planned:   map[*flow]*graph.Graph{}, sources: map[*engine.Registered]*engine.Source{},
	}
}

// One flow in quietShare is one of those that only ask; of the flows that another one
// calls one in writtenShare runs as written.
const quietShare, writtenShare = 4, 5

// draw draws two flows, and plans. It is called once for some runs in a row.
func (p *program) draw(seed uint64, number int) *draw {
	if d := p.drawn[number]; d != nil {
		return d
	}
	rnd := rand.New(rand.NewPCG(seed, uint64(number)))
	names := slices.Sorted(maps.Keys(p.flows))
	rnd.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for i := range names[:2] {
		switch {
		case len(p.among) > 0:
			names[i] = p.among[rnd.IntN(len(p.among))]
		case rnd.IntN(quietShare) == 0:
			names[i] = fmt.Sprint("Q", rnd.IntN(gen.QuietFlows))
		}
	}
	d := newDraw()
	d.verbs = someVerbs(rnd)
	for _, name := range names[:2] {
		d.flows = append(d.flows, name)
		p.plan(rnd, d, name)
	}
	p.drawn = map[int]*draw{number: d}
	return d
}

// plan draws a plan for a flow, and for the flows that it calls.
func (p *program) plan(rnd *rand.Rand, d *draw, name string) {
	f := p.flows[name]
	if f == nil || d.planned[f] != nil {
		return
	}
	decisions := p.planFor(rnd, name, d.verbs)
	d.put(p, f, name, p.own(f.graph, decisions), decisions)
	for n := range graph.Within(f.graph.Body.Nodes...) {
		if n.Kind == graph.Call && rnd.IntN(writtenShare) > 0 {
			_, callee := goName(graph.FlowName(n.Callee))
			p.plan(rnd, d, callee)
		}
	}
}

// put makes g the plan of a flow, for all its instances.
func (d *draw) put(p *program, f *flow, name string, g *graph.Graph, decisions []plan.Decision) {
	on := lawsOn(f.graph, g, p.sole, check.DefaultRules())
	for _, instance := range f.instances {
		watched, err := engine.NewSource(watch(instance.Program, f.graph, on))
		if err != nil {
			panic(fmt.Sprintf("bug: %v", err))
		}
		d.sources[instance] = watched
	}
	d.planned[f], d.decisions[name] = g, decisions
	for _, dec := range decisions {
		d.lines = append(d.lines, name+" "+dec.String())
	}
}

// own lets whatever the author of a flow runs beside each other begin together, as it does
// under every plan that is in force.
func (p *program) own(src *graph.Graph, decisions []plan.Decision) *graph.Graph {
	g, _ := plan.WithOwn(src, decisions, func(planned *graph.Graph) map[graph.NodeID]string {
		return check.Check(src, planned, p.sole, check.DefaultRules()).Reasons()
	})
	return g
}

// workloads is how many runs one draw of plans is good for.
const workloads = 8

// candidate is a draw of one flow, under one decision.
func (p *program) candidate(c Candidate) *draw {
	d := newDraw()
	d.flows = []string{c.Flow}
	f := p.flows[c.Flow]
	decisions := []plan.Decision{c.Decision}
	g, problems := plan.Apply(f.graph, decisions)
	if len(problems) > 0 {
		panic(fmt.Sprintf("bug: a candidate is no plan: %v", problems))
	}
	d.put(p, f, c.Flow, g, decisions)
	return d
}
