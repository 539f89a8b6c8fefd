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

	"fluxo.dev/fluxo/graph"
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

// A recalled is a step whose calls are noted, and answered by what was noted.
type recalled struct {
	node    *node
	in, out []ref
	own     bool          // only the request that called it may have the results: it does something, or makes new values
	acts    bool          // it does something, in an order that counts
	life    time.Duration // how long results may be used after the call began; 0 for ever, or not at all
	never   bool          // not at all: volatile 0
	onError time.Duration // a failure's stand-in, likewise; 0 for none
}

// admits reports whether a call may answer a request that began then. failing says that a later one failed.
func (n *recalled) admits(c *call, began time.Time, failing bool) bool {
	young := func(life time.Duration) bool { return c.began.Add(life).After(began) }
	switch {
	case !c.began.Before(began):
		return true
	case n.never:
		return false
	case n.life > 0 && !young(n.life):
		return failing && !c.failed && young(n.onError)
	case !c.ended.Before(began): // under way when the request came: it may have waited for it
		return true
	}
	return !c.failed && unchanged(c.stamps)
}

// recalled returns how a node's calls are noted; nil if they are not: a run as written calls the step itself.
// It refuses what cannot be done twice and cannot be noted.
func (c *compiler) recalled(n *graph.Node, m *node, at place) *recalled {
	r := &recalled{node: m, own: n.Kind == graph.Fresh}
	if n.Kind != graph.Step && n.Kind != graph.Fresh {
		return nil
	}
	outside := r.own
	for _, e := range n.Effects {
		switch e.Class {
		case graph.Writes, graph.Acts, graph.Opaque:
			r.own, r.acts, outside = true, true, true
		case graph.Reads:
			outside = true
			r.life = shorter(r.life, e.Within)
		case graph.Volatile:
			outside = true
			r.never = r.never || e.For == 0
			r.life = shorter(r.life, e.For)
			r.onError = max(r.onError, e.OnError)
		}
	}
	if !outside {
		return nil
	}
	r.in = c.refs(n.In, at)
	r.out = c.refs(graph.Wholes(c.plan.graph, slices.Concat(n.Out, n.Edit)), at)
	for _, v := range r.in {
		if v.src.Kind != graph.Context && v.code.Key == nil {
			c.refuse("%s at %v is given %s, which has no key", n.ID, n.Pos, v.src.ID)
		}
	}
	for _, v := range r.out {
		if v.code.Save == nil || v.src.Kind != graph.Data && v.src.Kind != graph.Error {
			c.refuse("%s at %v sets %s, which cannot be copied", n.ID, n.Pos, v.src.ID)
		}
	}
	return r
}

// shorter returns the shorter of two lives, of which 0 is none.
func shorter(a, b time.Duration) time.Duration {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}

// examine has a node's calls noted, or answered by what was noted, where the plan is compiled to be verified.
func (c *compiler) examine(n *graph.Node, m *node, at place) {
	if c.journal == nil || m.code.Run == nil {
		return
	}
	r := c.recalled(n, m, at)
	switch {
	case r != nil && c.written:
		m.code.Run = c.journal.answering(r, m.code.Run)
	case r != nil:
		m.code.Run = c.journal.noting(r, m.code.Run)
	case c.written && n.Kind == graph.Step && isPure(n):
		r = &recalled{node: m, in: c.refs(n.In, at), out: c.refs(graph.Wholes(c.plan.graph, slices.Concat(n.Out, n.Edit)), at)}
		if !slices.ContainsFunc(r.out, func(v ref) bool { return v.code.Save == nil }) {
			m.code.Run = c.journal.steady(r, m.code.Run)
		}
	}
}

func isPure(n *graph.Node) bool {
	return !slices.ContainsFunc(n.Effects, func(e graph.Effect) bool { return e.Class != graph.Pure })
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
