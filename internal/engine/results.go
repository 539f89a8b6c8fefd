package engine

// Results of a part of a graph, apart from any frame.

import (
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
)

// results are what a computation set, how it was left and what that depends on.
// They are never changed, but for who computes them again and when their parts were last noted as asked for.
type results struct {
	exit    Exit
	set     []int // of the variables that leave, by index in out
	values  []any // what Save returned for each
	expires time.Time
	stamps  []stamp
	calls   []*call // that they are made of, where a journal has those

	inside *inside
	stood  bool // a stand-in is in them

	took  time.Duration // computing them
	claim atomic.Uint64 // by who has them computed again: one more than the swaps of plans so far
}

// entryOverhead is what results take beside their values, in bytes, about.
const entryOverhead = 152

// save copies the variables of refs that are marked; ok is false if the content
// of one cannot be copied.
func save(refs []ref, f *Frame, marks []uint64) (r *results, size int64, ok bool) {
	r = &results{set: make([]int, 0, len(refs)), values: make([]any, 0, len(refs))}
	size = entryOverhead
	for i := range refs {
		v := &refs[i]
		if !v.marked(marks) {
			continue
		}
		if v.src.Kind == graph.Context || v.code.Save == nil {
			return nil, 0, false
		}
		saved, n, ok := v.code.Save(v.vars(f))
		if !ok {
			return nil, 0, false
		}
		r.set, r.values = append(r.set, i), append(r.values, saved)
		size += int64(n) + 24
	}
	return r, size, true
}

// load sets the variables that r has.
func (t *Thread) load(refs []ref, f *Frame, r *results) {
	for i, at := range r.set {
		v := &refs[at]
		v.code.Load(v.vars(f), r.values[i])
		if t.marks != nil {
			t.marks[v.index>>6] |= 1 << (v.index & 63)
			t.mark(v.parts)
		}
	}
	if t.rec != nil {
		t.rec.absorb(seen{expires: r.expires, stamps: r.stamps, calls: r.calls, stood: r.stood})
	}
}
