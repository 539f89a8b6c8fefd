package main

// Requests on their way to a service, and what comes of them.

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"example.com/weather/traces"
	"example.com/weather/zips"
	"fluxo.dev/fluxo/bench/usage"
)

// maxConns bounds the connections to one service.
const maxConns = 512

var client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: maxConns, MaxConnsPerHost: maxConns}}

// A result is what a service made of requests.
type result struct {
	name       string
	took       []time.Duration // of answered requests
	failed     int
	wrong      int
	firstWrong error

	calls      int         // to providers
	used       usage.Usage // for these requests
	throughput float64     // requests a second when as many as possible are sent; measured afterwards
}

// play sends each request at its time, whatever has become of those before it.
func play(ctx context.Context, t *truth, name, base string, asks []ask, sent *atomic.Int64) *result {
	r := &result{name: name}
	var mu sync.Mutex
	var wait sync.WaitGroup
	began := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for _, a := range asks {
		due := began.Add(a.at)
		timer.Reset(time.Until(due))
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		if ctx.Err() != nil {
			break
		}
		wait.Go(func() {
			status, body, err := get(ctx, base+traces.Path(a.about))
			end := time.Now()
			mu.Lock()
			defer mu.Unlock()
			sent.Add(1)
			r.add(t, a.about, status, body, err, due, end)
		})
	}
	wait.Wait()
	return r
}

// add counts what came of a request that was due at begin.
func (r *result) add(t *truth, about zips.ZIP, status int, body []byte, err error, begin, end time.Time) {
	if err != nil || status != http.StatusOK {
		r.failed++
		return
	}
	r.took = append(r.took, end.Sub(begin))
	if err := t.check(about, body, begin, end); err != nil {
		r.wrong++
		if r.firstWrong == nil {
			r.firstWrong = fmt.Errorf("%s, %s: %w", r.name, about.Code, err)
		}
	}
}

// clients is how many ask at once when as many requests as possible are sent.
const clients = 64

// press sends requests without an end, each client the next one as soon as it has an answer,
// and returns how many a second are answered.
func press(ctx context.Context, length time.Duration, url func(i int) string) float64 {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	var next, answered atomic.Int64
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			for ctx.Err() == nil {
				if status, _, err := get(ctx, url(int(next.Add(1)-1))); err == nil && status == http.StatusOK {
					answered.Add(1)
				}
			}
		})
	}
	wait.Wait()
	return float64(answered.Load()) / length.Seconds()
}

func get(ctx context.Context, url string) (status int, body []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, nil, err
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	body, err = io.ReadAll(io.LimitReader(resp.Body, 16<<20))
	return resp.StatusCode, body, err
}
