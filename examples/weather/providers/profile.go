package main

// How slow, limited and unreliable a provider is.

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

//go:embed profiles.json
var profilesJSON []byte

// A profile is one provider's entry of profiles.json.
type profile struct {
	P50    float64 `json:"p50_ms"`
	P95    float64 `json:"p95_ms"`
	Rate   float64 `json:"rate_per_s"` // requests a second, in the long run
	Burst  float64 `json:"burst"`      // requests at once
	Errors float64 `json:"error_rate"` // share of requests answered 503
}

func readProfile(role string) (profile, error) {
	var file struct {
		Providers map[string]profile `json:"providers"`
	}
	if err := json.Unmarshal(profilesJSON, &file); err != nil {
		return profile{}, fmt.Errorf("profiles.json: %w", err)
	}
	p, ok := file.Providers[role]
	if !ok || p.P50 <= 0 || p.P95 < p.P50 || p.Rate <= 0 {
		return profile{}, fmt.Errorf("profiles.json: no usable profile of %q", role)
	}
	return p, nil
}

// z95 is the 95th percentile of the standard normal distribution.
const z95 = 1.6449

// latency draws from the log-normal distribution with the profile's percentiles.
func (p profile) latency(rng *rand.Rand) time.Duration {
	sigma := math.Log(p.P95/p.P50) / z95
	return time.Duration(p.P50 * math.Exp(sigma*rng.NormFloat64()) * float64(time.Millisecond))
}

// around returns what gives handlers the profile's limits, delays and errors. They are drawn for
// each call by what is asked, the second of the world's clock, and how many have asked the same
// in it: so two services that ask for the same at the same time are treated the same, whatever else they ask.
func (w *world) around(p profile, seed uint64) func(http.Handler) http.Handler {
	bucket := &bucket{rate: p.Rate, burst: p.Burst, tokens: p.Burst, last: time.Now()}
	draws := &draws{seed: seed}
	return func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			path := r.URL.RequestURI()
			w.count(path)
			if !bucket.take(time.Now()) {
				rw.Header().Set("Retry-After", "1")
				http.Error(rw, "too many requests", http.StatusTooManyRequests)
				return
			}
			rng := draws.next(path, w.now())
			delay := time.Duration(math.Float64frombits(w.factor.Load()) * float64(p.latency(rng)))
			timer := time.NewTimer(delay)
			defer timer.Stop()
			select {
			case <-r.Context().Done():
				return
			case <-timer.C:
			}
			if rng.Float64() < p.Errors {
				http.Error(rw, "out of order for a moment", http.StatusServiceUnavailable)
				return
			}
			h.ServeHTTP(rw, r)
		})
	}
}

// A bucket holds the right to so many calls at once, and is refilled at a rate.
type bucket struct {
	mu          sync.Mutex
	rate, burst float64
	tokens      float64
	last        time.Time
}

func (b *bucket) take(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tokens = min(b.burst, b.tokens+b.rate*now.Sub(b.last).Seconds())
	b.last = now
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// A draws gives every call a source of random numbers of its own.
type draws struct {
	seed uint64

	mu     sync.Mutex
	second int64
	asked  map[string]uint64 // in this second
}

// next returns the source for the next call of path at that time.
func (d *draws) next(path string, now time.Time) *rand.Rand {
	d.mu.Lock()
	if now.Unix() != d.second || d.asked == nil {
		d.second, d.asked = now.Unix(), make(map[string]uint64)
	}
	n := d.asked[path]
	d.asked[path]++
	d.mu.Unlock()
	h := fnv.New64a()
	fmt.Fprint(h, path, " ", now.Unix(), " ", n)
	return rand.New(rand.NewPCG(d.seed, h.Sum64()))
}
