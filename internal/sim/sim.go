package sim

// A trace replayed under a plan.

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// Options say what is supposed beside the trace. The zero value supposes nothing.
type Options struct {
	Plans     map[graph.FlowName]*graph.Graph // planned graphs; flows without one run as written
	Memory    int64                           // of all stored results together, in bytes; 0 for the engine's default
	Cores     int                             // 0 for those of the trace
	Rate      float64                         // of arrivals, over that of the trace; 0 for 1
	SlowerAll float64                         // time of steps that wait, over the recorded one; 0 for 1
	Slower    map[string]float64              // the same for one step, by its full name
	From      time.Duration                   // requests that arrive before are run, to fill the stores, and not counted
	Seed      uint64
}

// An Outcome is what a replay came to.
type Outcome struct {
	Requests []Request      // by arrival, from Options.From on
	Calls    map[string]int // how often each step that waits was called, by its full name
	Busy     time.Duration  // of processors
	Length   time.Duration  // from the first of the requests to the last answer
}

// A Request is one that was replayed.
type Request struct {
	Flow   graph.FlowName
	At     time.Duration // when it arrived, by the trace's clock
	Took   time.Duration
	Failed bool
}

// A replay is one under way.
type replay struct {
	options Options
	world   *world
	engine  *engine.Engine
	flows   map[graph.FlowName]*flow
	calls   map[string]int
	out     *Outcome
	err     error
}

// Run replays a trace.
func Run(trace *profile.Trace, o Options) (*Outcome, error) {
	if o.Cores == 0 {
		o.Cores = max(trace.Cores, 1)
	}
	if o.Rate == 0 {
		o.Rate = 1
	}
	if o.SlowerAll == 0 {
		o.SlowerAll = 1
	}
	w := newWorld(o.Seed, o.Cores)
	r := &replay{
		options: o, world: w, flows: map[graph.FlowName]*flow{}, calls: map[string]int{}, out: &Outcome{},
		engine: engine.New(engine.Options{World: w, Memory: o.Memory, KindOf: kindOf, Log: slog.New(slog.DiscardHandler)}),
	}
	if err := r.compile(trace); err != nil {
		return nil, err
	}
	r.arrive(trace, 0)
	err := w.run()
	if r.err != nil {
		return nil, r.err
	}
	if err != nil {
		return nil, err
	}
	r.out.Calls = r.calls
	return r.out, nil
}

func kindOf(err error) string {
	if k, ok := err.(kindError); ok {
		return string(k)
	}
	return ""
}

// compile makes the flows ready to run under their plans.
func (r *replay) compile(trace *profile.Trace) error {
	for _, f := range trace.Flows {
		fl, err := r.newFlow(f.Graph)
		if err != nil {
			return err
		}
		r.flows[fl.graph.Flow] = fl
	}
	for _, run := range trace.Runs {
		if err := r.learn(run); err != nil {
			return err
		}
	}
	for name, fl := range r.flows {
		planned := r.options.Plans[name]
		if planned == nil {
			planned = fl.graph
		}
		plan, err := r.engine.Compile(fl.source, planned, func(callee graph.FlowName) bool { return r.flows[callee] != nil })
		if err != nil {
			return err
		}
		fl.plan = plan
	}
	return nil
}

// learn takes in what nodes did in a run and in those that it called.
func (r *replay) learn(run *profile.Run) error {
	fl := r.flows[run.Flow]
	if fl == nil {
		return fmt.Errorf("a run in the trace is of %s, whose graph the trace does not have", run.Flow)
	}
	s, err := fl.read(run)
	if err != nil {
		return err
	}
	fl.usual.learn(fl, s)
	for i := range run.Visits {
		if called := run.Visits[i].Run; called != nil {
			if err := r.learn(called); err != nil {
				return err
			}
		}
	}
	return nil
}

// arrive has the i-th request arrive, and then those behind it.
func (r *replay) arrive(trace *profile.Trace, i int) {
	if i == len(trace.Runs) {
		return
	}
	run := trace.Runs[i]
	r.world.at(time.Duration(float64(run.At)/r.options.Rate), func() {
		r.world.Go(func() { r.request(run) })
		r.arrive(trace, i+1)
	})
}

// request runs one request.
func (r *replay) request(run *profile.Run) {
	fl := r.flows[run.Flow]
	began, busy := r.world.now, r.world.busy
	out, raised := r.attempt(fl, run)
	if run.At < r.options.From {
		return
	}
	if len(r.out.Requests) == 0 {
		r.out.Busy -= busy // of what came before
	}
	q := Request{Flow: fl.graph.Flow, At: run.At, Took: r.world.now - began, Failed: raised}
	for _, v := range out {
		q.Failed = q.Failed || v.err != nil
	}
	r.out.Requests = append(r.out.Requests, q)
	r.out.Length = r.world.now
}

// attempt runs a request to its end, however that comes.
func (r *replay) attempt(fl *flow, run *profile.Run) (out []value, raised bool) {
	defer func() {
		if v := recover(); v != nil {
			if v != errRaised {
				panic(v)
			}
			raised = true
		}
	}()
	return r.runFlow(context.Background(), fl, run), false
}

// runFlow runs a flow as a recorded run did, and returns its results.
func (r *replay) runFlow(ctx context.Context, fl *flow, run *profile.Run) []value {
	s, err := fl.read(run)
	if err != nil {
		r.err = err
		return nil
	}
	f := fl.plan.Enter()
	h := f.Vars.(*held)
	h.scene = s
	for _, p := range fl.params {
		if p.Kind == graph.Context {
			h.values[p.slot].ctx = ctx
		}
	}
	for _, v := range run.Params {
		for _, p := range fl.params {
			if p.number == int(v.Var) {
				h.values[p.slot] = value{hash: v.Hash, size: v.Size}
			}
		}
	}
	fl.plan.Run(ctx, f)
	var out []value
	for _, v := range fl.result {
		out = append(out, h.values[v.slot])
	}
	fl.plan.Leave(f)
	return out
}
