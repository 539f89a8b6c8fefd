package engine

// Answers: a stored block that is a whole flow. For whoever only wants the results encoded, what is kept is
// what he made of them.

import (
	"context"
	"slices"
	"time"
)

// resultsOf ends the name of the region that has a flow's results beside its encoded answers.
const resultsOf = " results"

// An encoded answer is kept for a whole flow. It is never changed.
type encoded struct {
	key     []byte
	made    any
	expires time.Time
	stamps  []stamp
	inside  *inside
	lasting bool // whoever keeps the answer elsewhere may be told when it expires
}

// An answering is a run whose answer may be kept.
type answering struct {
	kept  *kept
	key   []byte
	began time.Time
	swaps uint64
	saw   seen
}

// follower returns who wants the run of p's flow under ctx encoded; nil if nobody does. A
// flow that its own step calls again under the same context has none.
func (p *Plan) follower(ctx context.Context) *Following {
	f, _ := ctx.Value(followedKey{}).(*Following)
	if f == nil || f.engine != p.engine || f.flow != p.flow || f.taken.Swap(true) {
		return nil
	}
	return f
}

// answer runs a whole flow for who encodes its results: what he made of them before is taken, or
// it is noted what has to hold for the next to be kept. Results are not set if an answer was found.
func (t *Thread) answer(k *kept, f *Frame) Exit {
	run := t.follower
	t.follower = nil
	from, ok := t.push(k.in, f)
	if !ok {
		t.pop(from)
		return t.walk(&k.body, f)
	}
	key := t.keys[from:]
	if v, ok := k.answers.Get(key); ok {
		if a := v.(*encoded); unchanged(a.stamps) {
			t.say(toldHit)
			t.took(a.inside)
			t.pop(from)
			run.found(a)
			t.answered = true
			return Return
		}
		k.tally.stale.Add(1)
	}
	x := t.fillAnswer(k, key, run, f)
	t.pop(from)
	return x
}

// found notes that an answer is kept for the run.
func (f *Following) found(a *encoded) {
	f.kept, f.key = a, a.key
	if a.lasting {
		f.expires = a.expires
	}
}

// fillAnswer runs the flow and notes what its results depend on.
func (t *Thread) fillAnswer(k *kept, key []byte, run *Following, f *Frame) Exit {
	e := t.plan.engine
	began := e.world.Now()
	t.say(toldMiss)
	k.fills.Add(1)
	k.tally.fills.Add(1)
	rec, marks := t.rec.part(true), t.plan.newMarks()
	x := t.recording(rec, marks, func() Exit { return t.walk(&k.body, f) })
	s := rec.seen()
	run.saw(s, t.swaps, t.plan.lasting)
	if s.hidden != nil {
		e.reports.hidden(e, t.plan.flow, k.first, s.hidden)
	}
	if !s.failed && s.hidden == nil && k.mayKeepErrors(e, f, marks) {
		run.filling = &answering{k, slices.Clone(key), began, t.swaps, s}
	}
	return x
}

// Kept returns what was made of the results of an earlier run; the flow did not run. It is nil if there
// was nothing.
func (f *Following) Kept() any {
	if f.kept == nil {
		return nil
	}
	return f.kept.made
}

// answerOverhead is what an answer takes beside what was made, in bytes, about.
const answerOverhead = 96

// Keep has what was made of the results kept for runs to come, if that is allowed: make is not called
// otherwise. It returns the answer with its size in bytes; nobody may change the answer afterwards.
func (f *Following) Keep(make func() (made any, size int)) {
	a := f.filling
	if a == nil || f.engine.swapped(a.swaps) || !unchanged(a.saw.stamps) {
		return
	}
	f.filling, f.key = nil, a.key
	made, size := make()
	took := f.engine.world.Now().Sub(a.began)
	inside := newInside(a.saw.uses, f.engine.world.Elapsed())
	size += answerOverhead + len(a.key) + len(a.saw.stamps)*16
	a.kept.tally.kept.Add(1)
	a.kept.answers.Put(a.key, &encoded{a.key, made, a.saw.expires, a.saw.stamps, inside, !f.expires.IsZero()}, int64(size)+inside.size(), took, a.saw.expires)
}

// Again returns what finds the answer once more that was found for the run, or is kept now: for runs with the same parameters, by
// whoever knows without looking at them that they are the same. It is nil if there is none.
//
// What it returns returns nil if the flow must be asked, or what is kept does not suit, and otherwise the answer and for how much longer it may be
// used, as Kept and Left do; that counts as a run. It holds nothing of the plan: the one in force then is asked.
func (f *Following) Again(suits func(made any) bool) func() (made any, left time.Duration) {
	if f.key == nil {
		return nil
	}
	slot, key := f.slot, f.key
	good := func(v any) bool { a := v.(*encoded); return unchanged(a.stamps) && suits(a.made) }
	return func() (any, time.Duration) {
		if p := slot.Plan(); p != nil && p.answered != nil {
			return p.again(key, good)
		}
		return nil, 0
	}
}

// again is a run of p's flow whose answer is found under key, and good. What is looked at more closely is left to whole runs.
func (p *Plan) again(key []byte, good func(any) bool) (made any, left time.Duration) {
	f := p.Enter()
	t := &f.run.thread
	if t.sampled && (p.arms != nil || p.shadow != nil || p.told != nil && p.engine.spans.Load()) {
		p.abandon(f)
		return nil, 0
	}
	v, ok := p.answered.answers.Hit(key, good)
	if !ok {
		p.abandon(f)
		return nil, 0
	}
	a := v.(*encoded)
	if t.pending++; t.pending >= t.every {
		t.timed(f)
	}
	t.took(a.inside)
	t.returned = true
	t.finish()
	p.Leave(f)
	run := Following{engine: p.engine}
	run.found(a)
	return a.made, run.Left()
}
