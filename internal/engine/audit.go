package engine

// Audits: a sample of the hits is computed again behind the answer, where the
// results should be the same.

import (
	"log/slog"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// audited reports whether the results of a stored block stay the same until a
// write is reported: nothing volatile is inside, and what leaves can be compared.
func (c *compiler) audited(k *kept, body []*graph.Node) bool {
	for n := range graph.Within(body...) {
		for _, e := range n.Effects {
			if e.Class == graph.Volatile {
				return false
			}
		}
	}
	for _, r := range k.out {
		if r.src.Kind == graph.Data && r.code.Key == nil {
			return false
		}
	}
	return true
}

// fillsPerAudit bounds audits by the fills of their block, the first one aside: steps
// are called a tenth more often than without them, however many hits there are.
const fillsPerAudit = 10

// mayAudit reports whether k's fills allow another audit, and counts it.
func (k *kept) mayAudit() bool {
	for {
		n := k.audits.Load()
		if n*fillsPerAudit >= k.fills.Load() {
			return false
		}
		if k.audits.CompareAndSwap(n, n+1) {
			return true
		}
	}
}

// An audit is a hit of a block that is computed again.
type audit struct {
	block  *kept
	thread *Thread
	frame  *Frame // with copies of what enters
}

// audit prepares to compute k again behind a hit; nil if that may not be. What enters
// is copied before the hit's results are there: a block may set again what it reads.
func (t *Thread) audit(k *kept, f *Frame) *audit {
	e := t.plan.engine
	if !k.mayAudit() {
		return nil
	}
	if e.early.Add(-1) < 0 {
		e.early.Add(1)
		return nil
	}
	own, frame, ok := t.detach(&k.edge, f, t.ctx, e.world.Machine().Add(maxTryAgain))
	if !ok {
		e.early.Add(1)
		return nil
	}
	own.barred = slices.Concat(k.departs, t.barred)
	return &audit{k, own, frame}
}

// compare computes the block beside t, which a hit gave r on f, and reports if the
// results differ though nothing that they depend on was written.
func (a *audit) compare(t *Thread, f *Frame, r *results) {
	var given []ref // values that the hit gave
	for _, i := range r.set {
		if a.block.out[i].src.Kind == graph.Data {
			given = append(given, a.block.out[i])
		}
	}
	want, _ := t.sum(given, f)
	served := show(given, f)
	e, flow := t.plan.engine, t.plan.flow
	e.world.Go(func() {
		own := a.thread
		defer func() {
			saw, _ := own.end(recover())
			e.early.Add(1)
			got, ok := own.sum(given, a.frame)
			if !own.returned || saw.failed || saw.hidden != nil || !ok || got == want || !unchanged(r.stamps) {
				return
			}
			what, fix := "a kept result is no longer what its steps return, though no write was reported",
				"write //fluxo:writes where the data changes; take //fluxo:sole away if others write it too"
			if len(r.stamps) == 0 {
				what, fix = "a kept result is no longer what its steps return, though none of them reads anything that may change",
					"take //fluxo:pure away from the step that answers differently, or say how long its result may be used: //fluxo:volatile 1m"
			}
			e.reports.promise(e, flow, a.block.first, what, fix,
				slog.String("served", served), slog.String("computed", show(given, a.frame)))
		}()
		own.walk(&a.block.body, a.frame)
		own.returned = true
	})
}
