package main

// What is asked for: a stretch of a public web server's day, played faster.

import (
	"fmt"
	"time"

	"example.com/weather/traces"
	"example.com/weather/zips"
	"fluxo.dev/fluxo/bench/trace"
)

// A pattern is the busiest stretch of a day: its first half is served as written and recorded,
// its second half is what comes later.
type pattern struct {
	source       string
	first, later []ask
	half         time.Duration // of the day
	playing      time.Duration // a half takes so long here
}

// An ask is one request and what its answer has to be about.
type ask struct {
	at    time.Duration // since its half began, as it is played
	about zips.ZIP
}

// newPattern takes a half so long from the EPA's day, and plays it in the time given.
func newPattern(known []zips.ZIP, half, playing time.Duration, seed uint64) (*pattern, error) {
	t, err := trace.Load("epa", seed)
	if err != nil {
		return nil, err
	}
	p := &pattern{half: half, playing: playing, source: "generated to its figures"}
	if t.Source == "real" {
		p.source = "real"
	}
	keys := make([]int32, len(t.Requests))
	for i, r := range t.Requests {
		keys[i] = r.Key
	}
	about := traces.Towns(keys, known)
	begin := busiest(t.Requests, 2*half)
	for i, r := range t.Requests {
		switch at := r.At - begin; {
		case at < 0 || at >= 2*half:
		case at < half:
			p.first = append(p.first, ask{p.scaled(at), about[i]})
		default:
			p.later = append(p.later, ask{p.scaled(at - half), about[i]})
		}
	}
	return p, nil
}

func (p *pattern) scaled(d time.Duration) time.Duration {
	return time.Duration(float64(d) * float64(p.playing) / float64(p.half))
}

// ofTheDay is when a request was sent on the day itself, since its half began.
func (p *pattern) ofTheDay(at time.Duration) time.Duration {
	return time.Duration(float64(at) * float64(p.half) / float64(p.playing))
}

// busiest returns when the stretch of that length begins in which most is asked for.
func busiest(requests []trace.Request, length time.Duration) time.Duration {
	var begin time.Duration
	from, most := 0, 0
	for to, r := range requests {
		for r.At-requests[from].At >= length {
			from++
		}
		if to-from > most {
			most, begin = to-from, requests[from].At
		}
	}
	return begin
}

// String says in words what is asked for.
func (p *pattern) String() string {
	return fmt.Sprintf("%d requests in %v: the busiest %d minutes of a day of the EPA's web server in 1995\n(%s), one URL a ZIP code, played %.0f times as fast",
		len(p.first), p.playing, int(p.half.Minutes()), p.source, float64(p.half)/float64(p.playing))
}
