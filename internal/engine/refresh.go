package engine

// Refreshing: results that will expire soon and are still asked for are computed again
// behind an answer, so that nobody has to wait for that.

import "slices"

// claim reports whether r is due to be computed again, and the caller the one to do it.
func (r *results) claim(w World) bool {
	return !r.due.IsZero() && !r.claimed.Load() && !w.Now().Before(r.due) && r.claimed.CompareAndSwap(false, true)
}

// refresh computes k again for what enters it on f, and keeps what comes out as any fill does: if
// it fails, what is there stays for the rest of its life and is not tried again.
func (t *Thread) refresh(k *kept, f *Frame) {
	e := t.plan.engine
	if e.early.Add(-1) < 0 {
		e.early.Add(1)
		return
	}
	own, frame, ok := t.detach(&k.edge, f, t.ctx, e.world.Now().Add(maxTryAgain))
	if !ok {
		e.early.Add(1)
		return
	}
	own.barred = slices.Concat(k.departs, t.barred)
	e.world.Go(func() {
		defer func() {
			own.end(recover())
			e.early.Add(1)
		}()
		if from, ok := own.push(k.in, frame); ok {
			own.fill(k, own.keys[from:], frame)
		}
		own.returned = true
	})
}
