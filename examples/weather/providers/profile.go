package main

// How slow, limited and unreliable a provider is.

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
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

func (p profile) median() time.Duration { return milliseconds(p.P50) }

// z95 is the 95th percentile of the standard normal distribution.
const z95 = 1.6449

// latency draws from the log-normal distribution with the profile's percentiles.
func (p profile) latency(rng *rand.Rand) time.Duration {
	sigma := math.Log(p.P95/p.P50) / z95
	return milliseconds(p.P50 * math.Exp(sigma*rng.NormFloat64()))
}

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// around returns h with the profile's limits, delays and errors. The n-th request
// is treated the same in every run with the same seed.
func (p profile) around(h http.Handler, seed uint64) http.Handler {
	var (
		mu     sync.Mutex
		rng    = rand.New(rand.NewPCG(seed, 0))
		tokens = p.Burst
		last   = time.Now()
	)
	draw := func() (delay time.Duration, limited, broken bool) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now()
		tokens = min(p.Burst, tokens+p.Rate*now.Sub(last).Seconds())
		last = now
		delay, broken = p.latency(rng), rng.Float64() < p.Errors
		if tokens < 1 {
			return 0, true, false
		}
		tokens--
		return delay, false, broken
	}
	var calls atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/calls" { // for the demo: how many requests there were
			fmt.Fprintln(w, calls.Load())
			return
		}
		calls.Add(1)
		delay, limited, broken := draw()
		if limited {
			w.Header().Set("Retry-After", "1")
			http.Error(w, "too many requests", http.StatusTooManyRequests)
			return
		}
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-r.Context().Done():
			return
		case <-timer.C:
		}
		if broken {
			http.Error(w, "out of order for a moment", http.StatusServiceUnavailable)
			return
		}
		h.ServeHTTP(w, r)
	})
}
