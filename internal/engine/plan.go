package engine

// A flow under a plan, ready to run: what emitted dispatchers talk to.

import (
	"context"
	"sync/atomic"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

// A Slot holds the plan of one flow. Its zero value holds the empty plan.
type Slot struct {
	plan atomic.Pointer[Plan]
}

// Plan returns the plan that a call which begins now runs under; nil for the
// empty plan, under which the author's own body runs.
func (s *Slot) Plan() *Plan { return s.plan.Load() }

// Set makes p the plan of calls that begin from now on, and returns the one
// before it. Calls under way finish as they began.
func (s *Slot) Set(p *Plan) *Plan { return s.plan.Swap(p) }

// Replace makes p the plan of calls that begin from now on if old is that of calls now, and reports whether it was.
func (s *Slot) Replace(old, p *Plan) bool { return s.plan.CompareAndSwap(old, p) }

// A Plan is a planned graph compiled against the code of its flow.
type Plan struct {
	engine   *Engine
	flow     graph.FlowName
	graph    *graph.Graph
	body     block
	scopes   []*scope // the flow's own, then one for each loop, in the order of the text
	vars     []variable
	runs     pool // of *run
	noPool   bool
	lasting  bool    // for how long its results may be used can be told from outside
	answers  bool    // encoded results of the whole flow are kept
	answered *kept   // the block that keeps them; nil if only arms do, or nobody
	probe    bool    // the source graph: its runs are noted
	behind   bool    // a probe of shadows whose calls are counted
	shadow   *shadow // nil if none of its runs is run again
	params   []ref
	pair     *pair              // nil if it is not run both ways
	journal  *Journal           // of the run under the plan of a pair: notes its calls; nil of others
	noted    func(*profile.Run) // is given each run that is noted
	told     func(*profile.Run) // is given a sample of the runs under a plan, as spans; nil of probes, and if nobody is
	arms     *armed             // what some or all runs take in its place; nil for nothing
	errors   []ref              // results that are errors
	saving   []*decisionTally   // of its decisions by which blocks run less often than they are asked for
	tally    *tally             // of its runs
	total    *tally             // of those of the flow
}

// Graph returns the planned graph. It must not be changed.
func (p *Plan) Graph() *graph.Graph { return p.graph }

// A run is one run of a flow on the goroutine of its caller.
type run struct {
	frame  Frame
	thread Thread
}

// Enter returns a frame for one run. Parameters are set in it before Run.
func (p *Plan) Enter() *Frame {
	if r, ok := p.runs.get(p.engine).(*run); ok {
		return &r.frame
	}
	r := &run{frame: p.scopes[0].frame(nil)}
	r.frame.run = r
	r.thread.plan = p
	r.thread.runs = uint32(p.engine.world.Random() % sampleEvery)
	r.thread.sampled = r.thread.runs == 0
	return &r.frame
}

// Run runs the flow on f: results are set in it on return. It passes on what the
// flow's code raises. ctx may be nil.
func (p *Plan) Run(ctx context.Context, f *Frame) {
	t := &f.run.thread
	t.swaps = p.engine.swaps.Load()
	if p.answers && ctx != nil && t.follower == nil { // an arm was given it
		t.follower = p.follower(ctx)
	}
	if a := p.arms; a != nil && (t.sampled || !a.Sampled) && a.run(p.engine, ctx, f) {
		return
	}
	if p.pair != nil {
		p.pair.run(p.engine, ctx, f)
		return
	}
	if p.shadow != nil && ctx != nil && p.engine.filling.Load() != 0 && p.inShadow(ctx, f) {
		return
	}
	t.ctx = ctx
	if t.pending++; t.pending >= t.every {
		t.timed(f)
	}
	if ctx != nil && p.engine.filling.Load() != 0 {
		t.join(ctx)
	}
	if p.probe || p.tells(t, ctx) {
		t.beginTrace(ctx, f)
	}
	if p.shadow != nil && t.sampled {
		if s := p.shadowRun(ctx, f); s != nil {
			defer s.follow(t, f)
		}
	}
	defer t.finish()
	t.walk(&p.body, f)
	if len(t.gifts) > 0 {
		t.returnGifts(f)
	}
	t.returned = true
}

// Leave gives back the frame of a run that returned.
func (p *Plan) Leave(f *Frame) {
	r := f.run
	if p.noPool {
		return
	}
	r.thread.reset()
	p.scopes[0].clear(f)
	p.runs.put(p.engine, r)
}

// abandon gives back the frame of a run that did not begin: it counts for nothing.
func (p *Plan) abandon(f *Frame) {
	if !p.noPool {
		p.runs.put(p.engine, f.run)
	}
}

// A scope is what a frame is made for: a flow, or an iteration of a loop.
type scope struct {
	code  FrameCode
	depth int  // loops around it
	forks int  // start nodes that stand in it
	pool  pool // of *Frame, for loops
}

// frame returns a new frame of the scope below up.
func (s *scope) frame(up *Frame) Frame {
	f := Frame{Up: up, Vars: s.code.New()}
	if s.forks > 0 {
		f.forks = make([]*fork, s.forks)
	}
	return f
}

// clear makes f like new.
func (s *scope) clear(f *Frame) {
	s.code.Clear(f.Vars)
	clear(f.forks)
}
