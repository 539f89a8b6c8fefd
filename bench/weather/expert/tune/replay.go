package main

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fluxo.dev/fluxo/bench/trace"
	"fluxo.dev/fluxo/bench/weather/expert/core"
)

// A day is who asks when: town numbers in the order of arrival.
type day struct {
	at   []time.Duration
	town []int32
}

// firstHalf is the first half of the public web server's day: laid over itself so many times, each copy
// begun at another time of the day.
func firstHalf(overlaid int, seed uint64) (*day, error) {
	t, err := trace.Load("epa", seed)
	if err != nil {
		return nil, err
	}
	type request struct {
		at   time.Duration
		town int32
	}
	var all []request
	rng := rand.New(rand.NewPCG(seed, 2))
	for k := range overlaid {
		later := time.Duration(0)
		if overlaid > 1 || k > 0 {
			later = time.Duration(rng.Int64N(int64(24 * time.Hour)))
		}
		for _, r := range t.Requests {
			all = append(all, request{(r.At + later) % (24 * time.Hour), r.Key})
		}
	}
	slices.SortStableFunc(all, func(a, b request) int { return cmp.Compare(a.at, b.at) })
	d := &day{}
	for _, r := range all[:len(all)/2] {
		d.at, d.town = append(d.at, r.at), append(d.town, r.town)
	}
	return d, nil
}

// A result is what a replay came to, counted over its last part.
type result struct {
	mean, p50, p90, p99 float64 // milliseconds
	calls               float64 // per request
	before              int64   // calls until counting began
	failed              int
}

// replay has the service answer a day in simulated time; what comes at or after `from` of it counts.
func (w *world) replay(t *testing.T, d *day, from, until float64, settings core.Settings, seed uint64) (r result, err error) {
	synctest.Test(t, func(t *testing.T) { r, err = w.live(d, from, until, settings, seed) })
	return r, err
}

// live runs in a bubble of simulated time.
func (w *world) live(d *day, from, until float64, settings core.Settings, seed uint64) (result, error) {
	at := core.At(func(name string) string { // providers are told apart by these instead of URLs
		return map[string]string{"WEATHER_GEOCODER": "geocoder", "WEATHER_POINTS": "points", "WEATHER_STATIONS": "stations",
			"WEATHER_FORECASTS": "forecasts", "WEATHER_WARNINGS": "warnings"}[name]
	})
	service, err := core.New(settings, core.NewClock(), at, w.fetcher(seed))
	if err != nil {
		return result{}, err
	}
	ctx, stop := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { service.Run(ctx) })
	begun := time.Now()
	first, last := int(from*float64(len(d.at))), int(until*float64(len(d.at)))
	took := make([]float64, last-first)
	r := result{}
	var mu sync.Mutex
	towns := w.towns(seed)
	for i, at := range d.at[:last] {
		time.Sleep(at - time.Since(begun)) // of simulated time
		if i == first {
			r.before = service.Calls()
		}
		wg.Go(func() {
			asked := time.Now()
			_, err := service.Report(ctx, towns[int(d.town[i])%len(towns)])
			mu.Lock()
			defer mu.Unlock()
			if i >= first {
				took[i-first] = float64(time.Since(asked)) / float64(time.Millisecond)
				if err != nil {
					r.failed++
				}
			}
		})
	}
	r.calls = float64(service.Calls()-r.before) / float64(len(took))
	time.Sleep(10 * time.Second) // of simulated time: renewals due now belong to the day
	stop()
	wg.Wait()
	time.Sleep(10 * time.Second) // likewise, for the last renewals
	slices.Sort(took)
	rank := func(q float64) float64 { return took[int(q*float64(len(took)))] }
	for _, t := range took {
		r.mean += t / float64(len(took))
	}
	r.p50, r.p90, r.p99 = rank(0.5), rank(0.9), rank(0.99)
	return r, nil
}

// towns draws which ZIP code stands for which number.
func (w *world) towns(seed uint64) []string {
	codes := make([]string, 0, len(w.zips))
	for _, z := range w.zips {
		codes = append(codes, z.Code)
	}
	slices.Sort(codes)
	rand.New(rand.NewPCG(seed, 9)).Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
	return codes
}
