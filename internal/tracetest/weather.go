// Package tracetest makes traces up: for tests and figures that need what a service did, without a
// service. Everything is decided by a seed.
package tracetest

import (
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

// Weather is the graph of a flow that asks three services, one after the other.
const Weather = `flow example.com/weather.Weather
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

// An Ask is a request for the weather: when, and of which town.
type Ask struct {
	At   time.Duration
	Town int
}

// Zipf draws requests of one day for so many towns, the i-th of them as often as i^-0.95.
func Zipf(requests, towns int, seed uint64) []Ask {
	rng := rand.New(rand.NewPCG(seed, 1))
	pick := zipf(towns, 0.95)
	out := make([]Ask, requests)
	at := time.Duration(0)
	for i := range out {
		at += time.Duration(rng.ExpFloat64() * float64(24*time.Hour) / float64(requests))
		out[i] = Ask{at, pick(rng)}
	}
	return out
}

// zipf draws 0 … n-1 with weights (i+1)^-skew.
func zipf(n int, skew float64) func(*rand.Rand) int {
	sum, sums := 0.0, make([]float64, n)
	for i := range sums {
		sum += math.Pow(float64(i+1), -skew)
		sums[i] = sum
	}
	return func(rng *rand.Rand) int {
		i, _ := slices.BinarySearch(sums, rng.Float64()*sum)
		return min(i, n-1)
	}
}

// WeatherTrace is a trace of a service of the weather that was asked so; three towns share a place.
func WeatherTrace(asks []Ask, seed uint64) *profile.Trace {
	t := WeatherHead()
	for i, a := range asks {
		t.Runs = append(t.Runs, WeatherRun(a, seed+uint64(i)))
	}
	return t
}

// WeatherHead is such a trace without runs.
func WeatherHead() *profile.Trace {
	return &profile.Trace{Service: "example.com/weather", Cores: 2, Flows: []profile.Flow{{Name: "example.com/weather.Weather", Graph: Weather}}}
}

// WeatherRun is one request of such a trace.
func WeatherRun(a Ask, seed uint64) *profile.Run {
	rng := rand.New(rand.NewPCG(seed, 2))
	place := uint64(a.Town/3+1) * 0xc2b2ae3d27d4eb4f
	r := &profile.Run{Flow: "example.com/weather.Weather", At: a.At, Params: []profile.Value{{Var: 0}, {Var: 1, Hash: uint64(a.Town+1) * 0x9e3779b97f4a7c15, Size: 8}}}
	for i, s := range []struct {
		median time.Duration
		out    int32
		hash   uint64
		size   int32
	}{
		{40 * time.Millisecond, 2, place, 24},
		{60 * time.Millisecond, 4, place ^ rng.Uint64(), 48},
		{35 * time.Millisecond, 5, place ^ rng.Uint64(), 64},
	} {
		took := long(rng, s.median)
		r.Visits = append(r.Visits,
			profile.Visit{Node: int32(2 * i), Took: took, Block: -1, Sets: []profile.Value{{Var: s.out, Hash: s.hash, Size: s.size}, {Var: 3}}},
			profile.Visit{Node: int32(2*i + 1), Took: time.Microsecond, Block: -1})
		r.Took += took
	}
	r.Visits = append(r.Visits, profile.Visit{Node: 6, Took: time.Microsecond, Block: -1, Exit: 1, Sets: []profile.Value{{Var: 6, Hash: rng.Uint64(), Size: 160}, {Var: 7}}})
	return r
}

// long draws a time of a call: log-normal, as those over networks are.
func long(rng *rand.Rand, median time.Duration) time.Duration {
	return time.Duration(float64(median) * math.Exp(rng.NormFloat64()*0.6))
}

// A Source has the runs of such a trace, of which none is in memory.
type Source struct{ Asks []Ask }

// Head returns the trace without its runs.
func (s Source) Head() *profile.Trace { return WeatherHead() }

// Each makes the runs.
func (s Source) Each() iter.Seq2[*profile.Run, error] {
	return func(yield func(*profile.Run, error) bool) {
		for i, a := range s.Asks {
			if !yield(WeatherRun(a, uint64(i)), nil) {
				return
			}
		}
	}
}
