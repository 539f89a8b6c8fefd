package sim

// A trace replayed under a plan.

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
)

// Options say what is supposed beside the trace. The zero value supposes nothing.
type Options struct {
	Plans     map[graph.FlowName]*graph.Graph // planned graphs; flows without one run as written
	Memory    int64                           // of all stored results together, in bytes; 0 for the engine's default
	Cores     int                             // 0 for those of the trace
	Rate      float64                         // of arrivals, over that of the trace; 0 for 1
	SlowerAll float64                         // time of steps that wait, over the recorded one; 0 for 1
	Slower    map[string]float64              // the same for one step, by its full name
	Down      map[string]bool                 // steps whose upstream fails, by their full names
	From      time.Duration                   // requests that arrive before are run, to fill the stores, and not counted
	Seed      uint64
	Expected  int                     // requests, about, where a trace is read from a stream; 0 if nobody knows
	Scheduled map[graph.FlowName]bool // flows that nothing but a schedule begins: nobody waits for their runs

	Called func(step string, at time.Duration) // told of every call of a step that waits, by the replay's clock; nil for nobody
}

// An Outcome is what a replay came to.
type Outcome struct {
	Requests []Request      // by arrival, from Options.From on, scheduled runs among them
	Calls    map[string]int // how often each step that waits was called from Options.From on, by its full name
	Nodes    int            // that were run, all of the replay
	Busy     time.Duration  // of processors
	Queued   time.Duration  // that work waited for a processor, all of the replay
	Stored   int64          // bytes of all stored results together, at most
	Length   time.Duration  // from the first of the requests to the last answer
}

// A Request is one that was replayed.
type Request struct {
	Flow   graph.FlowName
	At     time.Duration // when it arrived, by the trace's clock
	Took   time.Duration
	Failed bool

	Scheduled bool // it is of one of Options.Scheduled
}

// Awaited returns the requests that somebody waits for; where there are none, the scheduled runs, so that their times can be told.
func (o *Outcome) Awaited() []Request {
	if !slices.ContainsFunc(o.Requests, func(r Request) bool { return r.Scheduled }) {
		return o.Requests
	}
	awaited := slices.DeleteFunc(slices.Clone(o.Requests), func(r Request) bool { return r.Scheduled })
	if len(awaited) == 0 {
		return o.Requests
	}
	return awaited
}

// A replay is one under way.
type replay struct {
	options Options
	world   *world
	engine  *engine.Engine
	trace   *Trace
	flows   map[graph.FlowName]*program
	calls   map[string]int
	acts    map[string]*engine.Acts // of steps that only so many calls of may be under way at once
	ended   int
	open    int    // requests to come or under way: what is computed again after the last of them counts no more
	strays  uint64 // visits that no run recorded
	out     *Outcome

	next  func() (*scene, error, bool) // of the requests to come
	last  time.Duration                // arrival of the one before
	from  time.Duration                // Options.From, at the replay's rate
	first time.Duration                // arrival of the first that counts
	err   error                        // of a trace that could not be read any further
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
		options: o, world: w, trace: trace, flows: map[graph.FlowName]*program{}, calls: map[string]int{}, acts: map[string]*engine.Acts{}, out: &Outcome{Requests: make([]Request, 0, max(o.Expected, len(trace.scenes)))},
		engine: engine.New(engine.Options{World: w, Alone: true, Memory: o.Memory, KindOf: kindOf, Log: slog.New(slog.DiscardHandler)}),
	}
	if err := r.compile(); err != nil {
		return nil, err
	}
	next, stop := iter.Pull2(trace.each())
	defer stop()
	r.next, r.from, r.open = next, time.Duration(float64(o.From)/o.Rate), 1
	r.write(trace.beside)
	r.arrive()
	if err := errors.Join(w.run(), r.err); err != nil {
		return nil, err
	}
	r.out.Calls, r.out.Stored = r.calls, max(r.out.Stored, r.engine.Stored())
	return r.out, nil
}

func kindOf(err error) string {
	if k, ok := err.(kindError); ok {
		return string(k)
	}
	return ""
}

// compile makes the flows ready to run under their plans, in the order of their names: it numbers what is stored, and numbers
// tell which keys meet where paces are noted.
func (r *replay) compile() error {
	walked := func(callee graph.FlowName) bool { return r.trace.flows[callee] != nil }
	for _, name := range slices.Sorted(maps.Keys(r.trace.flows)) {
		fl, planned := r.trace.flows[name], r.options.Plans[name]
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

// arrive has the next request arrive, and then those behind it. One whose clock went back
// arrives with the one before.
func (r *replay) arrive() {
	s, err, ok := r.next()
	if !ok || err != nil {
		r.err = err
		r.over()
		return
	}
	if r.trace.source != nil {
		r.write(elsewhere(s.run))
	}
	r.open++
	r.last = max(r.last, time.Duration(float64(s.run.At)/r.options.Rate))
	r.world.at(r.last, &event{f: func() {
		i := r.counted(s)
		r.world.Go(func() {
			took, failed := r.request(s)
			if i >= 0 {
				r.out.Requests[i].Took, r.out.Requests[i].Failed = took, failed
			}
			r.over()
		})
		r.arrive()
	}})
}

// over notes that a request is over, or that no other will come.
func (r *replay) over() {
	if r.open--; r.open == 0 && len(r.out.Requests) > 0 {
		r.out.Queued = r.world.queued
		r.out.Busy += r.world.busy
		r.out.Length = r.world.now - r.first
	}
}

// counted makes room for what a request that arrives comes to; -1 if it is only run.
func (r *replay) counted(s *scene) int {
	if r.world.now < r.from {
		return -1
	}
	if len(r.out.Requests) == 0 {
		r.out.Busy -= r.world.busy // of what came before
		r.first = r.world.now
	}
	r.out.Requests = append(r.out.Requests, Request{Flow: s.run.Flow, At: s.run.At, Scheduled: r.options.Scheduled[s.run.Flow]})
	return len(r.out.Requests) - 1
}

// called counts a call of a step that waits.
func (r *replay) called(step string) {
	if r.options.Called != nil {
		r.options.Called(step, r.world.now)
	}
	if r.world.now >= r.from && r.open > 0 {
		r.calls[step]++
	}
}

// storedEvery is after how many requests the stored results are looked at.
const storedEvery = 64

// request runs one request.
func (r *replay) request(s *scene) (took time.Duration, failed bool) {
	began := r.world.now
	r.world.compute(r.trace.costs.Request)
	out, failed := r.attempt(r.flows[s.run.Flow], s)
	for _, v := range out {
		failed = failed || v.err != nil
	}
	if r.ended++; r.ended%storedEvery == 1 {
		r.out.Stored = max(r.out.Stored, r.engine.Stored())
	}
	return r.world.now - began, failed
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
	return r.runFlow(context.Background(), fl, s, false), false
}

// runFlow runs a flow as a recorded run did, and returns its results.
func (r *replay) runFlow(ctx context.Context, fl *program, s *scene, again bool) []value {
	f := fl.plan.Enter()
	h := f.Vars.(*held)
	h.scene, h.again = s, again
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
