package engine

// Journals: what the steps of planned runs were called with and returned, so that a run as written can be
// answered by it, to be compared or to be noted. A result may answer a run if the source could have had it: the same step with the same
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
	maxVerified  = 1 << 28 // bytes of what they set, where plans are verified
	maxPerCall   = 16      // of one step with the same arguments
	maxDiffering = 64      // differences told in full
)

// A Journal is kept while plans are verified, or services recorded that run under one. Its methods may be called at the same time.
type Journal struct {
	trail // of runs as written that are noted

	mu     sync.Mutex
	calls  map[string]*noted // by step and arguments
	order  []string          // keys, in the order of the calls
	size   int64             // of the calls, in bytes,
	room   int64             // and how large it may be
	writes *writeLog         // where plans are verified
	lost   *call             // as late as the latest one that was forgotten with its key; nil for none
	report Verified
}

// noted are the calls of a step with the same arguments.
type noted struct {
	calls []*call // the newest last
	open  []*call // under way
	lost  *call   // as late as the latest one that was forgotten; nil for none
}

// NewJournal returns a journal for verifying e's plans, that is told of writes from now on.
func (e *Engine) NewJournal() *Journal {
	j := &Journal{calls: map[string]*noted{}, room: maxVerified, writes: &writeLog{world: e.world, of: map[*stripe]*ends{}}}
	e.TellWrites(j)
	return j
}

// TellWrites has a journal told of writes, and no other one; nil for none.
func (e *Engine) TellWrites(j *Journal) {
	if j == nil {
		j = &Journal{}
	}
	e.stamps.log.Store(j.writes)
	e.elsewhere.Store(j.elsewhere)
}

// A call is one call of a step under a plan.
type call struct {
	key          string // step and arguments
	began, ended time.Time
	stamps       []stamp       // of the named data that it read
	took         time.Duration // without waiting for its turn
	number       uint64
	over         Gate  // opened when it has ended; nil where nobody waits for that
	values       []any // what it set, as Save returned it
	size         int64 // of them, and the key, in bytes
	err          error // the step's
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
	all := j.of(c.key)
	all.calls = append(all.calls, c)
	j.size += c.size
	if len(all.calls) > maxPerCall {
		j.size -= all.forget()
	} else {
		j.order = append(j.order, c.key)
	}
	for len(j.order) > maxJournal || j.size > j.room && len(j.order) > 1 {
		j.forget(j.order[0])
		j.order = j.order[1:]
	}
}

// of returns the calls of key, under j's lock.
func (j *Journal) of(key string) *noted {
	all := j.calls[key]
	if all == nil {
		all = &noted{}
		j.calls[key] = all
	}
	return all
}

// forget drops the oldest call of key.
func (j *Journal) forget(key string) {
	all := j.calls[key]
	j.size -= all.forget()
	j.tidy(key)
}

// tidy forgets a key without calls.
func (j *Journal) tidy(key string) {
	all := j.calls[key]
	if len(all.calls) > 0 || len(all.open) > 0 {
		return
	}
	delete(j.calls, key)
	if all.lost != nil {
		j.lost = later(j.lost, all.lost)
	}
}

// forget drops the oldest call, and returns its size.
func (n *noted) forget() int64 {
	c := n.calls[0]
	n.lost = later(n.lost, c)
	n.calls = n.calls[1:]
	return c.size
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
		if j.admits(n, c, began, failing) {
			all = append(all, c)
		}
		failing = failing || c.failed
	}
	return all, lost == nil || !j.admits(n, lost, began, true)
}

// held reports whether what was read with stamps could be read at a moment. Where nobody knows when data was written it has to hold still.
func (j *Journal) held(stamps []stamp, moment time.Time) bool {
	if j.writes == nil {
		return unchanged(stamps)
	}
	return j.writes.heldAt(stamps, moment)
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
		number := j.first + uint64(j.made.Add(1))
		if !ok {
			t.exam.doubt(string(n.node.id) + " has arguments without a key")
		}
		if !ok || j.traces && t.IsSecond() { // which the flow as written does not make
			return run(t, f)
		}
		c := &call{key: key, began: e.world.Now(), size: int64(len(key)), number: number}
		t.trace.answered(c)
		began, waited := e.world.Elapsed(), t.timesWait(n.node)
		if j.traces && !n.own {
			j.begin(c, e.world)
		}
		end := func(keep bool) {
			c.ended, c.took = e.world.Now(), e.world.Elapsed()-began-waited()
			j.end(t, n, c, keep)
		}
		if n.node.reads.data {
			for _, k := range n.node.data(f) {
				c.stamps = e.stamps.read(k, c.stamps)
			}
		}
		defer e.elsewhere.Load().showing(n.node, f)()
		before, returned := t.err, false
		t.err = nil
		defer func() {
			if returned {
				return
			}
			c.raised, c.failed = outcome(recover()), true
			end(true)
			if !c.raised.exit {
				panic(c.raised.value)
			}
		}()
		c.exit = run(t, f)
		returned = true
		c.err, c.failed = t.err, t.err != nil && !t.answers(n.node)
		if t.err == nil {
			t.err = before
		}
		saves := true
		for i := range n.out {
			saved, size, ok := n.out[i].code.Save(n.out[i].vars(f))
			c.values, c.size, saves = append(c.values, saved), c.size+int64(size), saves && ok
		}
		end(saves)
		return c.exit
	}
}

// skip counts a request that is not run as written, because what it was given cannot be copied.
func (j *Journal) skip() {
	if j.traces {
		j.lose(1)
	} else {
		j.count(func(r *Verified) { r.Undecided++ })
	}
}

// end ends a call, and keeps it for all and as one that t's work is made of, or for the request alone.
func (j *Journal) end(t *Thread, n *recalled, c *call, keep bool) {
	if c.over != nil {
		defer c.over.Open()
		defer j.close(c)
	}
	switch {
	case !keep:
		t.exam.doubt(string(n.node.id) + " has results without a copy")
		return
	case n.own:
		t.exam.note(n, c.key, c)
		return
	case j.traces && c.failed && t.cut():
		return // as written, nobody would have ended it
	}
	j.add(c)
	if r := t.rec; r != nil && !j.traces {
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
