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

// audit computes k again behind a hit that gave r, and reports if the results
// differ though nothing that they depend on was written.
func (t *Thread) audit(k *kept, f *Frame, r *results) {
	e := t.plan.engine
	if !k.mayAudit() {
		return
	}
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
	var given []ref // values that the hit gave
	for _, i := range r.set {
		if k.out[i].src.Kind == graph.Data {
			given = append(given, k.out[i])
		}
	}
	want, _ := t.sum(given, f)
	served := show(given, f)
	e.world.Go(func() {
		defer func() {
			saw, _ := own.end(recover())
			e.early.Add(1)
			got, ok := own.sum(given, frame)
			if !own.returned || saw.failed || saw.hidden != nil || !ok || got == want || !unchanged(r.stamps) {
				return
			}
			what, fix := "a kept result is no longer what its steps return, though no write was reported",
				"write //fluxo:writes where the data changes; take //fluxo:sole away if others write it too"
			if len(r.stamps) == 0 {
				what, fix = "a kept result is no longer what its steps return, though none of them reads anything that may change",
					"take //fluxo:pure away from the step that answers differently, or say how long its result may be used: //fluxo:volatile 1m"
			}
			e.reports.promise(e, t.plan.flow, k.first, what, fix,
				slog.String("served", served), slog.String("computed", show(given, frame)))
		}()
		own.walk(&k.body, frame)
		own.returned = true
	})
}
