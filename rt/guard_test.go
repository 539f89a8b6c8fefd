package rt

// What the guard takes for chance, and what it does not.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/plan"
)

// sampleOf draws n requests: hits of a store, and misses whose times have a heavy tail.
func sampleOf(rng *rand.Rand, n int, hits, slower, fails float64) (s Sample) {
	for range n {
		d := time.Duration((1 + rng.Float64()) * slower * float64(20*time.Microsecond))
		if rng.Float64() > hits {
			d = time.Duration(slower * math.Exp(rng.NormFloat64()) * float64(100*time.Millisecond))
		}
		s.Took.Add(d, 1)
		s.Requests++
		if rng.Float64() < fails {
			s.Failed++
		}
	}
	return s
}

var timeGoals = []plan.Measure{plan.Mean, plan.P50, plan.P95, plan.P99}

// Arms that are alike are hardly ever told apart, whatever the share and the goal.
func TestGuardIsPatientWithChance(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const times = 1500
	wrong := map[string]int{}
	for range times {
		n := 200 + rng.IntN(2000)
		hits := rng.Float64()
		before, tried := sampleOf(rng, n, hits, 1, .02), sampleOf(rng, 100+rng.IntN(n), hits, 1, .02)
		if why := failsMore(before, tried); why != "" {
			wrong["failures"]++
		}
		for _, goal := range timeGoals {
			if why := worse(goal, before, tried, 1); why != "" {
				wrong[string(goal)]++
			}
		}
	}
	for what, n := range wrong {
		if n > 2 {
			t.Errorf("%s: %d of %d pairs that are alike", what, n, times)
		}
	}
}

// What is far worse is found with few requests, what is a little worse with many.
func TestGuardFindsWhatIsWorse(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, c := range []struct {
		n      int
		slower float64
		times  float64
		found  bool
	}{{4000, 10, 3, true}, {1000, 10, 1, true}, {20_000, 1.5, 1, true}, {20_000, 1.5, 3, false}, {20_000, .9, 1, false}} {
		t.Run(fmt.Sprint(c), func(t *testing.T) {
			for range 20 {
				before, tried := sampleOf(rng, c.n, .2, 1, 0), sampleOf(rng, c.n/5, .2, c.slower, 0)
				for _, goal := range timeGoals {
					if why := worse(goal, before, tried, c.times); (why != "") != c.found {
						t.Errorf("%s: %q, before %v, tried %v", goal, why, before.fared(), tried.fared())
					}
				}
			}
		})
	}
	before, tried := sampleOf(rng, 1000, .2, 1, 0), sampleOf(rng, 200, .2, 10, 0)
	if why := worse(plan.Calls, before, tried, 1); why == "" {
		t.Error("a plan that is to save calls may make requests ten times slower")
	}
	tried = sampleOf(rng, 2000, .2, 1.8, 0)
	if why := worse(plan.Calls, before, tried, 1); why != "" {
		t.Errorf("a plan that is to save calls may not cost time: %s", why)
	}
}

// The probability is exact.
func TestAtLeast(t *testing.T) {
	for _, c := range []struct {
		x, some, n, all int64
		want            float64
	}{
		{0, 5, 5, 20, 1}, {3, 3, 3, 6, 1. / 20}, {2, 3, 3, 6, 10. / 20}, {1, 1, 5, 20, .25},
		{4, 6, 6, 8, 28. / 28}, {3, 3, 100, 1000, 0.00097}, {60, 100, 100, 200, 0.00352},
	} {
		if got := atLeast(c.x, c.some, c.n, c.all); math.Abs(got-c.want) > c.want/100+1e-9 {
			t.Errorf("%d or more of %d among %d of %d: %v, want %v", c.x, c.some, c.n, c.all, got, c.want)
		}
	}
}
