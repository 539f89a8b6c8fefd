package engine_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// What a visit shows, of a flow as written or of one under a plan, is written by nobody else; all else is, whoever writes the same meanwhile.
func TestWritesElsewhere(t *testing.T) {
	for seed := range uint64(10) {
		m := newMarket(seed, true)
		for i := range m.asks {
			m.asks[i].after /= 100 // so that many write the same
			if name := m.asks[i].flow; name[0] == 'R' && i%2 == 0 {
				m.asks[i].flow, m.asks[i].elsewhere = fmt.Sprint("W", 3+i%3), i%4 == 0
			}
		}
		want := 0
		for _, a := range m.asks {
			if a.elsewhere {
				want += len(m.data[a.flow])
			}
		}
		for _, planned := range []bool{false, true} {
			oneSeed(t, seed, m.steps(), func(k *kit) {
				var runs []*profile.Run
				plans, j := map[string]*engine.Plan{}, k.engine.NewTrail()
				for name := range m.data {
					if planned {
						plans[name] = k.recorded(j, name, m.body(name, true), &runs)
					} else {
						_, plans[name] = k.probe(name, m.body(name, false), &runs)
					}
				}
				m.run(k, plans)
				k.nap(background, time.Minute)
				all, n := j.Elsewhere(0)
				if len(all) != want || n != int64(want) {
					t.Errorf("%d writes, numbered to %d, are elsewhere; want %d (under a plan: %v)", len(all), n, want, planned)
				}
				if again, _ := j.Elsewhere(n - 3); !slices.EqualFunc(again, all[want-3:], func(a, b profile.Write) bool { return a.Path() == b.Path() && a.At == b.At }) {
					t.Errorf("the last three of %v are %v", all[want-3:], again)
				}
				if j.Awaited() != 0 {
					t.Errorf("%d writes are waited for, though all visits are over", j.Awaited())
				}
			})
		}
	}
}

// Of more than can be remembered it is known which names they were of.
func TestManyWritesElsewhere(t *testing.T) {
	seeds(t, nil, func(k *kit) {
		j := k.engine.NewTrail()
		write := func(name, id string) {
			a := &engine.Acts{Step: "s.W", Writes: []string{name}, Engine: k.engine}
			a.Do(background, func() []engine.DataKey {
				return []engine.DataKey{{Name: name, Parts: [][]byte{[]byte(id), nil, []byte("c")}}}
			}, func(ctx context.Context) error { return k.nap(ctx, time.Millisecond) })
		}
		write("likes", "x")
		write("stock", "y")
		_, seen := j.Elsewhere(0)
		for i := range engine.MaxElsewhere {
			write("stock", fmt.Sprint(i))
		}
		all, n := j.Elsewhere(0)
		if len(all) != engine.MaxElsewhere+2 || n != engine.MaxElsewhere+2 {
			t.Fatalf("%d writes, numbered to %d", len(all), n)
		}
		for i, want := range []string{"likes", "stock", "stock"} {
			if w := all[i]; w.Data != want || len(w.Parts) != max(i-1, 0) || w.At != time.Duration(i)*time.Millisecond || w.Took != time.Millisecond {
				t.Errorf("write %d is %+v", i, w)
			}
		}
		if since, _ := j.Elsewhere(seen); len(since) != engine.MaxElsewhere {
			t.Errorf("%d writes since two of %d", len(since), n)
		}
	})
}
