package engine

// Recording flows that run under a plan. What a plan leaves out does not show in the runs under it: each request is run as
// written behind its answer, with the calls of its steps answered by those that the planned runs made, which take the time
// that they took. Only what was kept before anybody recorded has to be asked for once more.

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

// Bounds of that, beside shadowTime for each call that is made or waited for.
const (
	maxBehind = 1 << 12 // runs as written that are not over
	maxAsking = 4       // calls that they make at a time
)

// A trail is what a journal knows of the runs as written that are noted.
type trail struct {
	traces bool // they are, and not compared
	behind atomic.Int64
	missed atomic.Int64 // requests that are not in the trace
	made   atomic.Int64 // calls of steps, second tries among them
	first  uint64       // their numbers follow it
	asking turns

	elsewhere *elsewhere
}

// NewTrail returns a journal for recording flows under e's plans, that is told of writes from now on. It remembers as many bytes of results as e may keep.
func (e *Engine) NewTrail() *Journal {
	e.regionMu.Lock()
	defer e.regionMu.Unlock()
	j := &Journal{calls: map[string]*noted{}, room: e.memory}
	j.traces, j.asking.free, j.first = true, maxAsking, e.world.Random()>>1 // what several processes recorded may be joined
	j.elsewhere = newElsewhere()
	e.TellWrites(j)
	return j
}

// Lost returns how many requests were not noted: because too many were waiting for that, they did too much, or were given what
// cannot be copied.
func (j *Journal) Lost() int { return int(j.missed.Load()) }

// Elsewhere returns the writes behind the first n that no visit shows, and how many there are now.
func (j *Journal) Elsewhere(n int64) ([]profile.Write, int64) { return j.elsewhere.since(n) }

// Made returns how many calls of steps the process made.
func (j *Journal) Made() int64 { return j.made.Load() }

func (j *Journal) lose(n int64) { j.missed.Add(n) }

// Recorded makes a flow ready to be noted while it runs under planned, as Probe does one that runs as written.
func (e *Engine) Recorded(j *Journal, s *Source, planned *graph.Graph, walked func(graph.FlowName) bool) (*Plan, error) {
	p, v, err := e.bothWays(s, planned, walked, purpose{journal: j})
	if err != nil {
		return nil, err
	}
	v.behind = v.note
	return p, nil
}

// note runs a request as written, behind its answer.
func (v *pair) note(q *ran) {
	j := v.journal
	if j.behind.Add(1) > maxBehind {
		j.behind.Add(-1)
		j.lose(1)
		return
	}
	q.exam = q.exam.asWritten()
	g := v.given(q)
	q.engine.world.Go(func() {
		v.again(q, g)
		j.behind.Add(-1)
	})
}

// recalling returns code that takes the results of a step from what was noted, or calls it if nothing that was noted can be used.
func (j *Journal) recalling(n *recalled, run func(*Thread, *Frame) Exit) func(*Thread, *Frame) Exit {
	ask := j.noting(n, run)
	return func(t *Thread, f *Frame) Exit {
		x, w := t.exam, t.plan.engine.world
		key, ok := t.keyOf(n, f)
		began := w.Elapsed()
		var c *call
		switch {
		case n.own:
			c = x.again(n, key, ok)
		case ok:
			c = j.recall(n, key, x, w)
		}
		if c == nil {
			j.asking.take(w)
			defer j.asking.give()
			if ok {
				c = j.recall(n, key, x, w) // somebody asked meanwhile
			}
		}
		waited := w.Elapsed() - began
		if c == nil {
			t.trace.hurry(-waited)
			o := &origin{up: t.origin}
			t.origin = o
			defer func() { t.origin = o.up }()
			defer w.After(shadowTime, o.end)()
			return ask(t, f)
		}
		t.trace.hurry(c.took - waited)
		t.trace.answered(c)
		t.err = c.err
		return n.give(c, f)
	}
}

// recall returns the newest call that may answer n in a run as written, one that is under way among them; nil if there is none, or it
// does not end.
func (j *Journal) recall(n *recalled, key string, x *exam, w World) *call {
	var patience *timedContext
	for {
		all, _ := j.admissible(key, n, x.began, nil)
		if len(all) > 0 {
			return all[0]
		}
		c := j.underWay(key)
		if c == nil {
			return nil
		}
		if patience == nil {
			patience = newTimed(w, context.Background(), w.Machine().Add(shadowTime))
			defer patience.cancel()
		}
		if !c.over.Wait(patience.Done()) {
			return nil
		}
	}
}

// begin notes a call that begins.
func (j *Journal) begin(c *call, w World) {
	c.over = w.NewGate()
	j.mu.Lock()
	defer j.mu.Unlock()
	all := j.of(c.key)
	all.open = append(all.open, c)
}

// close notes that it has ended.
func (j *Journal) close(c *call) {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := j.of(c.key)
	all.open = slices.DeleteFunc(all.open, func(o *call) bool { return o == c })
	j.tidy(c.key)
}

// underWay returns a call of key that has not ended; nil if there is none.
func (j *Journal) underWay(key string) *call {
	j.mu.Lock()
	defer j.mu.Unlock()
	if all := j.calls[key]; all != nil && len(all.open) > 0 {
		return all.open[0]
	}
	return nil
}

// cut reports whether the call that t has made was ended because nobody needed it any more.
func (t *Thread) cut() bool {
	for o := t.origin; o != nil; o = o.up {
		if ended, last := o.state(); ended || last {
			return ended
		}
	}
	return t.ctx != nil && t.ctx.Err() == context.Canceled
}

// hurry moves the time of a run that is noted.
func (tr *tracing) hurry(by time.Duration) {
	if tr != nil {
		tr.ahead += by
	}
}

// answered notes which call answers the node that is under way.
func (tr *tracing) answered(c *call) {
	if tr != nil {
		tr.call = c.number
	}
}

// turns lets some go on at a time, in the order in which they came.
type turns struct {
	mu      sync.Mutex
	free    int
	waiting []Gate
}

func (s *turns) take(w World) {
	s.mu.Lock()
	if s.free > 0 {
		s.free--
		s.mu.Unlock()
		return
	}
	g := w.NewGate()
	s.waiting = append(s.waiting, g)
	s.mu.Unlock()
	g.Wait(nil)
}

func (s *turns) give() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		s.free++
		return
	}
	s.waiting[0].Open()
	s.waiting = s.waiting[1:]
}
