package harness

// One live run: requests to flows under a plan, in a simulated world.

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/lockstep/world"
	"fluxo.dev/fluxo/internal/simworld"
)

// A Run is a live run with all that is needed to judge it, and to do it again.
type Run struct {
	Package string
	Mutant  string // of the checker or the engine; "" for both as they are
	Seed    uint64
	Number  int
	Plan    []string // flow and decision
	History *world.History
	Stuck   string   // the world's word if it could not go on
	Reached []string // of the last one, which has no history: what all of them reached
}

// live does run number i of a seed.
func (p *program) live(seed uint64, i int) *Run { return p.run(p.draw(seed, i/workloads), seed, i) }

// run does run number i of a seed under the plans of d.
func (p *program) run(d *draw, seed uint64, i int) *Run {
	r := p.play(d, p.caseOf(d, seed, i))
	r.Seed, r.Number = seed, i
	return r
}

// play does the run of a case under the plans of d.
func (p *program) play(d *draw, c Case) *Run {
	run := &Run{Package: p.name, Plan: d.lines}
	err := simworld.Run(c.World, func(w *simworld.World) {
		e := engine.New(engine.Options{
			World: w, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Memory: 1 << 20,
			KindOf: func(err error) string { return string(fluxo.KindOf(err)) },
		})
		engine.SetCurrent(e)
		run.History = world.Live(w, c.Script)
		compiled, err := d.compile(e)
		if err != nil {
			run.Stuck = err.Error()
			return
		}
		run.History.Requests = c.Requests
		run.History.Shared, run.History.Kept = d.has(" coalesce "), d.has(" store ")
		run.History.Calls = d.calls()
		install(compiled)
		for _, at := range c.Swaps {
			w.Go(func() { swap(w, e, compiled, at) })
		}
		for _, r := range c.Requests {
			p.begin(w, r)
		}
	})
	if err != nil {
		run.Stuck = err.Error()
	}
	for f := range d.sources {
		f.Slot.Set(nil) // the world of its engine is no more
	}
	return run
}

func (d *draw) has(verb string) bool {
	return slices.ContainsFunc(d.lines, func(l string) bool { return strings.Contains(l, verb) })
}

// calls reports whether a planned flow calls a flow.
func (d *draw) calls() bool {
	for _, g := range d.planned {
		for n := range graph.Within(g.Body.Nodes...) {
			if n.Kind == graph.Call {
				return true
			}
		}
	}
	return false
}

// compile compiles the planned graphs, for each instance.
func (d *draw) compile(e *engine.Engine) (map[*engine.Registered]*engine.Plan, error) {
	walked := map[graph.FlowName]bool{}
	for f := range d.planned {
		walked[f.name] = true
	}
	all := map[*engine.Registered]*engine.Plan{}
	for f, g := range d.planned {
		for _, i := range f.instances {
			own := &graph.Graph{Flow: i.Name, Vars: g.Vars, Body: g.Body}
			compiled, err := e.Compile(d.sources[i], own, func(n graph.FlowName) bool { return walked[n] })
			if err != nil {
				return nil, fmt.Errorf("a plan that passed cannot be compiled: %w", err)
			}
			all[i] = compiled
		}
	}
	return all, nil
}

// install puts plans in force.
func install(all map[*engine.Registered]*engine.Plan) {
	for f, compiled := range all {
		f.Slot.Set(compiled)
	}
}

// swap takes the plans out of a running program, and puts them back.
func swap(w *simworld.World, e *engine.Engine, all map[*engine.Registered]*engine.Plan, at time.Duration) {
	w.Sleep(nil, at)
	e.Swap(func() {
		for f := range all {
			f.Slot.Set(nil)
		}
	})
	w.Sleep(nil, at/4)
	e.Swap(func() { install(all) })
}

// begin has r arrive at its time, and its caller go away at its own.
func (p *program) begin(w *simworld.World, r *world.Request) {
	flow := p.table[r.Flow]
	ctx, cancel := context.WithCancel(context.WithValue(context.Background(), world.UserKey{}, r.User))
	arrive, leave := r.Arrive, r.Cancel
	r.Cancel = -1
	var mine *limited
	if r.Deadline >= 0 {
		leave = r.Deadline
		mine = &limited{Context: ctx, deadline: simworld.Epoch.Add(leave)}
		ctx = mine
	}
	w.Go(func() {
		w.SetLabel(r)
		w.Sleep(nil, arrive)
		r.Arrive = world.Clock()
		if leave >= 0 {
			w.After(leave-arrive, func() {
				r.Cancel = world.Clock()
				if mine != nil {
					mine.expired = true
				}
				cancel()
			})
		}
		world.Call(ctx, flow, r, func(a world.Answer) { r.Answer, r.End = a, world.Clock() })
	})
}

// A limited context has a deadline, which the world's clock decides.
type limited struct {
	context.Context
	deadline time.Time
	expired  bool
}

func (l *limited) Deadline() (time.Time, bool) { return l.deadline, true }

func (l *limited) Err() error {
	if l.expired {
		return context.DeadlineExceeded
	}
	return l.Context.Err()
}
