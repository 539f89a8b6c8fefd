package weather

// What a plan answers, held against what the source could have answered.

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/rt"
)

const (
	verified = 5000 // requests, from the middle of the day on
	soaking  = 100  // rounds from which on it is the whole day
)

// Verification counts differences.
var Verification = figure.Figure{
	Name: "verify.differences",
	About: "requests of the EPA day that the weather service answers under its plan as its source could not have, with step results that are no " +
		"older than declared; 5,000 from noon on, the whole day from 100 rounds on; .requests: flows that were run both ways; .undecided",
	Run: func(r *figure.Report) error {
		d, err := theDay("epa", r.Seed)
		if err != nil {
			return err
		}
		from := len(d.requests) / 2
		to := min(from+verified, len(d.requests))
		if r.Rounds >= soaking {
			from, to = 0, len(d.requests)
		}
		v, err := verify(d, from, to, r.Seed)
		if err != nil {
			return err
		}
		for _, f := range v.Differences {
			r.Note("%s %s: under the plan %s, as written %s (%s) %s", f.Flow, f.Arguments, f.Planned, f.Written, f.Steps, f.Why)
		}
		r.Note("epa, %s: %d alike, %d calls of steps that nothing noted could stand for", d.source, v.Alike, v.Asked)
		r.Line("verify.differences", float64(v.Different), "requests")
		r.Line("verify.differences.requests", float64(v.Requests), "requests")
		r.Line("verify.differences.undecided", float64(v.Undecided+v.Noisy), "requests")
		return nil
	},
}

// verify sends requests of a day, the clock moved along, to the service under the plan of the example.
func verify(d *day, from, to int, seed uint64) (*rt.Verified, error) {
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
	plan, err := os.ReadFile(filepath.Join(example, "fluxo.plan"))
	if err != nil {
		return nil, err
	}
	a := &arm{name: "verified", program: service, plan: string(plan), seed: seed, day: d}
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
	if err := l.until(d.requests[from].at); err != nil {
		return nil, err
	}
	l.next = from
	if err := l.rebuild(d.requests[to-1].at + 1); err != nil {
		return nil, err
	}
	status, body, err := get(l.control, "http://service/verify")
	if err != nil || status != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("GET /verify: %d: %s", status, body), err)
	}
	v := new(rt.Verified)
	if err := json.Unmarshal(body, v); err != nil {
		return nil, err
	}
	if v.Requests < to-from {
		return nil, fmt.Errorf("%d requests were verified of %d that were sent; not verified: %v", v.Requests, to-from, v.Unverified)
	}
	return v, nil
}
