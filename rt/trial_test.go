package rt_test

// Plans tried by a share of the requests, in virtual time.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/simworld"
	"fluxo.dev/fluxo/rt"
)

// A service is one in a world of its own: its steps take time and fail as upstream says.
type service struct {
	*simworld.World
	t    *testing.T
	busy map[string]int // calls under way, of a step and for an argument
}

// serve runs test in a new world.
func serve(t *testing.T, seed uint64, before string, upstreams func(s *service, ctx context.Context, step, arg string) error, test func(s *service)) {
	t.Helper()
	present := engine.Current()
	defer engine.SetCurrent(present)
	err := simworld.Run(seed, func(w *simworld.World) {
		engine.SetCurrent(engine.New(engine.Options{
			World: w, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
			KindOf: func(err error) string { return string(fluxo.KindOf(err)) },
		}))
		s := &service{World: w, t: t, busy: map[string]int{}}
		ask := func(ctx context.Context, step, arg string) error {
			s.busy[step]++
			s.busy[arg]++
			defer func() { s.busy[step]--; s.busy[arg]-- }()
			return upstreams(s, ctx, step, arg)
		}
		upstream.Store(&ask)
		apply(t, before)
		test(s)
		rt.EndTrial()
		apply(t, "fluxo 1\n")
	})
	upstream.Store(nil)
	if err != nil {
		t.Fatal(err)
	}
}

func apply(t *testing.T, text string) {
	t.Helper()
	if _, err := rt.Apply("fluxo.plan", []byte(text), rt.Strict); err != nil {
		t.Fatal(err)
	}
}

// send sends requests for a while, fifty a second, and returns how many failed.
func (s *service) send(d time.Duration, zip func(i int) string) (failed int) {
	left := 0
	over := s.NewGate()
	for i := range int(d / (20 * time.Millisecond)) {
		left++
		s.Go(func() {
			if _, err := Weather(context.Background(), zip(i)); err != nil {
				failed++
			}
			if left--; left == 0 {
				over.Open()
			}
		})
		s.Sleep(nil, 20*time.Millisecond)
	}
	if left > 0 {
		over.Wait(nil)
	}
	return failed
}

func (s *service) try(text string, how rt.Trial) {
	s.t.Helper()
	if _, err := rt.Try("fluxo.plan", []byte(text), rt.Strict, 0, how); err != nil {
		s.t.Fatal(err)
	}
}

// last returns the latest change of the plan.
func last() rt.Event {
	h := rt.Present().History
	return h[len(h)-1]
}

const weatherPlan = "fluxo 1\n\nflow example.com/weather.Weather (\n\t%s\n)\n"

func planOf(lines ...string) string { return fmt.Sprintf(weatherPlan, strings.Join(lines, "\n\t")) }

// takes50 is an upstream whose calls take 50 ms, one in ten 200 ms.
func takes50(s *service, ctx context.Context, step, arg string) error {
	d := 50 * time.Millisecond
	if s.Random()%10 == 0 {
		d *= 4
	}
	s.Sleep(ctx.Done(), d)
	return ctx.Err()
}

func few(i int) string { return fmt.Sprint(10000 + i*i%37) }

func TestGoodPlanIsAdopted(t *testing.T) {
	serve(t, 1, "fluxo 1\n", takes50, func(s *service) {
		s.try(planOf("store Locate"), rt.Trial{Share: 0.1, For: time.Minute})
		began := rt.Present()
		if began.Trial == nil || strings.Contains(began.Plan, "store") {
			t.Errorf("while a plan is tried: %+v", began)
		}
		s.send(61*time.Second, few)
		e, now := last(), rt.Present()
		if e.What != "adopted" || now.Trial != nil || !strings.Contains(now.Plan, "store Locate") || now.Version == began.Version {
			t.Fatalf("%+v", now)
		}
		share := float64(e.Tried.Requests) / float64(e.Tried.Requests+e.Others.Requests)
		if share < 0.07 || share > 0.13 || e.Tried.Mean > e.Others.Mean*9/10 {
			t.Errorf("tried %v, others %v", e.Tried, e.Others)
		}
		before := locates.Load()
		s.send(2*time.Second, few)
		if n := locates.Load() - before; n != 0 {
			t.Errorf("after the trial Locate was called %d times", n)
		}
	})
}

// A service that began without a plan can try one, and be verified.
func TestServiceThatBeganWithoutAPlan(t *testing.T) {
	serve(t, 6, "fluxo 1\n", takes50, func(s *service) {
		rt.BeginAnew()
		s.try(planOf("store Locate"), rt.Trial{Share: 0.3, For: time.Minute})
		s.send(61*time.Second, few)
		if e := last(); e.What != "adopted" || e.Tried.Requests == 0 {
			t.Errorf("%+v", e)
		}
		rt.BeginAnew()
		if err := rt.Verify(); err != nil {
			t.Fatal(err)
		}
		s.send(time.Second, few)
		if err := rt.StopVerifying(); err != nil {
			t.Error(err)
		}
	})
}

// An upstream that cannot do two things at once becomes ten times slower under a plan that asks it
// for two.
func TestUpstreamThatBecomesSlowerUnderThePlan(t *testing.T) {
	slower := func(s *service, ctx context.Context, step, arg string) error {
		d := 50 * time.Millisecond
		if s.busy[arg] > 1 {
			d *= 10
		}
		s.Sleep(ctx.Done(), d)
		return ctx.Err()
	}
	serve(t, 2, "fluxo 1\n", slower, func(s *service) {
		s.try(planOf("parallel Observe Alerts"), rt.Trial{Share: 0.2, For: 5 * time.Minute})
		began := s.Now()
		for rt.Present().Trial != nil && s.Now().Before(began.Add(6*time.Minute)) {
			s.send(time.Second, func(i int) string { return fmt.Sprint(i) })
		}
		e := last()
		if e.What != "taken back" || !strings.Contains(e.Why, "on average") || s.Now().Sub(began) > 2*time.Minute {
			t.Fatalf("after %v: %+v", s.Now().Sub(began), e)
		}
		if strings.Contains(rt.Present().Plan, "parallel") {
			t.Error("the plan is still there")
		}
	})
}

// What a plan makes fail is noticed while its stores are still empty.
func TestPlanThatFails(t *testing.T) {
	overloaded := func(s *service, ctx context.Context, step, arg string) error {
		s.Sleep(ctx.Done(), 50*time.Millisecond)
		if step != "Locate" && s.busy["Observe"] > 0 && s.busy["Alerts"] > 0 && s.Random()%2 == 0 {
			return fluxo.Unavailable.Errorf("overloaded")
		}
		return ctx.Err()
	}
	serve(t, 3, "fluxo 1\n", overloaded, func(s *service) {
		s.try(planOf("parallel Observe Alerts"), rt.Trial{Share: 0.1, For: 10 * time.Minute})
		began := s.Now()
		for i := 0; rt.Present().Trial != nil && i < 600; i++ {
			s.Go(func() { Weather(context.Background(), fmt.Sprint(i)) })
			s.Sleep(nil, time.Second)
		}
		e := last()
		if e.What != "taken back" || !strings.Contains(e.Why, "failed") || e.Others.Failed != 0 || s.Now().Sub(began) > 9*time.Minute {
			t.Fatalf("after %v: %s %s, tried %v, others %v", s.Now().Sub(began), e.What, e.Why, e.Tried, e.Others)
		}
	})
}

// Few requests say nothing, and nothing is concluded from them.
func TestTrialOfTooFewRequests(t *testing.T) {
	serve(t, 4, "fluxo 1\n", takes50, func(s *service) {
		s.try(planOf("store Locate"), rt.Trial{Share: 0.5, For: 2 * time.Second})
		s.send(3*time.Second, few)
		if e := last(); e.What != "taken back" || !strings.Contains(e.Why, "nothing can be told") {
			t.Errorf("%+v", e)
		}
	})
}

// Times of failures say nothing of a plan: while what requests call is down, none is adopted.
func TestTrialWhileMostFail(t *testing.T) {
	for name, down := range map[string]uint64{"all": 100, "most": 80} {
		fails := func(s *service, ctx context.Context, step, arg string) error {
			s.Sleep(ctx.Done(), 20*time.Millisecond)
			if step == "Locate" && s.Random()%100 < down {
				return fluxo.Unavailable.Errorf("down")
			}
			return ctx.Err()
		}
		serve(t, 7, "fluxo 1\n", fails, func(s *service) {
			s.try(planOf("coalesce Locate"), rt.Trial{Share: 0.5, For: time.Minute})
			s.send(61*time.Second, func(i int) string { return fmt.Sprint(i) })
			if e := last(); e.What != "taken back" || !strings.Contains(e.Why, "requests failed") || !strings.Contains(e.Why, "nothing can be told") {
				t.Errorf("%s: %+v, tried %v, others %v", name, e, e.Tried, e.Others)
			}
		})
	}
}

// Plans that do the same differ by chance alone: hardly one of them is taken back.
func TestAlikeIsNotTakenBack(t *testing.T) {
	for seed := range uint64(20) {
		serve(t, seed, planOf("store Alerts"), takes50, func(s *service) {
			s.try(planOf("store Alerts", "off store Locate"), rt.Trial{Share: 0.1, For: time.Minute}) // nothing differs
			if e := last(); e.What != "applied" {
				t.Errorf("nothing differs: %s", e.What)
			}
			s.try(planOf("coalesce Alerts", "store Alerts"), rt.Trial{Share: 0.2, For: time.Minute})
			s.send(61*time.Second, few)
			if e := last(); e.What != "adopted" {
				t.Errorf("seed %d: %s, %s: tried %v, others %v", seed, e.What, e.Why, e.Tried, e.Others)
			}
		})
	}
}

func TestTwoAtOnce(t *testing.T) {
	serve(t, 5, "fluxo 1\n", takes50, func(s *service) {
		seen := rt.Present().Version
		s.try(planOf("store Locate"), rt.Trial{Share: 0.1, For: time.Minute})
		if _, err := rt.Apply("", []byte("fluxo 1\n"), rt.Strict); !errors.Is(err, rt.ErrTrial) {
			t.Errorf("a plan applied over one that is tried: %v", err)
		}
		if _, err := rt.Try("", []byte("fluxo 1\n"), rt.Strict, 0, rt.Trial{Share: 0.1, For: time.Minute}); !errors.Is(err, rt.ErrTrial) {
			t.Errorf("a second trial: %v", err)
		}
		if !rt.EndTrial() || rt.EndTrial() {
			t.Error("the trial is not ended, or twice")
		}
		if _, err := rt.ApplyFrom(seen, "", []byte("fluxo 1\n"), rt.Strict); !errors.Is(err, rt.ErrChanged) {
			t.Errorf("a plan from somebody who has seen another: %v", err)
		}
		if _, err := rt.ApplyFrom(rt.Present().Version, "", []byte("fluxo 1\n"), rt.Strict); err != nil {
			t.Error(err)
		}
	})
}
