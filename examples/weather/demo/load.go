package main

// The requests of the demo, and what came of them.

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"

	"example.com/weather/traces"
	"example.com/weather/zips"
)

const (
	clients = 8   // requests at a time
	towns   = 200 // ZIP codes that are asked for
	listed  = 5   // ZIP codes in a list
)

// A load is the same requests for every service.
type load struct {
	truth   *truth
	popular []zips.ZIP // most popular first
	asks    []ask
}

// An ask is one request and what its answer has to be about.
type ask struct {
	path  string
	about []zips.ZIP // in the answer's order; nil for a region
}

// newLoad draws requests: ZIP codes by Zipf's law with exponent 1, as requests to
// public web servers are; one in ten for a list, one in twenty for a region.
func newLoad(t *truth, known []zips.ZIP, n int, seed uint64) *load {
	rng := rand.New(rand.NewPCG(seed, 1))
	l := &load{truth: t, popular: traces.Ranked(known)[:min(towns, len(known))]}
	weights := make([]float64, len(l.popular))
	sum := 0.0
	for i := range weights {
		sum += 1 / float64(i+1)
		weights[i] = sum
	}
	draw := func() zips.ZIP {
		at := rng.Float64() * sum
		for i, w := range weights {
			if at < w {
				return l.popular[i]
			}
		}
		return l.popular[len(l.popular)-1]
	}
	for i := range n {
		switch {
		case i%20 == 7:
			l.asks = append(l.asks, ask{path: "/region?" + boxAround(draw())})
		case i%10 == 3:
			query, about := url.Values{}, []zips.ZIP(nil)
			for range listed {
				z := draw()
				query.Add("zip", z.Code)
				about = append(about, z)
			}
			l.asks = append(l.asks, ask{"/weather?" + query.Encode(), about})
		default:
			z := draw()
			l.asks = append(l.asks, ask{"/weather/" + z.Code, []zips.ZIP{z}})
		}
	}
	return l
}

// mix says in words what the load asks for.
func (l *load) mix() string {
	one, list, region := 0, 0, 0
	for _, a := range l.asks {
		switch len(a.about) {
		case 0:
			region++
		case 1:
			one++
		default:
			list++
		}
	}
	return fmt.Sprintf("%d for one of %d ZIP codes (Zipf), %d for a list of %d, %d for a region", one, len(l.popular), list, listed, region)
}

// boxAround returns the query for a small box around a place.
func boxAround(z zips.ZIP) string {
	degrees := func(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
	lat, lon := math.Round(z.Lat*4)/4, math.Round(z.Lon*4)/4
	return "south=" + degrees(lat-0.25) + "&west=" + degrees(lon-0.25) + "&north=" + degrees(lat+0.25) + "&east=" + degrees(lon+0.25)
}

// A result is what one service made of the load.
type result struct {
	name, url  string
	took       []time.Duration // of answered requests
	failed     int
	wrong      int
	firstWrong error
	calls      int // to providers
}

// send asks the service at base everything, in order, clients at a time.
func (l *load) send(ctx context.Context, name, base string) *result {
	r := &result{name: name, url: base}
	var (
		mu   sync.Mutex
		next int
		wait sync.WaitGroup
	)
	take := func() (ask, bool) {
		mu.Lock()
		defer mu.Unlock()
		if next == len(l.asks) || ctx.Err() != nil {
			return ask{}, false
		}
		next++
		progress(name, next, len(l.asks))
		return l.asks[next-1], true
	}
	for range clients {
		wait.Go(func() {
			for a, ok := take(); ok; a, ok = take() {
				begin := time.Now()
				status, body, err := get(ctx, base+a.path)
				end := time.Now()
				mu.Lock()
				r.add(l.truth, a, status, body, err, begin, end)
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	return r
}

func (r *result) add(t *truth, a ask, status int, body []byte, err error, begin, end time.Time) {
	if err != nil || status != http.StatusOK {
		r.failed++
		return
	}
	r.took = append(r.took, end.Sub(begin))
	if err := t.check(a, body, begin, end); err != nil {
		r.wrong++
		r.firstWrong = firstError(r.firstWrong, fmt.Errorf("%s, %s: %w", r.name, a.path, err))
	}
}

// progress shows how far it is, on a terminal in place and elsewhere once.
func progress(name string, n, of int) {
	if info, err := os.Stdout.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Printf("\r  %-12s %4d of %d", name, n, of)
		if n == of {
			fmt.Println()
		}
	} else if n == of {
		fmt.Printf("  %-12s %4d requests sent\n", name, n)
	}
}

var client = &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: clients}}

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

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
