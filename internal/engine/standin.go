package engine

// onerror: the last result of a step stands in for a failed call, while the
// step is tried again behind it.

import (
	"sync"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/memo"
)

// maxTryAgain is the longest pause between two attempts behind a stand-in.
const maxTryAgain = 10 * time.Second

// A standIn is what is known of a step with onerror, inside a stored block.
type standIn struct {
	edge
	life     time.Duration // of a result
	limit    time.Duration // a result stands in until so long after its call began
	tryAgain time.Duration // pause between attempts
	last     *memo.Region  // results, by arguments
}

// A lastResult is the last result of a step for some arguments.
type lastResult struct {
	*results
	began time.Time
	over  stripe // its number changes once the step has succeeded again: what it stood in for is no longer kept

	mu      sync.Mutex
	behind  bool      // it came from an attempt behind, and nobody has waited for it
	nextTry time.Time // while the step fails: when it is tried again; zero if it does not
	trying  bool
}

// standIn returns what op knows of the step at i of a place; nil without onerror.
func (c *compiler) standIn(at place, i int) *standIn {
	n := at.block.Nodes[i]
	if n.Kind != graph.Step {
		return nil
	}
	for _, e := range n.Effects {
		if e.Class == graph.Volatile && e.OnError > 0 {
			return &standIn{
				edge: c.edge(at, i, i), life: e.For, limit: e.OnError, tryAgain: min(e.For, maxTryAgain),
				last: c.engine.region(string(c.plan.flow) + " " + string(n.ID) + " last"),
			}
		}
	}
	return nil
}

// guarded runs a step with onerror for a fill.
func (t *Thread) guarded(n *node, f *Frame) Exit {
	s := n.reads.standIn
	from, ok := t.push(s.in, f)
	key := t.keys[from:]
	defer t.pop(from)
	if !ok {
		return t.recorded(n, f)
	}
	v, _ := s.last.Get(key)
	last, _ := v.(*lastResult)
	if last != nil && t.instead(n, last, key, f) {
		return Next
	}
	marks := t.marks
	t.marks = t.plan.newMarks()
	began := t.plan.engine.world.Now()
	t.rec.close(began.Add(s.life))
	t.err = nil
	x := n.code.Run(t, f)
	t.mark(n.onNext)
	set := t.marks
	t.marks = marks
	switch {
	case t.err == nil || t.answers(n):
		s.keep(key, f, set, t.rec, began, false)
	case last != nil && t.failedInTime(last, s):
		t.stand(s, last, f)
		return Next
	}
	for i := range t.marks {
		t.marks[i] |= set[i]
	}
	t.after(n, f, began)
	return x
}

// keep keeps the results of a call that began at began.
func (s *standIn) keep(key []byte, f *Frame, marks []uint64, rec *recording, began time.Time, behind bool) {
	if r, size, ok := save(s.out, f, marks); ok {
		r.calls = rec.lastCall()
		s.last.Put(key, &lastResult{results: r, began: began, behind: behind}, size, s.life, began.Add(s.limit))
	}
}

// failedInTime notes a failure of the step, and reports whether last may stand
// in for it: not for a caller whose own context has ended.
func (t *Thread) failedInTime(last *lastResult, s *standIn) bool {
	now := t.plan.engine.world.Now()
	if t.rec.seen().failed || !now.Before(last.began.Add(s.limit)) {
		return false
	}
	last.mu.Lock()
	defer last.mu.Unlock()
	last.nextTry = now.Add(s.tryAgain)
	return true
}

// stand puts last in the place of the step's result, until one succeeds or the next one is due.
func (t *Thread) stand(s *standIn, last *lastResult, f *Frame) {
	last.mu.Lock()
	until := earliest(last.nextTry, last.began.Add(s.limit))
	last.mu.Unlock()
	t.err = nil
	t.load(s.out, f, last.results)
	t.rec.standIn(last)
	t.rec.expire(until)
}

// instead uses last without a call, where the step is known to fail or was
// tried behind: it reports whether it did.
func (t *Thread) instead(n *node, last *lastResult, key []byte, f *Frame) bool {
	s, e := n.reads.standIn, t.plan.engine
	now := e.world.Now()
	last.mu.Lock()
	failing, due := !last.nextTry.IsZero(), !now.Before(last.nextTry) && !last.trying
	fresh := last.behind && now.Before(last.began.Add(s.life))
	if failing && due {
		last.nextTry = now.Add(s.tryAgain)
	}
	last.mu.Unlock()
	switch {
	case fresh:
		t.load(s.out, f, last.results)
		t.rec.expire(last.began.Add(s.life))
		return true
	case !failing:
		return false
	case due:
		t.tryBehind(n, last, string(key), f)
	}
	t.stand(s, last, f)
	return true
}

// tryBehind tries the step again, apart from this caller.
func (t *Thread) tryBehind(n *node, last *lastResult, key string, f *Frame) {
	s, e := n.reads.standIn, t.plan.engine
	if e.early.Add(-1) < 0 {
		e.early.Add(1)
		return
	}
	began := e.world.Now()
	own, frame, ok := t.detach(&s.edge, f, t.ctx, e.world.Machine().Add(s.tryAgain))
	if !ok {
		e.early.Add(1)
		return
	}
	last.mu.Lock()
	last.trying = true
	last.mu.Unlock()
	e.world.Go(func() {
		defer func() {
			saw, _ := own.end(recover())
			if own.returned && !saw.failed && saw.hidden == nil {
				s.keep([]byte(key), frame, own.marks, own.rec, began, true)
				last.over.done.Add(1)
			}
			last.mu.Lock()
			last.trying = false
			last.mu.Unlock()
			e.early.Add(1)
		}()
		own.err = nil
		n.code.Run(own, frame)
		own.mark(n.onNext)
		if own.err != nil && !own.answers(n) {
			own.rec.fail()
		}
		own.returned = true
	})
}
