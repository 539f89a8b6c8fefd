package engine

// Refreshing: results that will expire soon and are still asked for are computed again
// behind an answer, so that nobody has to wait for that.

import (
	"slices"
	"sync"
	"time"
)

// maxRefresh bounds how long a refresh takes: its contexts end then.
const maxRefresh = time.Minute

// refreshes are the results that are being computed again, by block and key. Each takes one of
// the process's early starts, so that there are never more than those.
type refreshes struct {
	mu   sync.Mutex
	open map[string]bool
}

func (rs *refreshes) init() { rs.open = map[string]bool{} }

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

// dueAfter notes that r, which began to be computed at began, or started by the steady clock, is due
// after some per cent of its life.
func (r *results) dueAfter(percent int, began time.Time, started time.Duration) {
	if percent > 0 && !r.expires.IsZero() {
		r.due = started + r.expires.Sub(began)/100*time.Duration(percent)
	}
}

// claim reports whether r is due to be computed again, and the caller the one to do it. That is
// once: if it fails, r stays for the rest of its life.
func (r *results) claim(w World) bool {
	return r.due > 0 && !r.claimed.Load() && w.Elapsed() >= r.due && r.claimed.CompareAndSwap(false, true)
}

// refresh begins to compute k again for what enters it on f, for which r is kept under key. What
// enters is copied before the hit's results are there: a block may set again what it reads.
func (t *Thread) refresh(k *kept, key string, r *results, f *Frame) {
	e := t.plan.engine
	if e.early.Add(-1) < 0 {
		e.early.Add(1)
		r.claimed.Store(false) // another hit may find one left
		return
	}
	name := k.name + " " + key
	if !e.refreshes.begin(name) {
		e.early.Add(1)
		return
	}
	over := func() {
		e.refreshes.end(name)
		e.early.Add(1)
	}
	own, frame, ok := t.detach(&k.edge, f, t.ctx, e.world.Now().Add(maxRefresh))
	if !ok {
		over()
		return
	}
	own.barred = slices.Concat(k.departs, t.barred)
	own.rec.after = r.expires
	k.tally.refreshes.Add(1)
	e.world.Go(func() {
		defer func() {
			own.end(recover())
			over()
		}()
		own.fill(k, []byte(key), frame)
		own.returned = true
	})
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
