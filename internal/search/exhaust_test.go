package search

import (
	"context"
	"math"
	"testing"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/tracetest"
	"fluxo.dev/fluxo/pattern"
)

func random(seed uint64, steps int) *profile.Trace {
	return tracetest.NewRandom(steps, seed).Trace(80, 12)
}

// What is passed over would not have been better: the best of all sets, one by one, is what exhaust finds.
func TestExhaustIsExact(t *testing.T) {
	looked := 0
	for seed := range uint64(12) {
		s, err := begin(context.Background(), Problem{Trace: random(seed, 3), Base: plan.New(""), Patterns: pattern.All()})
		if err != nil {
			t.Fatal(err)
		}
		if s.all = s.promising(s.all); len(s.all) == 0 || len(s.all) > 8 {
			continue
		}
		looked++
		least := math.Inf(1)
		for bits := range 1 << len(s.all) {
			var set []*Candidate
			for i, c := range s.all {
				if bits>>i&1 == 1 {
					set = append(set, c)
				}
			}
			sc, err := s.score(set)
			if err != nil {
				t.Fatal(err)
			}
			least = min(least, sc.number())
		}
		_, reached, done, err := s.exhaust(nil, never)
		if err != nil || !done || reached.number() != least {
			t.Errorf("seed %d, %d candidates: %v (done %v, %v), and the best of all sets has %v", seed, len(s.all), reached.number(), done, err, least)
		}
	}
	if looked < 4 {
		t.Errorf("%d flows had few candidates", looked)
	}
}

// Without looking at all sets a search comes near the best.
func TestAnnealingComesNear(t *testing.T) {
	for seed := range uint64(2) {
		p := Problem{Trace: random(seed, 4), Exhaustive: 12, Replays: 1500}
		exact := find(t, p)
		p.Exhaustive = -1
		if near := find(t, p); exact.Optimal && Value(plan.Mean, near.After) > exact.Best*1.02 {
			t.Errorf("seed %d: %v, and the best is %v\n%s", seed, Value(plan.Mean, near.After), exact.Best, near.Plan.Format())
		}
	}
}
