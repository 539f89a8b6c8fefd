package engine_test

// What must not happen however many callers there are: not wrong, but dear.

import (
	"fmt"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

// keptOnce is a step whose results are kept, and for which a miss joins a fill in progress.
const keptOnce = `stored kept {
shared common {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
}
result return (a) -> (out.0 out.1) exit=return`

// all calls p for every key so many times at once, and waits.
func (k *kit) all(p *engine.Plan, times int, keys ...string) {
	var waits []func() ended
	for range times {
		for _, key := range keys {
			waits = append(waits, k.begin(p, background, key))
		}
	}
	for _, wait := range waits {
		wait()
	}
}

// When an entry has expired, those who come make one fill of it.
func TestExpiryIsNoStampede(t *testing.T) {
	seeds(t, map[string]stepFunc{"A": takes("A", time.Second)}, func(k *kit) {
		p := k.plan("Flow", keptOnce)
		for life := range 3 {
			k.all(p, 40, "x")
			if k.calls["s.A"] != life+1 {
				t.Errorf("in %d lives of an entry its step ran %d times", life+1, k.calls["s.A"])
			}
			k.nap(background, 10*time.Minute)
		}
	})
}

// Where nothing is kept yet each key is asked for once.
func TestColdStoreAsksOnceForEachKey(t *testing.T) {
	seeds(t, map[string]stepFunc{"A": takes("A", time.Second)}, func(k *kit) {
		var keys []string
		for i := range 8 {
			keys = append(keys, fmt.Sprint("k", i))
		}
		k.all(k.plan("Flow", keptOnce), 10, keys...)
		if k.calls["s.A"] != len(keys) {
			t.Errorf("%d calls for %d keys", k.calls["s.A"], len(keys))
		}
	})
}
