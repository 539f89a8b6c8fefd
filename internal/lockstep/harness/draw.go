package harness

// Draws: flows, and plans for all that they reach.

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

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
	flows map[string]*engine.Registered // by Go name
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
	planned   map[*engine.Registered]*graph.Graph
	sources   map[*engine.Registered]*engine.Source
	lines     []string
	verbs     []plan.Verb
}

func newDraw() *draw {
	return &draw{
		decisions: map[string][]plan.Decision{},
		planned:   map[*engine.Registered]*graph.Graph{}, sources: map[*engine.Registered]*engine.Source{},
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
	src := source(f).Graph
	decisions := p.planFor(rnd, name, d.verbs)
	d.put(p, f, name, p.own(src, decisions), decisions)
	for n := range graph.Within(src.Body.Nodes...) {
		if n.Kind == graph.Call && rnd.IntN(writtenShare) > 0 {
			p.plan(rnd, d, n.Callee[strings.LastIndexByte(n.Callee, '.')+1:])
		}
	}
}

// put makes g the plan of a flow.
func (d *draw) put(p *program, f *engine.Registered, name string, g *graph.Graph, decisions []plan.Decision) {
	src := source(f).Graph
	watched, err := engine.NewSource(watch(f.Program, src, lawsOn(src, g, p.sole, check.DefaultRules())))
	if err != nil {
		panic(fmt.Sprintf("bug: %v", err))
	}
	d.planned[f], d.sources[f], d.decisions[name] = g, watched, decisions
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
	g, problems := plan.Apply(source(f).Graph, decisions)
	if len(problems) > 0 {
		panic(fmt.Sprintf("bug: a candidate is no plan: %v", problems))
	}
	d.put(p, f, c.Flow, g, decisions)
	return d
}

func source(f *engine.Registered) *engine.Source {
	src, err := f.Source()
	if err != nil {
		panic(fmt.Sprintf("bug: %v", err))
	}
	return src
}

// byPackage sorts the registered flows by package and Go name.
func byPackage(all []graph.FlowName) map[string]map[string]*engine.Registered {
	out := map[string]map[string]*engine.Registered{}
	for _, f := range all {
		name := string(f)
		dot := strings.LastIndexByte(name, '.')
		pkg, fn := strings.Trim(name[:dot], "(*)"), name[dot+1:]
		if i := strings.LastIndexByte(pkg, '/'); i >= 0 {
			pkg = pkg[i+1:]
		}
		pkg, _, _ = strings.Cut(pkg, ".")
		if out[pkg] == nil {
			out[pkg] = map[string]*engine.Registered{}
		}
		out[pkg][fn] = engine.Lookup(f)
	}
	return out
}
