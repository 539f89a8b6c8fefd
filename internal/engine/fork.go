package engine

// Forks: work that begins before the walk arrives, on frames of its own.

import (
	"sync/atomic"

	"fluxo.dev/fluxo/graph"
)

// A region is the part of a block that a start node lets begin early.
type region struct {
	edge
	block  block
	slot   int  // number of the start node in its scope
	ahead  int  // later iterations that may begin too
	steady bool // nobody can change what enters while a dropped fork looks at it
	plain  bool // nothing that leaves can depend on a context
	tally  *decisionTally
}

func (c *compiler) region(at place, s span) *region {
	start := at.block.Nodes[s.start]
	scope := c.plan.scopes[at.scope()]
	r := &region{
		edge: c.edge(at, s.first, s.last),
		slot: scope.forks, ahead: start.Ahead,
		steady: true, plain: true, tally: c.decision(parallelVerb, at.block.Nodes[s.first:s.last+1]),
	}
	scope.forks++
	for _, v := range r.in {
		r.steady = r.steady && v.steady()
	}
	for _, v := range r.out {
		r.plain = r.plain && (v.src.Kind == graph.Data || v.src.Kind == graph.Error)
	}
	for n := range graph.Within(at.block.Nodes[s.first : s.last+1]...) {
		if n.Kind == graph.Defer {
			c.refuse("start node %s begins a deferred call early, %s", start.ID, n.ID)
		}
	}
	if r.ahead > 0 {
		leading := true
		for _, n := range at.block.Nodes[:s.start] {
			leading = leading && n.Kind == graph.Start
		}
		if !at.top || !leading {
			c.refuse("start node %s begins later iterations, but does not stand at the top of the body of an each", start.ID)
		}
	}
	return r
}

// States of a fork. Whoever moves it out of waiting does the work.
const (
	waiting int32 = iota // for a processor
	taken                // by the walk, which arrived first; or dropped before it ran
	running
	done
	dropped // while it ran
)

// A fork is one early beginning.
type fork struct {
	region *region
	by     *fork // that began this one; nil for the walk
	thread Thread
	frame  *Frame
	state  atomic.Int32
	gate   Gate // opened when the fork is over
	exit   Exit
	raised *raised
	replay *raised // what the fork is raising again for a fork of its own

	race  *race // of a hedged block that it is a try of; nil of others
	again bool  // it is the second try
}

// start begins r on a fork, unless the process has begun enough.
func (t *Thread) start(r *region, f *Frame) {
	e := t.plan.engine
	if f.forks[r.slot] != nil {
		return
	}
	if e.early.Add(-1) < 0 {
		e.early.Add(1)
		r.tally.refused.Add(1)
		return
	}
	r.tally.started.Add(1)
	k := t.newFork(r)
	move(r.in, k.frame, f, nil)
	f.forks[r.slot] = k
	t.begun = append(t.begun, k)
	e.world.Go(k.run)
}

// newFork returns a fork of t for r, on frames that nothing is set in.
func (t *Thread) newFork(r *region) *fork {
	k := &fork{region: r, by: t.fork, frame: r.frames(), gate: t.plan.engine.world.NewGate()}
	k.thread = Thread{plan: t.plan, ctx: t.ctx, swaps: t.swaps, origin: &origin{up: t.origin}, marks: t.plan.newMarks(), fork: k, sampled: t.sampled, barred: t.barred, trace: t.trace.fork(), exam: t.exam}
	if t.rec != nil {
		k.thread.rec = t.rec.part(t.rec.watch)
	}
	return k
}

func (k *fork) run() {
	defer k.thread.plan.engine.early.Add(1)
	if !k.state.CompareAndSwap(waiting, running) {
		return
	}
	defer k.end()
	k.exit = k.thread.walk(&k.region.block, k.frame)
	k.thread.returned = true
}

// end is deferred by run: it catches what the fork raised.
func (k *fork) end() {
	if !k.thread.returned {
		k.raised = outcome(recover())
		if k.replay != nil && !k.raised.exit {
			k.raised = k.replay
		}
	}
	k.thread.drop(k.thread.begun)
	k.thread.linger()
	k.state.CompareAndSwap(running, done)
	k.gate.Open()
	if k.race != nil {
		k.race.ended(k)
	}
	if _, last := k.thread.origin.state(); last {
		k.thread.origin.end() // it was left: nobody takes what it saw
	}
}

// stopped reports whether t is a fork's that was dropped, or that a dropped one began: it
// does not go on to its next node. Nothing that it was about to keep is whole.
func (t *Thread) stopped() bool {
	for k := t.fork; k != nil; k = k.by {
		if k.state.Load() == dropped {
			if t.rec != nil {
				t.rec.fail()
			}
			return true
		}
	}
	return false
}

// arrive takes what a fork has done, or does it if no fork has begun.
func (t *Thread) arrive(r *region, f *Frame) Exit {
	k := f.forks[r.slot]
	if k == nil {
		return t.walk(&r.block, f)
	}
	f.forks[r.slot] = nil
	t.forget(k)
	if k.state.CompareAndSwap(waiting, taken) {
		return t.walk(&r.block, f)
	}
	k.gate.Wait(nil)
	r.tally.taken.Add(1)
	return t.take(k, f)
}

// take moves what k did to the walk's place: variables, what it saw, its exit.
func (t *Thread) take(k *fork, f *Frame) Exit {
	r := k.region
	move(r.out, f, k.frame, k.thread.marks)
	for i := range t.marks {
		t.marks[i] |= k.thread.marks[i]
	}
	if t.rec != nil {
		t.rec.absorb(k.thread.rec.seen())
	}
	if t.trace != nil {
		t.trace.join(k.thread.trace, t.plan.engine.world.Elapsed())
	}
	if k.thread.stop != nil {
		t.stop = k.thread.stop
	}
	if r.plain {
		k.thread.origin.end()
	}
	if k.raised != nil {
		k.raised.again(t)
	}
	return k.exit
}

// forget takes k off the list of what has to be dropped.
func (t *Thread) forget(k *fork) {
	for i, b := range t.begun {
		if b == k {
			last := len(t.begun) - 1
			t.begun[i], t.begun[last] = t.begun[last], nil
			t.begun = t.begun[:last]
			return
		}
	}
}

// dropStarts drops the forks of the start nodes of a block that is left.
func (t *Thread) dropStarts(b *block, f *Frame) {
	for _, slot := range b.starts {
		if k := f.forks[slot]; k != nil {
			f.forks[slot] = nil
			t.forget(k)
			t.drop([]*fork{k})
		}
	}
}

// dropFrame drops the forks of an iteration that will not be.
func (t *Thread) dropFrame(f *Frame) {
	for i, k := range f.forks {
		if k != nil {
			f.forks[i] = nil
			t.forget(k)
			t.drop([]*fork{k})
		}
	}
}

// drop ends forks that nobody will take. It does not wait for them.
func (t *Thread) drop(forks []*fork) {
	for _, k := range forks {
		if k.state.CompareAndSwap(waiting, taken) {
			continue
		}
		k.thread.origin.end()
		if k.state.CompareAndSwap(running, dropped) && !k.region.steady {
			t.lingers = append(t.lingers, k)
		}
	}
}

// linger waits for the dropped forks that read memory which the flow's caller
// may change once it has its answer. Within the flow nothing changes it: that is
// a conjunct of the law.
func (t *Thread) linger() {
	for _, k := range t.lingers {
		k.gate.Wait(nil)
	}
}
