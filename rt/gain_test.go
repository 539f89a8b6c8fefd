package rt_test

// What decisions gain, measured, on a clock that only work moves.

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/rt"
)

// A worked is a world whose time is what the work in it takes, one thing after another.
type worked struct {
	engine.World // of goroutines, gates and chance
	now          time.Duration
	timers       []alarm
}

type alarm struct {
	at time.Duration
	f  func()
}

func (w *worked) Now() time.Time         { return time.Unix(0, int64(w.now)) }
func (w *worked) Machine() time.Time     { return w.Now() }
func (w *worked) Elapsed() time.Duration { return w.now }

func (w *worked) After(d time.Duration, f func()) func() {
	w.timers = append(w.timers, alarm{w.now + d, f})
	return func() {}
}

// pass lets time pass, and what is due then happen.
func (w *worked) pass(d time.Duration) {
	w.now += d
	due := func(a alarm) bool { return a.at <= w.now }
	var now []alarm
	for _, a := range w.timers {
		if due(a) {
			now = append(now, a)
		}
	}
	w.timers = slices.DeleteFunc(w.timers, due)
	for _, a := range now {
		a.f()
	}
}

// measuring runs test in such a world, with gains measured; to make the key of a ZIP code takes as long as key.
func measuring(t *testing.T, key, step time.Duration, plan string, test func(w *worked, run func(n int, zip func(i int) string))) {
	t.Helper()
	present := engine.Current()
	w := &worked{World: present.World()}
	engine.SetCurrent(engine.New(engine.Options{World: w}))
	keys := func() { w.pass(key) }
	steps := func(context.Context, string, string) error { w.pass(step); return nil }
	upstream.Store(&steps)
	keying.Store(&keys)
	rt.StopMeasuring()
	rt.Measure()
	apply(t, plan)
	defer func() {
		rt.StopMeasuring()
		upstream.Store(nil)
		keying.Store(nil)
		apply(t, "fluxo 1\n")
		engine.SetCurrent(present)
	}()
	test(w, func(n int, zip func(i int) string) {
		for i := range n {
			if _, err := Weather(context.Background(), zip(i)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// A decision that costs more than it saves is switched off, when that was seen twice.
// A decision goes if it costs what the plan is to make small. Where that is no time, it goes for what takes far longer only.
func TestDecisionIsJudgedByTheGoal(t *testing.T) {
	for goal, stays := range map[string]bool{"": false, "goal mean\n\n": false, "goal p99\n\n": false, "goal calls\n\n": true} {
		text := strings.Replace(planOf("store Locate"), "fluxo 1\n\n", "fluxo 1\n\n"+goal, 1)
		measuring(t, 2*time.Millisecond, time.Millisecond, text, func(w *worked, run func(int, func(int) string)) {
			for i := 0; i < 40 && !strings.Contains(rt.Present().Plan, "off"); i++ {
				run(10_000, func(k int) string { return fmt.Sprint(i, " ", k) }) // nothing hits
				w.pass(time.Minute)
			}
			if s := rt.Present(); strings.Contains(s.Plan, "off") == stays {
				t.Errorf("%q: the plan is\n%s", goal, s.Plan)
			}
		})
	}
}

// A decision that pays stays until people ask for other things, which happens right after the plan was made.
func TestWorkloadThatShifts(t *testing.T) {
	measuring(t, 5*time.Millisecond, 100*time.Millisecond, planOf("store Locate"), func(w *worked, run func(int, func(int) string)) {
		for range 8 {
			run(10_000, func(k int) string { return fmt.Sprint(k % 20) }) // nearly everything hits
			w.pass(time.Minute)
		}
		if s := rt.Present(); s.Plan != planOf("store Locate") {
			t.Fatalf("while it pays, the plan becomes\n%s", s.Plan)
		}
		for i := 0; i < 60 && !strings.Contains(rt.Present().Plan, "off"); i++ {
			run(10_000, func(k int) string { return fmt.Sprint(i, " ", k) }) // nothing hits any more
			w.pass(time.Minute)
		}
		if s := rt.Present(); s.Plan != planOf("off store Locate") {
			t.Fatalf("after the shift the plan stays\n%s", s.Plan)
		}
	})
}

func TestDecisionThatCostsTime(t *testing.T) {
	measuring(t, 5*time.Millisecond, time.Millisecond, planOf("store Locate"), func(w *worked, run func(int, func(int) string)) {
		for i := 0; i < 40 && !strings.Contains(rt.Present().Plan, "off"); i++ {
			run(10_000, func(k int) string { return fmt.Sprint(i, " ", k) }) // nothing hits
			w.pass(time.Minute)
		}
		s := rt.Present()
		if want := planOf("off store Locate"); s.Plan != want {
			t.Fatalf("the plan is\n%s", s.Plan)
		}
		e := s.History[len(s.History)-1]
		if e.What != "switched off: example.com/weather.Weather store Locate" || e.Tried.Mean <= e.Others.Mean || !strings.Contains(e.Why, "of runs with it and without, requests took") {
			t.Errorf("%+v: with %v, without %v", e, e.Tried, e.Others)
		}
	})
}

// Before enough runs are compared, it is said how many there are.
func TestGainThatIsWaitedFor(t *testing.T) {
	measuring(t, time.Microsecond, time.Millisecond, planOf("store Locate"), func(w *worked, run func(n int, zip func(i int) string)) {
		state := func() rt.DecisionState { return rt.Present().Decisions[0] }
		if g := state().Gathering; g == nil || g.With != 0 || g.Without != 0 || g.Of == 0 {
			t.Fatalf("in the beginning: %+v", g)
		}
		run(10_000, func(i int) string { return fmt.Sprint(i) })
		if s := state(); s.Gain != nil || s.Gathering.With == 0 || s.Gathering.Without == 0 {
			t.Errorf("after some runs: %+v, %+v", s.Gain, s.Gathering)
		}
		for i := 0; i < 40 && state().Gain == nil; i++ {
			run(10_000, func(k int) string { return fmt.Sprint(i, " ", k) })
			w.pass(time.Minute)
		}
		if s := state(); s.Gain == nil || s.Gathering.With >= s.Gathering.Of && s.Gathering.Without >= s.Gathering.Of {
			t.Errorf("compared: %+v, %+v", s.Gain, s.Gathering)
		}
	})
}

// What the author has pinned stays.
func TestPinnedDecisionThatCostsTime(t *testing.T) {
	measuring(t, 5*time.Millisecond, time.Millisecond, planOf("pin store Locate"), func(w *worked, run func(int, func(int) string)) {
		for i := range 7 {
			run(10_000, func(k int) string { return fmt.Sprint(i, " ", k) })
			w.pass(time.Minute)
		}
		s := rt.Present()
		if g := s.Decisions[0].Gain; s.Plan != planOf("pin store Locate") || g == nil || g.With.Mean <= g.Without.Mean {
			t.Errorf("%+v, the plan is\n%s", g, s.Plan)
		}
	})
}

// What is left out to be measured makes at most a tenth more calls, however many hits there are; and a
// workload that shifts so that nothing hits any more is noticed.
func TestMeasuringCostsLittle(t *testing.T) {
	measuring(t, time.Microsecond, time.Millisecond, planOf("store Locate"), func(w *worked, run func(int, func(int) string)) {
		before := locates.Load()
		run(50_000, few)
		if n := locates.Load() - before; n > 37+3 {
			t.Errorf("Locate, of 37 ZIP codes, was called %d times", n)
		}
		before = locates.Load()
		run(20_000, func(i int) string { return fmt.Sprint("new ", i) })
		if n := locates.Load() - before; n < 20_000 || n > 22_000 {
			t.Errorf("Locate, of 20000 ZIP codes, was called %d times", n)
		}
		apply(t, "fluxo 1\n")
		apply(t, planOf("store Locate")) // which has made many calls before
		before = locates.Load()
		run(50_000, few)
		if n := locates.Load() - before; n > 37+3 {
			t.Errorf("Locate, of 37 ZIP codes, was called %d times after a change of plan", n)
		}
	})
}
