package engine_test

import (
	"context"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

func TestQueuesAreCounted(t *testing.T) {
	seeds(t, nil, func(k *kit) {
		a := &engine.Acts{Step: "s.A", Limit: 1, Engine: k.engine}
		over := k.NewGate()
		call := func(ctx context.Context) {
			k.Go(func() {
				a.Do(ctx, nil, func(context.Context) error { over.Wait(nil); return nil })
			})
		}
		ended, end := context.WithCancel(context.Background())
		for range 2 {
			call(context.Background())
		}
		k.Sleep(nil, time.Second)
		call(ended)
		k.Sleep(nil, time.Second)
		if q := k.engine.Queues(); len(q) != 1 || q[0].Step != "s.A" || q[0].Limit != 1 || q[0].Active != 1 || q[0].Waiting != 2 || q[0].Calls != 3 {
			t.Errorf("%+v", q)
		}
		end()
		k.Sleep(nil, time.Second)
		over.Open()
		k.Sleep(nil, time.Second)
		q := k.engine.Queues()[0]
		if q.Active != 0 || q.Waiting != 0 || q.Left != 1 || q.Waited.Count() != 2 || q.Waited.Sum < 3900*time.Millisecond || q.Waited.Sum > 4100*time.Millisecond {
			t.Errorf("%+v", q)
		}
	})
}

func TestEarlyIsCounted(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("a", time.Second), "B": takes("b", time.Minute)}
	seedsEarly(t, 7, steps, func(k *kit) {
		p := k.plan("F", "start start.B B..B\nstep A s.A (ctx arg) -> (a err) err=err {volatile 1m}\nstep B s.B (ctx arg) -> (b err) err=err {volatile 1m}\nresult return (a b) -> (out.0 out.1) exit=return")
		wait := k.begin(p, context.Background(), "x")
		k.Sleep(nil, 30*time.Second)
		if n, most := k.engine.Early(); n != 1 || most != 7 {
			t.Errorf("%d of %d", n, most)
		}
		wait()
		k.Sleep(nil, time.Second)
		if n, _ := k.engine.Early(); n != 0 {
			t.Errorf("%d afterwards", n)
		}
	})
}
