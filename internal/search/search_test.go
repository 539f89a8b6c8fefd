package search

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/pattern"
	_ "fluxo.dev/fluxo/pattern/cache"
	_ "fluxo.dev/fluxo/pattern/coalesce"
	_ "fluxo.dev/fluxo/pattern/parallel"
)

const weather = `flow example.com/weather.Weather
param ctx context context.Context
param zip data string key copy
var at data Place key copy
var err error error key copy
var now data Observation key copy
var alerts data []Alert key copy
result out.0 data Report key copy
result out.1 error error key copy
body {
	step Locate example.com/weather.Locate (ctx zip) -> (at err) err=err {volatile 24h}
	fail Locate.fail (err) -> (out.0 out.1) err=err exit=return
	step Observe example.com/weather.Observe (ctx at) -> (now err) err=err {volatile 10m}
	fail Observe.fail (err) -> (out.0 out.1) err=err exit=return
	step Alerts example.com/weather.Alerts (ctx at) -> (alerts err) err=err {volatile 2m}
	fail Alerts.fail (err) -> (out.0 out.1) err=err exit=return
	result return (at now alerts) -> (out.0 out.1) exit=return
}
`

// day is a day of requests for the weather of as many ZIP codes, asked for by Zipf's law.
func day(requests, towns int, seed uint64) *profile.Trace {
	rng := rand.New(rand.NewPCG(seed, 1))
	t := &profile.Trace{Cores: 2, Flows: []profile.Flow{{Name: "example.com/weather.Weather", Graph: weather}}}
	sum, cumulated := 0.0, make([]float64, towns)
	for i := range cumulated {
		sum += math.Pow(float64(i+1), -0.95)
		cumulated[i] = sum
	}
	long := func(median time.Duration) time.Duration {
		return time.Duration(float64(median) * math.Exp(rng.NormFloat64()*0.6))
	}
	at := time.Duration(0)
	for range requests {
		at += time.Duration(rng.ExpFloat64() * float64(24*time.Hour) / float64(requests))
		x, town := rng.Float64()*sum, 0
		for lo, hi := 0, towns-1; lo < hi; {
			mid := (lo + hi) / 2
			if cumulated[mid] < x {
				lo = mid + 1
			} else {
				hi = mid
			}
			town = lo
		}
		key := uint64(town+1) * 0x9e3779b97f4a7c15
		cell := uint64(town/3+1) * 0xc2b2ae3d27d4eb4f
		r := &profile.Run{Flow: "example.com/weather.Weather", At: at, Params: []profile.Value{{Var: 0}, {Var: 1, Hash: key, Size: 8}}}
		step := func(node int32, took time.Duration, out int32, hash uint64, size int32) {
			r.Visits = append(r.Visits,
				profile.Visit{Node: node, Took: took, Block: -1, Sets: []profile.Value{{Var: out, Hash: hash, Size: size}, {Var: 3}}},
				profile.Visit{Node: node + 1, Took: time.Microsecond, Block: -1})
			r.Took += took
		}
		step(0, long(40*time.Millisecond), 2, cell, 24)
		step(2, long(60*time.Millisecond), 4, cell^rng.Uint64(), 48)
		step(4, long(35*time.Millisecond), 5, cell^rng.Uint64(), 64)
		r.Visits = append(r.Visits, profile.Visit{Node: 6, Took: time.Microsecond, Block: -1, Exit: 1, Sets: []profile.Value{{Var: 6, Hash: rng.Uint64(), Size: 160}, {Var: 7}}})
		t.Runs = append(t.Runs, r)
	}
	return t
}

// A day of requests of which nine in ten ask again for what was asked before.
func TestPlanForADay(t *testing.T) {
	r, err := Find(context.Background(), Problem{
		Trace: day(12_000, 1_000, 1), Base: plan.New("fluxo.plan"), Patterns: pattern.All(), Goal: Mean,
	})
	if err != nil {
		t.Fatal(err)
	}
	if before, after := Mean(r.Before), Mean(r.After); after > before/2 {
		t.Errorf("mean %.4f s as written, %.4f s under\n%s", before, after, r.Plan.Format())
	}
	for _, want := range []string{"store Locate", "parallel Observe Alerts"} {
		if !strings.Contains(string(r.Plan.Format()), want) {
			t.Errorf("the plan has no %q:\n%s", want, r.Plan.Format())
		}
	}
	for _, s := range r.Steps {
		if s.After > s.Before*(1-worthwhile) {
			t.Errorf("%s gains too little: %v, then %v", s.Candidate, s.Before, s.After)
		}
	}
	for _, no := range r.Refused {
		if no.Reason == "" {
			t.Errorf("%s is refused without a reason", no.Candidate)
		}
	}
	if len(r.Refused) == 0 {
		t.Error("nothing is refused, though nothing may begin before Locate")
	}
}

// A pattern that anybody wrote.
type stranger func(*pattern.Flow) []pattern.Candidate

func (stranger) Name() string                               { return "stranger" }
func (s stranger) Find(f *pattern.Flow) []pattern.Candidate { return s(f) }

func TestStrangePatterns(t *testing.T) {
	find := func(s stranger) (*Result, error) {
		return Find(context.Background(), Problem{Trace: day(50, 5, 1), Base: plan.New("fluxo.plan"), Patterns: []pattern.Pattern{s}, Goal: Mean})
	}
	if _, err := find(func(*pattern.Flow) []pattern.Candidate { panic("why not") }); err == nil || !strings.Contains(err.Error(), "pattern stranger panics") {
		t.Errorf("a pattern that panics: %v", err)
	}
	if _, err := find(func(*pattern.Flow) []pattern.Candidate { return []pattern.Candidate{{Lines: []string{"warp Locate"}}} }); err == nil || !strings.Contains(err.Error(), "what is no plan") {
		t.Errorf("a pattern that knows a word of its own: %v", err)
	}
	r, err := find(func(*pattern.Flow) []pattern.Candidate {
		return []pattern.Candidate{{Lines: []string{"parallel Locate Observe"}}, {Lines: []string{"store Nothing"}}}
	})
	if err != nil || len(r.Refused) != 2 || len(r.Steps) != 0 {
		t.Errorf("a pattern that proposes what is illegal: %+v, %v", r, err)
	}
}
