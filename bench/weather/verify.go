package weather

// What a plan answers, held against what the source could have answered.

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/rt"
)

const (
	soaking  = 100              // rounds from which on it is the whole day
	before   = 20 * time.Minute // of a slice that are caught up with
	together = 16               // requests at once
)

// epaPlan is what a search found on the first half of the EPA day.
//
//go:embed epa.plan
var epaPlan string

// Verification counts differences.
var Verification = figure.Figure{
	Name: "verify.differences",
	About: "requests of slices of the EPA day that the weather service answers under the plan found for it as its source could not have, with step results " +
		"that are no older than declared; the whole day from 100 rounds on; .requests: flows that were run both ways; .undecided",
	Run: func(r *figure.Report) error {
		d, err := theDay("epa", r.Seed)
		if err != nil {
			return err
		}
		in, _ := d.slices(slicesEach, r.Seed)
		if r.Rounds >= soaking {
			in = []slice{{0, len(d.requests), 0}}
		}
		v, err := verify(d, in, r.Seed)
		if err != nil {
			return err
		}
		for _, f := range v.Differences {
			r.Note("%s %s: under the plan %s, as written %s (%s) %s", f.Flow, f.Arguments, f.Planned, f.Written, f.Steps, f.Why)
		}
		r.Note("epa, %s: %d alike, %d differ from themselves, %d calls of steps that nothing noted could stand for", d.source, v.Alike, v.Noisy, v.Asked)
		r.Line("verify.differences", float64(v.Different), "requests")
		r.Line("verify.differences.requests", float64(v.Requests), "requests")
		r.Line("verify.differences.undecided", float64(v.Undecided+v.Noisy), "requests")
		return nil
	},
}

// verify sends slices of a day to the service under its plan, the clock moved along.
func verify(d *day, in []slice, seed uint64) (*rt.Verified, error) {
	dir, done, err := stateDir()
	if err != nil {
		return nil, err
	}
	defer done()
	root, err := command.Root()
	if err != nil {
		return nil, err
	}
	example := filepath.Join(root, "examples", "weather")
	service, providers := filepath.Join(dir, "service"), filepath.Join(dir, "providers")
	if err := errors.Join(command.Build("fluxo", example, service), command.Build("go", filepath.Join(example, "providers"), providers)); err != nil {
		return nil, err
	}
	a := &arm{name: "verified", program: service, plan: epaPlan, latency: 1, seed: seed, day: d}
	if a.urls, err = urls(d.towns); err != nil {
		return nil, err
	}
	l, err := a.start(providers, dir)
	if err != nil {
		return nil, err
	}
	defer l.stop()
	if err := post(l.control, "http://service/verify", ""); err != nil {
		return nil, err
	}
	sent := 0
	for _, s := range in {
		l.next = max(l.next, d.slice(s.begin-before, before).from)
		first := l.next
		if err := errors.Join(l.pass(s.begin-before), l.rebuild(s.begin), l.crowd(s)); err != nil {
			return nil, err
		}
		sent += l.next - first
	}
	status, body, err := get(l.control, "http://service/verify")
	if err != nil || status != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("GET /verify: %d: %s", status, body), err)
	}
	v := new(rt.Verified)
	if err := json.Unmarshal(body, v); err != nil {
		return nil, err
	}
	if v.Requests < sent {
		return nil, fmt.Errorf("%d requests were verified of %d that were sent; not verified: %v", v.Requests, sent, v.Unverified)
	}
	return v, nil
}

// crowded is a time within which requests come together.
const crowded = 5 * time.Second

// crowd sends a slice's requests with those together that come within a short time, so that they meet each other, what is renewed and
// second tries. The providers take their time.
func (l *aliveArm) crowd(s slice) error {
	for l.next < s.to {
		at := l.day.requests[l.next].at.Truncate(crowded)
		if err := errors.Join(l.pass(at), l.providers(l.latency)); err != nil {
			return err
		}
		heap := l.day.requests[l.next:min(s.to, l.day.slice(at, crowded).to)]
		errs := make([]error, len(heap))
		room := make(chan struct{}, together)
		var all sync.WaitGroup
		for i, r := range heap {
			room <- struct{}{}
			all.Go(func() {
				_, _, errs[i] = get(l.http, "http://"+l.service.Addr+l.url(r))
				<-room
			})
		}
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			return err
		}
		l.next += len(heap)
	}
	return nil
}
