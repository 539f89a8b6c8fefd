package engine

// Refreshing: results that will probably be asked for again are computed again shortly before they
// expire, so that nobody has to wait for that.

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
)

// Bounds of refreshes.
const (
	maxRefresh = time.Minute // that one takes: its contexts end then
	maxAhead   = 1 << 14     // of a process that wait for their time, each with a copy of what entered; others are not computed again
)

// How long before results expire they are computed again: a second, or four times as long as computing them took if that
// is more, but not before three quarters of their life are over.
const (
	margin       = time.Second
	marginTimes  = 4
	marginInLife = 4
)

// refreshes are those of an engine: how many wait for their time, and which are under way, by block and key.
// Each of the latter takes one of the process's early starts, so that there are never more than those.
type refreshes struct {
	waiting atomic.Int64
	most    int64
	mu      sync.Mutex
	open    map[string]bool
}

func (rs *refreshes) init() { rs.open, rs.most = map[string]bool{}, maxAhead }

// begin reports whether none of name is under way, and notes that one is now.
func (rs *refreshes) begin(name string) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.open[name] {
		return false
	}
	rs.open[name] = true
	return true
}

func (rs *refreshes) end(name string) {
	rs.mu.Lock()
	delete(rs.open, name)
	rs.mu.Unlock()
}

// A renewal has results computed again when their time has come.
type renewal struct {
	plan   *Plan
	ctx    context.Context // whose values the contexts of the steps have
	barred []graph.NodeID
	swaps  uint64
	k      *kept
	key    string
	frame  *Frame // with what enters: a block may set again what it reads
	of     *results
}

// likely reports whether what is kept under key will be asked for in its next life, by as many per cent as the plan says.
func (k *kept) likely(key []byte, w World) bool {
	return k.paces.likely(k.region.Hash(key), w.Elapsed(), k.life)*100 >= float64(k.refresh)
}

// asked notes that somebody asks for what is kept under key.
func (t *Thread) asked(k *kept, key []byte) {
	u := use{k.paces, k.region.Hash(key), k.life}
	if t.rec == nil || t.rec.after.IsZero() { // or a refresh does
		u.paces.note(u.key, t.plan.engine.world.Elapsed(), u.life)
	}
	if t.rec != nil {
		t.rec.use(u)
	}
}

// renewal copies what enters k on f, under key, if it will probably be asked for again; nil otherwise.
func (t *Thread) renewal(k *kept, key []byte, f *Frame) *renewal {
	e := t.plan.engine
	if e.most == 0 || !k.likely(key, e.world) {
		return nil
	}
	frame, ok := k.copyOf(f)
	if !ok {
		return nil
	}
	ctx := t.ctx
	if t.renews != nil {
		ctx = t.renews.ctx // not one inside the other, for ever
	}
	return &renewal{plan: t.plan, ctx: ctx, barred: slices.Concat(k.departs, t.barred), swaps: e.swaps.Load(), k: k, key: string(key), frame: frame}
}

// renew is called by a hit on r, which is kept under key: if that will probably be asked for again, and nobody has seen to it yet, it
// is computed again in time.
func (t *Thread) renew(k *kept, key []byte, r *results, f *Frame) {
	t.asked(k, key)
	if r.claim.Load() == t.plan.engine.swaps.Load()+1 {
		return
	}
	if n := t.renewal(k, key, f); n != nil {
		n.waitFor(r)
	}
}

// waitFor has r computed again shortly before it expires, unless somebody else does, or that time is over: results
// that take longer than they live would be computed again for ever, for nobody.
func (n *renewal) waitFor(r *results) {
	e := n.plan.engine
	if r.expires.IsZero() {
		return
	}
	early := min(max(margin, marginTimes*r.took), n.k.life/marginInLife)
	wait := r.expires.Sub(e.world.Now()) - early
	if wait <= 0 || r.claim.Swap(n.swaps+1) == n.swaps+1 {
		return
	}
	if e.refreshes.waiting.Add(1) > e.refreshes.most {
		e.refreshes.waiting.Add(-1)
		return
	}
	n.of = r
	e.world.At(e.world.Elapsed()+wait, n.run)
}

// run computes results again if they are still what is kept, and still asked for. That is once: if it fails, they stay for the
// rest of their life.
func (n *renewal) run() {
	k, e := n.k, n.plan.engine
	e.refreshes.waiting.Add(-1)
	there, ok := k.region.Peek([]byte(n.key))
	if ok && there != any(n.of) || !ok && e.world.Now().Before(n.of.expires) { // younger ones, or there was no room for them
		return
	}
	if e.swapped(n.swaps) || !k.likely([]byte(n.key), e.world) {
		return
	}
	defer e.early.Add(1)
	if e.early.Add(-1) < 0 {
		return
	}
	name := k.name + " " + n.key
	if !e.refreshes.begin(name) {
		return
	}
	defer e.refreshes.end(name)
	own := n.plan.alone(n.ctx, e.world.Machine().Add(maxRefresh))
	own.barred, own.renews = n.barred, n
	own.rec.after = n.of.expires
	k.tally.refreshes.Add(1)
	defer func() { own.end(recover()) }()
	own.fill(k, []byte(n.key), n.frame)
	own.returned = true
}

// takes reports whether what r records may use kept results. What is computed again is computed
// again as a whole: parts that expire as soon as the old results do would have
// the new ones expire then, too.
func (r *recording) takes(kept *results) bool {
	return r.after.IsZero() || kept.expires.IsZero() || kept.expires.After(r.after)
}

// outlived reports whether there is something under key that may be served for as long as r, which
// a refresh computed: what stands in for a failure lives for a moment, and what was
// computed in the foreground meanwhile is younger.
func (k *kept) outlived(key []byte, r *results) bool {
	v, ok := k.region.Peek(key)
	if !ok || r.expires.IsZero() {
		return false
	}
	there := v.(*results)
	return unchanged(there.stamps) && !there.expires.Before(r.expires)
}
