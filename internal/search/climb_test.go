package search

import (
	"context"
	"slices"
	"testing"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/tracetest"
	"fluxo.dev/fluxo/pattern"
)

// hasty proposes to try again soon, which spends second tries on calls that are about to end.
type hasty struct{}

func (hasty) Name() string { return "hasty" }

func (hasty) Find(f *pattern.Flow) (out []pattern.Candidate) {
	for _, step := range []string{"Locate", "Observe", "Alerts"} {
		for _, after := range []string{"20ms", "10ms"} {
			out = append(out, pattern.Candidate{Lines: []string{"hedge " + step + " after=" + after}})
		}
	}
	return out
}

// No other number is better, of any decision of a climb.
func TestNumbersAreTuned(t *testing.T) {
	s, err := begin(context.Background(), Problem{Trace: day(3000, 20), Base: plan.New("fluxo.plan"), Patterns: []pattern.Pattern{hasty{}}})
	if err != nil {
		t.Fatal(err)
	}
	set, reached, err := s.climb(nil)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for _, c := range set {
		if !c.head {
			changed++
		}
		for _, o := range s.all {
			if o.family != c.family {
				continue
			}
			sc, err := s.score(s.with(set, o))
			if err != nil {
				t.Fatal(err)
			}
			if sc.number() < reached.number()-s.least(reached) {
				t.Errorf("%s is better than %s: %v, not %v", o, c, sc.goal, reached.goal)
			}
		}
	}
	if changed == 0 {
		t.Errorf("of %d decisions %d have another number than was proposed", len(set), changed)
	}
}

// A climb ends where no other decision is worth while, measured by what it has reached: a small part of the goal as written.
func TestClimbGoesOn(t *testing.T) {
	s, err := begin(context.Background(), Problem{Trace: day(3000, 3), Base: plan.New("fluxo.plan"), Patterns: append(pattern.All(), hasty{})})
	if err != nil {
		t.Fatal(err)
	}
	set, reached, err := s.climb(nil)
	if err != nil {
		t.Fatal(err)
	}
	if reached.goal > s.written.goal/10 {
		t.Errorf("the goal is %v, and %v as written", reached.goal, s.written.goal)
	}
	for _, c := range s.all {
		more := append(slices.Clone(set), c)
		if slices.Contains(set, c) || s.illegal(more) != nil {
			continue
		}
		sc, err := s.score(more)
		if err != nil {
			t.Fatal(err)
		}
		if sc.number() < reached.number()*(1-worthwhile) {
			t.Errorf("with %s it is %v, not %v", c, sc.goal, reached.goal)
		}
	}
}

// A region that a climb ended with hides what others in its place would save.
func TestRegionsAreBuiltAnew(t *testing.T) {
	better := 0
	for seed := range uint64(builtAnew) {
		p := Problem{Trace: tracetest.NewRandom(3+int(seed%3), 1000+seed).Trace(200, 30), Base: plan.New("fluxo.plan"), Patterns: pattern.All(), Replays: 1000}
		s, err := begin(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		set, climbed, err := s.climb(nil)
		if err != nil {
			t.Fatal(err)
		}
		_, reached, err := s.rebuild(set, climbed)
		if err != nil {
			t.Fatal(err)
		}
		if reached.number() > climbed.number() {
			t.Errorf("seed %d: %v after %v", seed, reached.goal, climbed.goal)
		}
		if reached.number() < climbed.number() {
			better++
		}
	}
	if better == 0 {
		t.Error("nothing was ever better")
	}
}

// builtAnew is how many flows are drawn; the last of them is known to gain.
const builtAnew = 2
