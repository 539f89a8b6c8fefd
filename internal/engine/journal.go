package engine

// Journals: what the steps of planned runs were called with and returned, so that a run as written can be
// answered by it. A result may answer a run if the source could have had it: the same step with the same
// arguments, begun no longer before the run's request than the step says that its results may be used.

import (
	"cmp"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"time"
)

// Bounds of a journal. What is over them is forgotten, the oldest first, and counted.
const (
	maxJournal   = 1 << 18 // calls
	maxPerCall   = 16      // of one step with the same arguments
	maxDiffering = 64      // differences told in full
)

// A Journal is kept while plans are verified. Its methods may be called at the same time.
type Journal struct {
	mu     sync.Mutex
	calls  map[string]*noted // by step and arguments
	order  []string          // keys, in the order of the calls
	lost   *call             // as late as the latest one that was forgotten with its key; nil for none
	report Verified
}

// noted are the calls of a step with the same arguments.
type noted struct {
	calls []*call // the newest last
	lost  *call   // as late as the latest one that was forgotten; nil for none
}

// NewJournal returns an empty one.
func NewJournal() *Journal { return &Journal{calls: map[string]*noted{}} }

// A call is one call of a step under a plan.
type call struct {
	key          string // step and arguments
	began, ended time.Time
	stamps       []stamp // of the named data that it read
	values       []any   // what it set, as Save returned it
	exit         Exit
	raised       *raised
	failed       bool // with an error that is no answer, or by raising something
}

// equal reports whether two calls had the same results.
func (c *call) equal(d *call) bool {
	return c.raised == nil && d.raised == nil && c.exit == d.exit && reflect.DeepEqual(c.values, d.values)
}

// add notes a call that is over.
func (j *Journal) add(c *call) {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := j.calls[c.key]
	if all == nil {
		all = &noted{}
		j.calls[c.key] = all
	}
	all.calls = append(all.calls, c)
	if len(all.calls) > maxPerCall {
		all.forget()
	} else {
		j.order = append(j.order, c.key)
	}
	for len(j.order) > maxJournal {
		j.forget(j.order[0])
		j.order = j.order[1:]
	}
}

// forget drops the oldest call of key.
func (j *Journal) forget(key string) {
	all := j.calls[key]
	all.forget()
	if len(all.calls) == 0 {
		delete(j.calls, key)
		j.lost = later(j.lost, all.lost)
	}
}

func (n *noted) forget() {
	n.lost = later(n.lost, n.calls[0])
	n.calls = n.calls[1:]
}

// later returns a call that began and ended as late as either of two, of which one may be nil, without results.
func later(a, b *call) *call {
	if a == nil {
		a = b
	}
	c := &call{began: a.began, ended: a.ended}
	if b.began.After(c.began) {
		c.began = b.began
	}
	if b.ended.After(c.ended) {
		c.ended = b.ended
	}
	return c
}

// admissible returns the calls that may answer one of n in a run of a request that began then, the newest first.
// more are others with that key, which may be forgotten. sure is false if calls that might have answered were forgotten.
func (j *Journal) admissible(key string, n *recalled, began time.Time, more []*call) (all []*call, sure bool) {
	j.mu.Lock()
	var list []*call
	lost := j.lost
	if here := j.calls[key]; here != nil {
		list = slices.Clone(here.calls)
		if here.lost != nil {
			lost = later(here.lost, cmp.Or(lost, here.lost))
		}
	}
	j.mu.Unlock()
	for _, c := range more {
		if !slices.Contains(list, c) {
			list = slices.Insert(list, 0, c)
		}
	}
	failing := false // one that is newer failed
	for _, c := range slices.Backward(list) {
		if n.admits(c, began, failing) {
			all = append(all, c)
		}
		failing = failing || c.failed
	}
	return all, lost == nil || !n.admits(lost, began, true)
}

// keyOf returns the name of a call of n on f; false if its arguments have none.
func (t *Thread) keyOf(n *recalled, f *Frame) (string, bool) {
	from, ok := t.push(n.in, f)
	defer t.pop(from)
	return string(t.plan.flow) + " " + string(n.node.id) + " " + string(t.keys[from:]), ok
}

// noting returns code that runs a step and notes the call.
func (j *Journal) noting(n *recalled, run func(*Thread, *Frame) Exit) func(*Thread, *Frame) Exit {
	return func(t *Thread, f *Frame) Exit {
		e := t.plan.engine
		key, ok := t.keyOf(n, f)
		c := &call{key: key, began: e.world.Now()}
		if n.node.reads.data {
			for _, k := range n.node.data(f) {
				c.stamps = e.stamps.read(k, c.stamps)
			}
		}
		before, returned := t.err, false
		t.err = nil
		defer func() {
			if returned {
				return
			}
			c.raised, c.failed, c.ended = outcome(recover()), true, e.world.Now()
			if ok {
				j.keep(t, n, c)
			}
			if !c.raised.exit {
				panic(c.raised.value)
			}
		}()
		c.exit = run(t, f)
		returned = true
		c.ended = e.world.Now()
		c.failed = t.err != nil && !t.answers(n.node)
		if t.err == nil {
			t.err = before
		}
		for i := range n.out {
			saved, _, saves := n.out[i].code.Save(n.out[i].vars(f))
			c.values, ok = append(c.values, saved), ok && saves
		}
		if ok {
			j.keep(t, n, c)
		} else {
			t.exam.doubt(string(n.node.id) + " has values without a key or a copy")
		}
		return c.exit
	}
}

// keep notes a call for all and as one that t's work is made of, or for the request alone.
func (j *Journal) keep(t *Thread, n *recalled, c *call) {
	if n.own {
		t.exam.note(n, c.key, c)
		return
	}
	j.add(c)
	if r := t.rec; r != nil {
		r.mu.Lock()
		r.called(c)
		r.mu.Unlock()
	}
}

// give sets what a call set.
func (n *recalled) give(c *call, f *Frame) Exit {
	switch {
	case c.raised == nil:
	case c.raised.exit:
		runtime.Goexit()
	default:
		panic(c.raised.value)
	}
	for i := range n.out {
		n.out[i].code.Load(n.out[i].vars(f), c.values[i])
	}
	return c.exit
}
