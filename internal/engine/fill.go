package engine

// Stored blocks: a hit takes the results from the store, a fill computes them
// and keeps them if everything it saw allows that.

import (
	"slices"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/memo"
)

// kept is what the walk knows of a stored block.
type kept struct {
	edge
	departs []graph.NodeID // failure edges that are never part of the results
	body    block
	region  *memo.Region
	answers *memo.Region // of a whole flow whose encoded results are kept, those; nil of others
	first   *graph.Node  // for reports
	kinds   []string     // of error that may be kept like results, by the words of the steps inside
	audited bool
	tally   *decisionTally
	name    string        // of the region
	refresh int           // per cent: results that are as likely as that to be asked for in their next life are computed again; 0 for none
	life    time.Duration // of results that are computed again
	paces   *paces
	fills   atomic.Int64
	audits  atomic.Int64
}

func (c *compiler) kept(at place, i int) *kept {
	in := at.within(at.block.Nodes[i].Blocks[0])
	k := &kept{
		edge: c.keptEdge(in, graph.Store), departs: c.departs(in.block.Nodes), first: in.block.Nodes[0],
		body: c.whole(in), refresh: at.block.Nodes[i].Refresh,
	}
	if at.block.Nodes[i].Answer {
		c.plan.answers, c.plan.answered = true, k
		k.name, k.tally = string(c.plan.flow)+" "+answerVerb, c.tallyOf(answerVerb, "")
		k.region, k.answers = c.engine.region(k.name+resultsOf), c.engine.region(k.name)
	} else {
		k.name, k.tally = string(c.plan.flow)+" "+spanName(in.block.Nodes), c.decision(storeVerb, in.block.Nodes)
		k.region = c.engine.region(k.name)
	}
	effects := graph.EffectsOf(in.block.Nodes...)
	if k.life = graph.Life(effects); k.life == 0 {
		k.refresh = 0 // nothing expires
	}
	if k.refresh > 0 {
		k.paces = c.engine.pacesOf(k.name)
	}
	for _, e := range effects {
		k.kinds = append(k.kinds, e.Errors...)
	}
	k.audited = c.audited(k, in.block.Nodes)
	c.held(k.name, k.edge)
	return k
}

// spanName names a part of a source graph, whatever a plan adds inside it: by
// its first and last source nodes.
func spanName(nodes []*graph.Node) string {
	src := graph.Erase(&graph.Graph{Body: &graph.Block{Nodes: nodes}}).Body.Nodes
	return string(src[0].ID) + ".." + string(src[len(src)-1].ID)
}

// stored runs a stored block on f.
func (t *Thread) stored(n *node, f *Frame) Exit {
	k := n.kept
	if t.follower != nil && k.answers != nil {
		return t.answer(k, f)
	}
	from, ok := t.push(k.in, f)
	if !ok {
		t.pop(from)
		return t.walk(&k.body, f)
	}
	key := t.keys[from:]
	if v, ok := k.region.Get(key); ok {
		if r := v.(*results); unchanged(r.stamps) && (t.rec == nil || t.rec.takes(r)) {
			var again *audit
			if t.sampled && k.audited {
				again = t.audit(k, f)
			}
			if k.refresh > 0 {
				t.renew(k, key, r, f)
			}
			t.say(toldHit)
			t.took(r.inside)
			t.pop(from)
			t.load(k.out, f, r)
			if again != nil {
				again.compare(t, f, r)
			}
			return r.exit
		}
		k.tally.stale.Add(1)
	}
	x := t.fill(k, key, f)
	t.pop(from)
	return x
}

// fill runs the block and keeps its results under key, where that is allowed.
func (t *Thread) fill(k *kept, key []byte, f *Frame) Exit {
	e := t.plan.engine
	began := e.world.Now()
	t.say(toldMiss)
	k.fills.Add(1)
	k.tally.fills.Add(1)
	var again *renewal
	if k.refresh > 0 {
		t.asked(k, key)
		again = t.renewal(k, key, f)
	}
	rec, marks := t.rec.part(true), t.plan.newMarks()
	x := t.recording(rec, marks, func() Exit { return t.walk(&k.body, f) })
	s := rec.seen()
	if s.hidden != nil {
		e.reports.hidden(e, t.plan.flow, k.first, s.hidden)
	}
	if s.failed || s.hidden != nil || e.swapped(t.swaps) || !unchanged(s.stamps) || !k.mayKeepErrors(e, f, marks) {
		return x
	}
	r, size, ok := save(k.out, f, marks)
	if !ok {
		return x
	}
	r.exit, r.expires, r.stamps, r.calls, r.stood = x, s.expires, s.stamps, s.calls, s.stood
	r.inside = newInside(s.uses, e.world.Elapsed())
	r.took = e.world.Now().Sub(began)
	size += int64(len(s.stamps))*16 + r.inside.size()
	if !rec.after.IsZero() && k.outlived(key, r) {
		return x
	}
	k.tally.kept.Add(1)
	k.region.Put(key, r, size, r.took, s.expires)
	if again != nil {
		again.waitFor(r)
	}
	return x
}

// mayKeepErrors reports whether every error that leaves is of a kind that may be
// kept: what glue made of its own is not.
func (k *kept) mayKeepErrors(e *Engine, f *Frame, marks []uint64) bool {
	for i := range k.out {
		r := &k.out[i]
		if r.src.Kind != graph.Error || !r.marked(marks) || r.code.Save == nil {
			continue
		}
		saved, _, _ := r.code.Save(r.vars(f))
		if err, ok := saved.(error); ok && err != nil && !slices.Contains(k.kinds, e.kindOf(err)) {
			return false
		}
	}
	return true
}

// recording runs f for rec and marks, and passes what they came to to those
// around. What is left by a panic or Goexit passes it on to them as well.
func (t *Thread) recording(rec *recording, marks []uint64, f func() Exit) Exit {
	e := t.plan.engine
	outer, outerMarks := t.rec, t.marks
	t.rec, t.marks = rec, marks
	e.filling.Add(1)
	returned := false
	defer func() {
		e.filling.Add(-1)
		if !returned {
			rec.fail()
		}
		outer.absorb(rec.seen())
		for i := range outerMarks {
			outerMarks[i] |= marks[i]
		}
		t.rec, t.marks = outer, outerMarks
	}()
	x := f()
	returned = true
	return x
}
