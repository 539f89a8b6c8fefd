package search

// Cold stores: what a plan comes to right after the service was started, in its busiest minutes, and when many
// more people come at once.

import (
	"errors"
	"fmt"
	"time"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/sim"
)

const (
	busiest   = 2 * time.Minute // that is looked at
	maxCold   = 20_000          // requests of it
	crowd     = 5               // times as many requests in a flash crowd
	mostWait  = .5              // of the time of requests: for a processor
	mostWorse = 1.5             // times the p99 without a plan
)

// A Cold is what a plan comes to with empty stores, in the busiest minutes of the trace.
type Cold struct {
	Rate     float64 // of arrivals, over that of the trace
	From     time.Duration
	Requests int     // that somebody waits for
	Written  float64 // p99 without a plan, in seconds; infinite if it cannot be served
	Planned  float64 // and with it
	Waiting  float64 // share of the time of requests, under the plan, in which they wait for a processor
}

// cold replays the busiest minutes with empty stores, and warns if that goes wrong.
func (s *search) cold(set []*Candidate) error {
	from, n := s.peak()
	if n == 0 {
		return nil
	}
	window, err := s.whole.Between(from, from+busiest, maxCold)
	if err != nil {
		return err
	}
	for _, rate := range []float64{1, crowd} {
		c := Cold{Rate: rate, From: from, Requests: n}
		if c.Written, _, err = s.coldP99(window, nil, rate); err != nil {
			return err
		}
		if c.Planned, c.Waiting, err = s.coldP99(window, set, rate); err != nil {
			return err
		}
		s.result.Cold = append(s.result.Cold, c)
		if w := c.warning(); w != "" && len(set) > 0 {
			s.warn("%s", w)
		}
	}
	return nil
}

// peak returns when most requests arrived.
func (s *search) peak() (from time.Duration, most int) {
	all, last := s.result.Before.Awaited(), 0
	for first := range all {
		for last < len(all) && all[last].At < all[first].At+busiest {
			last++
		}
		if last-first > most {
			from, most = all[first].At, last-first
		}
	}
	return from, min(most, maxCold)
}

// coldP99 replays a window under a set that begins with empty stores.
func (s *search) coldP99(window *sim.Trace, set []*Candidate, rate float64) (p99, waiting float64, err error) {
	o, err := s.replay(window, set, sim.Options{Memory: s.memory(), Rate: rate})
	if errors.Is(err, sim.ErrOverload) {
		return never.goal, 1, nil
	}
	if err != nil {
		return 0, 0, err
	}
	all := time.Duration(0) // scheduled runs wait for processors, too
	for _, r := range o.Requests {
		all += r.Took
	}
	if all > 0 {
		waiting = o.Queued.Seconds() / all.Seconds()
	}
	return Value(plan.P99, o), waiting, nil
}

// warning says what goes wrong; "" if nothing does.
func (c Cold) warning() string {
	when := fmt.Sprintf("with empty stores, in the busiest minutes of the trace (from %v on, %d requests)", c.From.Round(time.Second), c.Requests)
	if c.Rate != 1 {
		when = fmt.Sprintf("with empty stores and %v times the requests of the busiest minutes (a flash crowd)", c.Rate)
	}
	switch {
	case c.Planned == never.goal:
		return fmt.Sprintf("%s the plan brings more work than can be done: give the service more processors, or start it behind a limit", when)
	case c.Waiting > mostWait:
		return fmt.Sprintf("%s requests wait for a processor for %.0f %% of their time: give the service more of them, or start it behind a limit", when, 100*c.Waiting)
	case c.Planned > c.Written*mostWorse:
		return fmt.Sprintf("%s p99 is %s, and %s without a plan", when, Text(plan.P99, c.Planned), Text(plan.P99, c.Written))
	}
	return ""
}
