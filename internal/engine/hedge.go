package engine

// Hedged blocks: where a run takes long, a second one begins beside it, and the walk takes what
// ends first without a failure.
//
// Both run on forks, with copies of what enters, so that the one that is not taken may be left
// behind: its context has ended, it goes on to no further node, and what it still does with its
// variables nobody sees. A failure of one is no answer while the other is under way; if both
// fail, the first one's failure counts, which the source would have met. A failure before the second
// has begun is an answer at once. A kind of error that a step lists is no failure.

import (
	"sync"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
)

// A hedge is what the walk knows of a hedged block.
type hedge struct {
	region
	after  time.Duration
	budget int64        // second tries for a hundred calls
	credit atomic.Int64 // second tries that may begin, in hundredths
}

// maxCredit bounds how many second tries may come in a row, in hundredths: a budget is not saved for
// the moment at which everything is slow, because then it would double the load.
const maxCredit = 16 * 100

func (c *compiler) hedge(at place, i int) *hedge {
	n := at.block.Nodes[i]
	in := at.within(n.Blocks[0])
	nodes := in.block.Nodes
	h := &hedge{
		region: region{edge: c.edge(in, 0, len(nodes)-1), block: c.whole(in), steady: true, plain: true, tally: c.decision(hedgeVerb, nodes)},
		after:  n.After, budget: int64(n.Budget),
	}
	for _, v := range h.in {
		if !v.steady() && v.code.Save == nil {
			c.refuse("bug: the checker let %s pass, which %s enters: it has no copier", n.ID, v.src.ID)
		}
	}
	for _, v := range h.out {
		h.plain = h.plain && (v.src.Kind == graph.Data || v.src.Kind == graph.Error)
	}
	for m := range graph.Within(nodes...) {
		if m.Kind == graph.Defer {
			c.refuse("hedged node %s defers a call, %s, which each run would", n.ID, m.ID)
		}
	}
	return h
}

// earn notes a call.
func (h *hedge) earn() {
	if h.credit.Load() < maxCredit {
		h.credit.Add(h.budget)
	}
}

// spend reports whether a second try may begin, and counts it.
func (h *hedge) spend() bool {
	if h.credit.Add(-100) < 0 {
		h.credit.Add(100)
		return false
	}
	return true
}

// A race is between the tries of one call.
type race struct {
	due  Gate // opened when the first try is over, or has taken its time
	over Gate // opened when one has ended without a failure, or all have ended

	mu     sync.Mutex
	left   int // tries under way
	winner *fork
}

// ended notes how a try ended.
func (r *race) ended(k *fork) {
	r.mu.Lock()
	r.left--
	if r.winner == nil && k.raised == nil && !k.thread.rec.seen().erred {
		r.winner = k
	}
	decided := r.winner != nil || r.left == 0
	r.mu.Unlock()
	r.due.Open()
	if decided {
		r.over.Open()
	}
}

// goesOn reports whether no try has ended, and counts another one that begins now.
func (r *race) goesOn() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left == 0 {
		return false
	}
	r.left++
	return true
}

// hedged runs a hedged block on f.
func (t *Thread) hedged(n *node, f *Frame) Exit {
	h, w := n.hedge, t.plan.engine.world
	if t.rec != nil && !t.rec.after.IsZero() {
		return t.walk(&h.block, f) // a refresh, for which nobody waits
	}
	h.earn()
	first := t.try(h, f)
	if first == nil {
		return t.walk(&h.block, f)
	}
	if j := t.plan.journal; j != nil && j.traces {
		first.thread.origin.holds = w
	}
	r := &race{due: w.NewGate(), over: w.NewGate(), left: 1}
	first.race = r
	w.Go(first.run)
	stop := w.After(h.after, r.due.Open)
	r.due.Wait(nil)
	stop()
	second := t.second(h, r, f)
	r.over.Wait(nil)
	r.mu.Lock()
	taken, other := r.winner, second
	r.mu.Unlock()
	switch {
	case taken == nil:
		taken = first
	case taken == second:
		other = first
		h.tally.taken.Add(1)
		if first.leave() {
			other = nil
		}
	}
	if other != nil {
		t.drop([]*fork{other})
	}
	if taken == first {
		t.say(toldFirst)
	} else {
		t.say(toldSecond)
	}
	return t.take(taken, f)
}

// leave lets a try that lost go on, if that is wanted: as written, the run would have waited for it, and for how long is to be
// noted.
func (k *fork) leave() bool {
	if k.thread.origin.holds == nil {
		return false
	}
	k.thread.origin.release()
	return true
}

// second begins the second try, if the first one goes on and the budget has one left; nil if not.
func (t *Thread) second(h *hedge, r *race, f *Frame) *fork {
	if r.isOver() {
		return nil
	}
	if !h.spend() {
		h.tally.refused.Add(1)
		return nil
	}
	k := t.try(h, f)
	if k == nil {
		h.credit.Add(100)
		return nil
	}
	if !r.goesOn() {
		h.credit.Add(100)
		t.plan.engine.early.Add(1)
		return nil
	}
	h.tally.started.Add(1)
	k.race, k.again = r, true
	t.plan.engine.world.Go(k.run)
	return k
}

// isOver reports whether all tries have ended.
func (r *race) isOver() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.left == 0
}

// try makes a fork for a run of h with copies of what enters; nil if the process has begun enough, or
// something cannot be copied.
func (t *Thread) try(h *hedge, f *Frame) *fork {
	e := t.plan.engine
	if e.early.Add(-1) < 0 {
		e.early.Add(1)
		h.tally.refused.Add(1)
		return nil
	}
	k := t.newFork(&h.region)
	if !copied(h.in, k.frame, f) {
		e.early.Add(1)
		return nil
	}
	if k.thread.rec == nil {
		k.thread.rec = t.rec.part(false)
	}
	return k
}

// copied sets the variables of refs in to, to copies of those in from where somebody could change
// what they refer to; false if one cannot be copied.
func copied(refs []ref, to, from *Frame) bool {
	move(refs, to, from, nil)
	for i := range refs {
		r := &refs[i]
		if r.steady() {
			continue
		}
		saved, _, ok := r.code.Save(r.vars(from))
		if !ok {
			return false
		}
		r.code.Load(r.vars(to), saved)
	}
	return true
}

// IsSecond reports whether t is the second try of a hedged block, or a fork of one.
func (t *Thread) IsSecond() bool {
	for k := t.fork; k != nil; k = k.by {
		if k.again {
			return true
		}
	}
	return false
}
