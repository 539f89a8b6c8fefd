package profile

import (
	"maps"
	"math/rand/v2"
	"testing"
	"time"
)

// Of many contents a sample is kept that tells how many there are, and after which time they come again.
func TestContents(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	const many = 20_000
	var whole, a, b Contents
	parts := [2]*Contents{&a, &b}
	last, reuse := map[uint64]time.Duration{}, Sketch{}
	for i := range 200_000 {
		id, at := uint64(rng.IntN(many)), time.Duration(i)*time.Millisecond
		whole.add(id, at)
		parts[rng.IntN(2)].add(id, at)
		if before, ok := last[id]; ok {
			reuse.Add(at-before, 1)
		}
		last[id] = at
	}
	near := func(what string, got, want, percent float64) {
		t.Helper()
		if got < want*(1-percent/100) || got > want*(1+percent/100) {
			t.Errorf("%s: %v, want about %v", what, got, want)
		}
	}
	near("contents", float64(whole.Distinct()), many, 15)
	near("median time of re-use", whole.Reuse.Quantile(.5).Seconds(), reuse.Quantile(.5).Seconds(), 20)
	near("re-uses", float64(whole.Reuse.Count()), float64(reuse.Count()), 20)
	if len(whole.Uses) > maxContents {
		t.Errorf("%d contents in the sample", len(whole.Uses))
	}
	var merged Contents
	merged.Merge(&a)
	merged.Merge(&b)
	near("contents of two processes", float64(merged.Distinct()), many, 15)
	for h, n := range merged.Uses {
		if k, ok := whole.Uses[h]; ok && k != n {
			t.Fatalf("content %x: %d uses merged, %d in the whole", h, n, k)
		}
	}
	if err := merged.check(); err != nil {
		t.Error(err)
	}
}

// Few contents are all known, and what was not seen does not count as a time of re-use.
func TestFewContents(t *testing.T) {
	var c Contents
	c.add(1, time.Second)
	c.add(2, 2*time.Second)
	c.add(1, 3*time.Second)
	c.forget()
	c.add(1, time.Hour)
	c.add(2, time.Hour)
	c.add(2, time.Hour-time.Second) // a clock that goes back
	if c.Distinct() != 2 || !maps.Equal(c.Uses, map[uint64]int64{spread(1): 3, spread(2): 3}) {
		t.Errorf("%d contents, used %v", c.Distinct(), c.Uses)
	}
	if c.Reuse.Count() != 1 || c.Reuse.Sum != 2*time.Second {
		t.Errorf("re-used %d times, after %v", c.Reuse.Count(), c.Reuse.Sum)
	}
}
