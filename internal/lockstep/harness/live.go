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
	"strings"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/lockstep/world"
	"fluxo.dev/fluxo/internal/simworld"
)

// A Run is a live run with all that is needed to judge it, and to do it again.
type Run struct {
	Package string
	Seed    uint64
	Plan    []string // flow and decision
	Reached []string // what of the laws it came to: "share call panic"
	History *world.History
	Stuck   string // the world's word if it could not go on
}

// A program is one generated package as the live binary knows it.
type program struct {
	name    string // of the package
	table   map[string]world.Flow
	flows   map[string]*engine.Registered // by Go name
	sole    check.Program
	mutated *check.Rules
}

// draw draws some of the program's flows, and plans for all of them. ok is false
// if no plan is of interest.
func (p *program) draw(rnd *rand.Rand) (flows []string, planned map[*engine.Registered]*graph.Graph, lines []string, ok bool) {
	names := slices.Sorted(maps.Keys(p.flows))
	rnd.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	planned = map[*engine.Registered]*graph.Graph{}
	for i, name := range names {
		src := source(p.flows[name])
		mutated := p.mutated
		if i >= 2 {
			mutated = nil
		}
		g, ds, fits := planFor(rnd, src.Graph, p.sole, check.DefaultRules(), mutated)
		if i < 2 {
			flows = append(flows, name)
			ok = ok || fits
		}
		planned[p.flows[name]] = g
		for _, d := range ds {
			lines = append(lines, name+" "+d.String())
		}
	}
	return flows, planned, lines, ok
}

// live does the run of a seed.
func (p *program) live(seed uint64) (*Run, bool) {
	rnd := rand.New(rand.NewPCG(seed, 0x6c697665))
	flows, planned, lines, ok := p.draw(rnd)
	if !ok {
		return nil, false
	}
	run := &Run{Package: p.name, Seed: seed, Plan: lines}
	script := world.Script{Seed: seed}
	if rnd.IntN(5) > 1 {
		script.Trouble = 5 + rnd.IntN(25)
	}
	reqs := requests(rnd, flows)
	err := simworld.Run(seed, func(w *simworld.World) {
		e := engine.New(engine.Options{
			World: w, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Memory: 1 << 20,
			KindOf: func(err error) string { return string(fluxo.KindOf(err)) },
		})
		engine.SetCurrent(e)
		run.Reached = p.install(e, planned)
		run.History = world.Live(w, script)
		run.History.Requests = reqs
		run.History.Shared = slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, " coalesce ") })
		for _, r := range reqs {
			p.begin(w, r)
		}
	})
	if err != nil {
		run.Stuck = err.Error()
	}
	return run, true
}

func source(f *engine.Registered) *engine.Source {
	src, err := f.Source()
	if err != nil {
		panic(fmt.Sprintf("bug: %v", err))
	}
	return src
}

// install puts the planned graphs in force.
func (p *program) install(e *engine.Engine, planned map[*engine.Registered]*graph.Graph) []string {
	for f, g := range planned {
		plan, err := e.Compile(source(f), g, func(graph.FlowName) bool { return true })
		if err != nil {
			panic(fmt.Sprintf("bug: a plan that passed cannot be compiled: %v", err))
		}
		f.Slot.Set(plan)
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
