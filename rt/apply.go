package rt

// Plans applied to the running process: parsed, written into the graphs,
// checked, compiled and put in place, or refused with the reason.

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/plan"
)

// A Mode says what becomes of the decisions of a plan that are stale or illegal.
type Mode uint8

const (
	// Strict refuses the whole plan: the process stays on the one it had.
	Strict Mode = iota
	// Lenient leaves such decisions out: what they are about runs as written.
	Lenient
)

// An Applied says what a plan came to.
type Applied struct {
	Planned  []string   // flows that run under a plan, sorted
	InForce  []Decision // what the plan does, in its order: no line that is off, stale or refused
	LeftOut  int        // decisions that were left out
	Problems []string   // why, each with what to do; one may speak of several decisions
}

// A Decision is one line of a plan, of the flow that it is about.
type Decision struct{ Flow, Line string }

// Apply makes the plan in text, which name is for messages, that of the process.
// Calls of flows that are under way finish as they began. An error leaves
// everything as it was.
func Apply(name string, text []byte, mode Mode) (Applied, error) {
	return ApplyFrom(0, name, text, mode)
}

// ApplyFrom is Apply by somebody who has seen the plan in that version of State; 0 for any.
func ApplyFrom(version uint64, name string, text []byte, mode Mode) (Applied, error) {
	f, err := plan.Parse(name, text)
	if err != nil {
		return Applied{}, err
	}
	return present.apply(f, mode, version)
}

// draft is a plan on its way into the process.
type draft struct {
	mode     Mode
	planned  planned
	kept     map[graph.FlowName][]plan.Decision // as they stand in the planned graphs
	inForce  []Decision
	leftOut  int
	problems []string
}

// applied returns what the plan comes to.
func (d *draft) applied() Applied {
	a := Applied{InForce: d.inForce, LeftOut: d.leftOut, Problems: slices.Compact(d.problems)}
	for _, name := range slices.Sorted(maps.Keys(d.planned)) {
		a.Planned = append(a.Planned, string(name))
	}
	return a
}

// planned has the planned graphs of flows, by the names that the plan has for them.
type planned map[graph.FlowName]*graph.Graph

// prepare works out every flow's planned graph.
func prepare(f *plan.File, mode Mode) (*draft, error) {
	d := &draft{mode: mode, planned: planned{}, kept: map[graph.FlowName][]plan.Decision{}}
	for _, p := range f.Stale(engine.PlanNames(), nil) {
		d.problems = append(d.problems, p.String())
		d.leftOut += max(len(f.Decisions(graph.FlowName(p.ID))), 1)
	}
	for _, part := range f.Flows() {
		g, err := engine.GraphOf(part.Name)
		if err != nil {
			return nil, err
		}
		if g != nil {
			d.add(part, g)
		}
	}
	if err := d.reach(); err != nil {
		return nil, err
	}
	if mode == Strict && len(d.problems) > 0 {
		errs := make([]error, len(d.problems))
		for i, p := range d.problems {
			errs[i] = errors.New(p)
		}
		return nil, errors.Join(errs...)
	}
	return d, nil
}

// add plans one flow, as far as the checker lets it.
func (d *draft) add(part plan.Flow, source *graph.Graph) {
	broken := false
	g, dropped, problems := plan.ApplyLegal(source, part.Decisions, func(planned *graph.Graph) []graph.NodeID {
		r := check.Check(source, planned, check.Program{Sole: sole.all()}, check.DefaultRules())
		if !r.OK() {
			d.problems = append(d.problems, r.String())
		}
		broken = len(r.Broken) > 0
		return r.Refused()
	})
	for _, p := range problems {
		d.problems = append(d.problems, p.String())
	}
	d.leftOut += len(dropped) + len(problems)
	if !broken && isPlanned(g) { // the flow stays on its own body otherwise
		kept := slices.DeleteFunc(slices.Clone(part.Decisions), func(k plan.Decision) bool {
			return slices.ContainsFunc(dropped, func(o plan.Decision) bool { return o.String() == k.String() })
		})
		d.planned[part.Name], d.kept[part.Name] = withOwn(source, kept), kept
		d.list(part.Name, kept, problems)
	}
}

// list notes which of the decisions that the checker lets stand are in force.
func (d *draft) list(flow graph.FlowName, kept []plan.Decision, problems []plan.Problem) {
	for _, k := range kept {
		stale := slices.ContainsFunc(problems, func(p plan.Problem) bool { return p.ID == k.ID(flow) })
		if k.InForce() && !stale {
			d.inForce = append(d.inForce, Decision{string(flow), k.String()})
		}
	}
}

// withOwn applies decisions that are legal to a flow, and keeps the concurrency that its
// author wrote: without the author's own body, nobody else would.
func withOwn(source *graph.Graph, ds []plan.Decision) *graph.Graph {
	g, _ := plan.WithOwn(source, ds, func(planned *graph.Graph) map[graph.NodeID]string {
		return check.Check(source, planned, check.Program{Sole: sole.all()}, check.DefaultRules()).Reasons()
	})
	return g
}

func isPlanned(g *graph.Graph) bool {
	for at := range g.Places() {
		if at.Node.Kind.IsPlanned() {
			return true
		}
	}
	return false
}

// reach has every flow walked that stored and shared regions call, however
// deep: a region must see what fails inside it and how long its results last, which
// the author's own body does not tell.
func (d *draft) reach() error {
	var queue []graph.FlowName
	for _, g := range d.planned {
		for at := range g.Places() {
			if k := at.Node.Kind; k == graph.Stored || k == graph.Shared {
				queue = append(queue, calls(at.Node.Blocks[0].Nodes)...)
			}
		}
	}
	seen := map[graph.FlowName]bool{}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		g, err := engine.GraphOf(name)
		if err != nil {
			return err
		}
		if g == nil {
			continue
		}
		if d.planned[name] == nil {
			d.planned[name] = withOwn(g, nil)
		}
		queue = append(queue, calls(g.Body.Nodes)...)
	}
	return nil
}

// calls lists the flows that nodes call.
func calls(nodes []*graph.Node) (names []graph.FlowName) {
	for n := range graph.Within(nodes...) {
		if n.Kind == graph.Call {
			names = append(names, graph.FlowName(n.Callee))
		}
	}
	return names
}

// compileFlow makes one flow ready to run; nil if it runs as written and is never noted.
func (ps planned) compileFlow(e *engine.Engine, fl *engine.Registered, probes bool) (*engine.Plan, error) {
	g := ps[fl.Of]
	if g == nil && probes {
		return probe(e, fl)
	}
	if g == nil {
		return nil, nil
	}
	src, err := fl.Source()
	if err != nil {
		return nil, err
	}
	own := &graph.Graph{Flow: fl.Name, Vars: g.Vars, Body: g.Body}
	p, err := e.Compile(src, own, func(callee graph.FlowName) bool { return ps[callee] != nil })
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	p.TellTo(observed.heard.Add)
	return p, ps.shadow(fl, p)
}
