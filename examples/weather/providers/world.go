package main

// The made-up world's clock and pace, and the control of both by whoever measures.

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// maxFactor bounds how much slower than their profiles providers can be made.
const maxFactor = 1000.0

// maxPaths bounds for how many paths calls are counted apart; the rest count together.
const maxPaths = 1 << 20

// A world is what all providers of a process share.
type world struct {
	ahead  atomic.Int64  // of the made-up time over the real one, in nanoseconds
	factor atomic.Uint64 // on all latencies, as bits of a float64
	calls  atomic.Int64

	mu     sync.Mutex
	byPath map[string]int // nil unless somebody may ask
}

func newWorld(factor float64) *world {
	w := &world{}
	w.factor.Store(math.Float64bits(factor))
	return w
}

func (w *world) now() time.Time { return time.Now().Add(time.Duration(w.ahead.Load())) }

func (w *world) set(now time.Time) { w.ahead.Store(int64(time.Until(now))) }

// count counts a call.
func (w *world) count(path string) {
	w.calls.Add(1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.byPath == nil {
		return
	}
	if _, ok := w.byPath[path]; !ok && len(w.byPath) >= maxPaths {
		path = "other"
	}
	w.byPath[path]++
}

// control adds
//
//	POST /control?latency=0.3&now=2026-03-01T12:00:00Z  sets one or both
//	GET /calls                                          how many calls there were
//	GET /calls?by=path                                  the same of each path, as JSON
func (w *world) control(mux *http.ServeMux) {
	w.byPath = make(map[string]int)
	mux.HandleFunc("POST /control", func(rw http.ResponseWriter, r *http.Request) {
		if err := w.adjust(r.URL.Query().Get("latency"), r.URL.Query().Get("now")); err != nil {
			http.Error(rw, err.Error(), http.StatusBadRequest)
			return
		}
		rw.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /calls", func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("by") != "path" {
			fmt.Fprintln(rw, w.calls.Load())
			return
		}
		w.mu.Lock()
		text, err := json.Marshal(w.byPath)
		w.mu.Unlock()
		if err != nil {
			panic("bug: " + err.Error())
		}
		_, _ = rw.Write(text) // an error means that the client is gone
	})
}

// adjust sets the factor on latencies, and the clock, where they are given; both or none.
func (w *world) adjust(latency, now string) error {
	factor, to := math.Float64frombits(w.factor.Load()), time.Time{}
	var err error
	if latency != "" {
		if factor, err = strconv.ParseFloat(latency, 64); err != nil || !(factor >= 0 && factor <= maxFactor) {
			return fmt.Errorf("latency is %q, want a factor of 0 to %v", latency, maxFactor)
		}
	}
	if now != "" {
		if to, err = time.Parse(time.RFC3339Nano, now); err != nil {
			return fmt.Errorf("now is %q, want a time as 2006-01-02T15:04:05Z", now)
		}
		w.set(to)
	}
	w.factor.Store(math.Float64bits(factor))
	return nil
}
