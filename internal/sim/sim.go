package sim

// A trace replayed under a plan.

import (
	"context"
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
	trace   *Trace
	flows   map[graph.FlowName]*program
	calls   map[string]int
	out     *Outcome
}

// A Trace is a profile's, taken apart once for any number of replays.
type Trace struct {
	cores    int
	flows    map[graph.FlowName]*flow
	requests []*scene
}

// Read takes a trace apart. It must not be changed afterwards.
func Read(p *profile.Trace) (*Trace, error) {
	t := &Trace{cores: max(p.Cores, 1), flows: map[graph.FlowName]*flow{}}
	for _, f := range p.Flows {
		fl, err := newFlow(f.Graph)
		if err != nil {
			return nil, err
		}
		t.flows[fl.graph.Flow] = fl
	}
	for _, run := range p.Runs {
		s, err := t.read(run)
		if err != nil {
			return nil, err
		}
		t.requests = append(t.requests, s)
	}
	for _, fl := range t.flows {
		fl.usual.settle()
	}
	return t, nil
}

// Run replays a trace. It may be called for one trace at the same time.
func Run(trace *Trace, o Options) (*Outcome, error) {
	if o.Cores == 0 {
		o.Cores = trace.cores
	}
	if o.Rate == 0 {
		o.Rate = 1
	}
	if o.SlowerAll == 0 {
		o.SlowerAll = 1
	}
	w := newWorld(o.Seed, o.Cores)
	r := &replay{
		options: o, world: w, trace: trace, flows: map[graph.FlowName]*program{}, calls: map[string]int{}, out: &Outcome{},
		engine: engine.New(engine.Options{World: w, Memory: o.Memory, KindOf: kindOf, Log: slog.New(slog.DiscardHandler)}),
	}
	if err := r.compile(); err != nil {
		return nil, err
	}
	r.arrive(0)
	err := w.run()
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
func (r *replay) compile() error {
	walked := func(callee graph.FlowName) bool { return r.trace.flows[callee] != nil }
	for name, fl := range r.trace.flows {
		planned := r.options.Plans[name]
		if planned == nil {
			planned = fl.graph
		}
		src, err := r.source(fl)
		if err != nil {
			return err
		}
		plan, err := r.engine.Compile(src, planned, walked)
		if err != nil {
			return err
		}
		r.flows[name] = &program{fl, plan}
	}
	return nil
}

// arrive has the i-th request arrive, and then those behind it.
func (r *replay) arrive(i int) {
	if i == len(r.trace.requests) {
		return
	}
	s := r.trace.requests[i]
	r.world.at(time.Duration(float64(s.run.At)/r.options.Rate), func() {
		r.world.Go(func() { r.request(s) })
		r.arrive(i + 1)
	})
}

// request runs one request.
func (r *replay) request(s *scene) {
	fl := r.flows[s.run.Flow]
	began, busy := r.world.now, r.world.busy
	out, raised := r.attempt(fl, s)
	if s.run.At < r.options.From {
		return
	}
	if len(r.out.Requests) == 0 {
		r.out.Busy -= busy // of what came before
	}
	q := Request{Flow: fl.graph.Flow, At: s.run.At, Took: r.world.now - began, Failed: raised}
	for _, v := range out {
		q.Failed = q.Failed || v.err != nil
	}
	r.out.Requests = append(r.out.Requests, q)
	r.out.Length = r.world.now
}

// attempt runs a request to its end, however that comes.
func (r *replay) attempt(fl *program, s *scene) (out []value, raised bool) {
	defer func() {
		if v := recover(); v != nil {
			if v != errRaised {
				panic(v)
			}
			raised = true
		}
	}()
	return r.runFlow(context.Background(), fl, s), false
}

// runFlow runs a flow as a recorded run did, and returns its results.
func (r *replay) runFlow(ctx context.Context, fl *program, s *scene) []value {
	f := fl.plan.Enter()
	h := f.Vars.(*held)
	h.scene = s
	for _, p := range fl.params {
		if p.Kind == graph.Context {
			h.values[p.slot].ctx = ctx
		}
	}
	for _, v := range s.run.Params {
		if p := fl.vars[v.Var]; p.Kind != graph.Context {
			h.values[p.slot] = value{hash: v.Hash, size: v.Size}
		}
	}
	fl.plan.Run(ctx, f)
	out := make([]value, len(fl.result))
	for i, v := range fl.result {
		out[i] = h.values[v.slot]
	}
	fl.plan.Leave(f)
	return out
}
