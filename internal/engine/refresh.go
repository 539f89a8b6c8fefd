package engine

// Refreshing: results that will probably be asked for again are computed again shortly before they
// expire, so that nobody has to wait for that.

import (
	"context"
	"slices"
	"sync"
	"time"

	"fluxo.dev/fluxo/graph"
)

// Bounds of refreshes.
const (
	maxRefresh  = time.Minute // that one takes: its contexts end then
	maxAhead    = 1 << 14     // of a process that wait for their time, each with a copy of what entered; others are not computed again
	maxAheadKey = 1 << 10     // bytes that say what entered: more is not kept waiting
	earlyShare  = 4           // one in so many of the process's early starts may be a refresh: a source that hangs shall not take them all
)

// How long before results expire they are computed again: a second, or four times as long as computing them took if that
// is more, but not before three quarters of their life are over.
const (
	margin       = time.Second
	marginTimes  = 4
	marginInLife = 4
)

// refreshes are those of an engine, by block and key: which wait for their time, and which are under way.
// Each of the latter takes one of the process's early starts.
type refreshes struct {
	most    int // alarms
	mu      sync.Mutex
	alarms  int // that are set and have not gone off
	waiting map[string]*wait
	open    map[string]bool
}

// A wait is one for the time of a refresh. There is one for each key, of the youngest results.
type wait struct {
	alarm time.Duration // when one goes off
	due   time.Duration // its time, no earlier
	n     *renewal      // nil if plans were swapped
}

func (rs *refreshes) init() {
	rs.open, rs.waiting, rs.most = map[string]bool{}, map[string]*wait{}, maxAhead
}

// wait has n wait until due. It reports whether an alarm has to be set for then.
func (rs *refreshes) wait(n *renewal, due time.Duration) (alarm bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	name := n.name()
	w := rs.waiting[name]
	if w == nil || due < w.alarm {
		if rs.alarms == rs.most {
			return false
		}
		rs.alarms++
		rs.waiting[name] = &wait{due, due, n}
		return true
	}
	w.due, w.n = due, n
	return false
}

// due is called by an alarm. It returns what is to be computed again now, if there is something, or for when another alarm has to be set.
func (rs *refreshes) due(name string, now time.Duration) (n *renewal, again time.Duration) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	rs.alarms--
	w := rs.waiting[name]
	switch {
	case w == nil || w.alarm > now: // another one has gone off, or will
		return nil, 0
	case w.n != nil && w.due > now:
		rs.alarms++
		w.alarm = w.due
		return nil, w.due
	}
	delete(rs.waiting, name)
	return w.n, 0
}

// forget drops what waits, and what that holds.
func (rs *refreshes) forget() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, w := range rs.waiting {
		w.n = nil
	}
}

// begin reports whether none of name is under way, nor too many others, and notes that one is now.
func (rs *refreshes) begin(name string, most int64) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.open[name] || int64(len(rs.open)) >= most {
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

func (n *renewal) name() string { return n.k.name + " " + n.key }

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
	if e.most == 0 || len(key) > maxAheadKey || !k.likely(key, e.world) {
		return nil
	}
	frame, ok := k.copyOf(f)
	if !ok {
		return nil
	}
	for i := range k.in {
		r := &k.in[i]
		if r.src.Kind != graph.Context || r.code.Save == nil || r.code.Load == nil {
			continue
		}
		if saved, _, _ := r.code.Save(r.vars(frame)); saved != nil {
			if _, ok := saved.(context.Context); ok {
				r.code.Load(r.vars(frame), context.Background()) // steps get that of the thread
			}
		}
	}
	barred := slices.Clone(k.departs)
	for _, id := range t.barred {
		if !slices.Contains(barred, id) {
			barred = append(barred, id)
		}
	}
	return &renewal{plan: t.plan, ctx: e.observers.outlasting(t.ctx), barred: barred, swaps: t.swaps, k: k, key: string(key), frame: frame}
}

// ahead returns in what time r is computed again; zero or less if it is not. Results that take longer than they live would be computed
// again for ever, for nobody; and where a result stands in for a failure, the next try has a time of its own.
func (k *kept) ahead(r *results, w World) time.Duration {
	if r.expires.IsZero() || r.stood {
		return 0
	}
	return r.expires.Sub(w.Now()) - k.margin(r)
}

// margin is how long before r expires it is computed again.
func (k *kept) margin(r *results) time.Duration {
	return min(max(margin, marginTimes*r.took), k.life/marginInLife)
}

// renew is called by a hit on r, which is kept under key: if that will probably be asked for again, and nobody has seen to it yet, it
// is computed again in time.
func (t *Thread) renew(k *kept, key []byte, r *results, f *Frame) {
	t.asked(k, key)
	if r.claim.Load() == t.swaps+1 || k.ahead(r, t.plan.engine.world) <= 0 {
		return
	}
	if n := t.renewal(k, key, f); n != nil {
		n.waitFor(r)
	}
}

// waitFor has r computed again shortly before it expires, unless somebody else does.
func (n *renewal) waitFor(r *results) {
	e := n.plan.engine
	ahead := n.k.ahead(r, e.world)
	if ahead <= 0 || r.claim.Swap(n.swaps+1) == n.swaps+1 {
		return
	}
	n.of = r
	if due := e.world.Elapsed() + ahead; e.refreshes.wait(n, due) {
		e.setAlarm(n.name(), due)
	}
}

// setAlarm has what waits under name computed again at that time.
func (e *Engine) setAlarm(name string, at time.Duration) {
	e.world.At(at, func() {
		n, again := e.refreshes.due(name, e.world.Elapsed())
		if again > 0 {
			e.setAlarm(name, again)
		}
		if n != nil {
			n.run()
		}
	})
}

// run computes results again if they are still what is kept, and still asked for. That is once: if it fails, they stay for the
// rest of their life.
func (n *renewal) run() {
	k, e := n.k, n.plan.engine
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
	if !e.refreshes.begin(n.name(), max(e.most/earlyShare, 1)) {
		return
	}
	defer e.refreshes.end(n.name())
	own := n.plan.alone(n.ctx, e.world.Machine().Add(maxRefresh))
	own.swaps, own.barred = n.swaps, n.barred
	own.rec.after = n.of.expires.Add(k.margin(n.of))
	k.tally.refreshes.Add(1)
	defer func() { own.end(recover()) }()
	own.fill(k, []byte(n.key), n.frame)
	own.returned = true
}

// takes reports whether what r records may use kept results. What is computed again is computed again as a whole: with parts that expire
// when the old results do, or so soon after that their own time to be computed again has nearly come, the new ones would expire then, too,
// and too soon to be computed again in time.
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
