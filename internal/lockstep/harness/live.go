package harness

// One live run: a workload against flows under a plan, in a simulated world.

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/lockstep/world"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/simworld"
)

// A Run is a live run with all that is needed to judge it, and to do it again.
type Run struct {
	Package string
	Mutant  string // under whose rules the plan passed; "" for the checker as it is
	Seed    uint64
	Number  int
	Plan    []string // flow and decision
	History *world.History
	Stuck   string   // the world's word if it could not go on
	Reached []string // of the last one, which has no history: what all of them reached
}

// A program is one generated package as the live binary knows it.
type program struct {
	name  string // of the package
	table map[string]world.Flow
	flows map[string]*engine.Registered // by Go name
	sole  check.Program
	drawn *draw
	drop  drop

	choices map[string][]choice // by flow: what is legal alone
	common  map[string]int      // how often a law can be used on a kind of node
}

// A draw is a choice of flows and of plans for all that they reach.
type draw struct {
	number  int
	flows   []string
	planned map[*engine.Registered]*graph.Graph
	sources map[*engine.Registered]*engine.Source
	lines   []string

	decisions int // drawn so far, those left out included
}

// A drop leaves out parts of a run, so that a difference gets smaller.
type drop struct{ decisions, requests map[int]bool }

// parseDrop reads "p0 p3 r1": decisions 0 and 3 of the plan, request 1.
func parseDrop(text string) (drop, error) {
	d := drop{map[int]bool{}, map[int]bool{}}
	for _, f := range strings.Fields(text) {
		i, err := strconv.Atoi(f[1:])
		switch {
		case err != nil:
			return d, fmt.Errorf("-drop %q: write it as in \"p0 r1\"", text)
		case f[0] == 'p':
			d.decisions[i] = true
		default:
			d.requests[i] = true
		}
	}
	return d, nil
}

// draw draws two flows, and plans. It is called once for some runs in a row.
func (p *program) draw(seed uint64, number int) *draw {
	if p.drawn != nil && p.drawn.number == number {
		return p.drawn
	}
	rnd := rand.New(rand.NewPCG(seed, uint64(number)))
	names := slices.Sorted(maps.Keys(p.flows))
	rnd.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	d := &draw{number: number, planned: map[*engine.Registered]*graph.Graph{}, sources: map[*engine.Registered]*engine.Source{}}
	for _, name := range names[:2] {
		d.flows = append(d.flows, name)
		p.plan(rnd, d, name)
	}
	p.drawn = d
	return d
}

// plan draws a plan for a flow, and for the flows that it calls.
func (p *program) plan(rnd *rand.Rand, d *draw, name string) {
	f := p.flows[name]
	if f == nil || d.planned[f] != nil {
		return
	}
	src := source(f).Graph
	g, decisions := p.planFor(rnd, name)
	if drawn := len(decisions); len(p.drop.decisions) > 0 {
		g, decisions = p.without(src, decisions, d.decisions)
		d.decisions += drawn
	}
	d.put(p, f, name, g, decisions)
	for n := range graph.Within(src.Body.Nodes...) {
		if n.Kind == graph.Call {
			p.plan(rnd, d, n.Callee[strings.LastIndexByte(n.Callee, '.')+1:])
		}
	}
}

// without leaves decisions out, the first of which has the number first; all of them if
// what is left does not pass.
func (p *program) without(src *graph.Graph, all []plan.Decision, first int) (*graph.Graph, []plan.Decision) {
	var kept []plan.Decision
	for i, d := range all {
		if !p.drop.decisions[first+i] {
			kept = append(kept, d)
		}
	}
	g, problems := plan.Apply(src, kept)
	if len(problems) > 0 || !check.Check(src, g, p.sole, check.DefaultRules()).OK() {
		return src, nil
	}
	return g, kept
}

// put makes g the plan of a flow.
func (d *draw) put(p *program, f *engine.Registered, name string, g *graph.Graph, decisions []plan.Decision) {
	src := source(f).Graph
	watched, err := engine.NewSource(watch(f.Program, src, lawsOn(src, g, p.sole, check.DefaultRules())))
	if err != nil {
		panic(fmt.Sprintf("bug: %v", err))
	}
	d.planned[f], d.sources[f] = g, watched
	for _, dec := range decisions {
		d.lines = append(d.lines, name+" "+dec.String())
	}
}

// workloads is how many runs one draw of plans is good for.
const workloads = 8

// candidate is a draw of one flow, under one decision.
func (p *program) candidate(c Candidate) *draw {
	d := &draw{flows: []string{c.Flow}, planned: map[*engine.Registered]*graph.Graph{}, sources: map[*engine.Registered]*engine.Source{}}
	f := p.flows[c.Flow]
	decisions := []plan.Decision{c.Decision}
	g, problems := plan.Apply(source(f).Graph, decisions)
	if len(problems) > 0 {
		panic(fmt.Sprintf("bug: a candidate is no plan: %v", problems))
	}
	d.put(p, f, c.Flow, g, decisions)
	return d
}

// live does run number i of a seed.
func (p *program) live(seed uint64, i int) *Run { return p.run(p.draw(seed, i/workloads), seed, i) }

// run does run number i of a seed under the plans of d.
func (p *program) run(d *draw, seed uint64, i int) *Run {
	rnd := rand.New(rand.NewPCG(seed, 1<<40+uint64(i)))
	run := &Run{Package: p.name, Seed: seed, Number: i, Plan: d.lines}
	script := world.Script{Seed: seed + uint64(i)}
	if rnd.IntN(5) > 1 {
		script.Trouble = 5 + rnd.IntN(25)
	}
	reqs := requests(rnd, d.flows)
	for i := len(reqs) - 1; i >= 0; i-- {
		if p.drop.requests[i] {
			reqs = slices.Delete(reqs, i, i+1)
		}
	}
	err := simworld.Run(rnd.Uint64(), func(w *simworld.World) {
		e := engine.New(engine.Options{
			World: w, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Memory: 1 << 20,
			KindOf: func(err error) string { return string(fluxo.KindOf(err)) },
		})
		engine.SetCurrent(e)
		run.History = world.Live(w, script)
		if err := d.install(e); err != nil {
			run.Stuck = err.Error()
			return
		}
		run.History.Requests = reqs
		run.History.Shared = slices.ContainsFunc(d.lines, func(l string) bool { return strings.Contains(l, " coalesce ") })
		for _, r := range reqs {
			p.begin(w, r)
		}
	})
	if err != nil {
		run.Stuck = err.Error()
	}
	for f := range d.planned {
		f.Slot.Set(nil) // the world of its engine is no more
	}
	return run
}

func source(f *engine.Registered) *engine.Source {
	src, err := f.Source()
	if err != nil {
		panic(fmt.Sprintf("bug: %v", err))
	}
	return src
}

// install puts the planned graphs in force.
func (d *draw) install(e *engine.Engine) error {
	for f, g := range d.planned {
		compiled, err := e.Compile(d.sources[f], g, func(graph.FlowName) bool { return true })
		if err != nil {
			return fmt.Errorf("a plan that passed cannot be compiled: %w", err)
		}
		f.Slot.Set(compiled)
	}
	return nil
}

// begin has r arrive at its time, and its caller go away at its own.
func (p *program) begin(w *simworld.World, r *world.Request) {
	flow := p.table[r.Flow]
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), world.UserKey{}, r.User))
	arrive, leave := r.Arrive, r.Cancel
	r.Cancel = -1
	w.Go(func() {
		w.SetLabel(r)
		w.Sleep(nil, arrive)
		r.Arrive = world.Clock()
		if leave >= 0 {
			w.After(leave-arrive, func() {
				r.Cancel = world.Clock()
				cancel()
			})
		}
		world.Call(ctx, flow, r, func(a world.Answer) { r.Answer, r.End = a, world.Clock() })
	})
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
