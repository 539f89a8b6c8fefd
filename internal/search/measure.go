package search

// What replays come to, as numbers to compare.

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/sim"
)

// A tally is what a replay came to, as far as goals and limits ask.
type tally struct {
	took      []time.Duration // of requests
	scheduled []time.Duration // of runs that nobody waits for
	calls     int
	nodes     int
	busy      time.Duration
	stored    int64
}

func tallyOf(o *sim.Outcome) tally {
	t := tally{took: make([]time.Duration, 0, len(o.Requests)), nodes: o.Nodes, busy: o.Busy, stored: o.Stored}
	for _, r := range o.Requests {
		if r.Scheduled {
			t.scheduled = append(t.scheduled, r.Took)
		} else {
			t.took = append(t.took, r.Took)
		}
	}
	for _, n := range o.Calls {
		t.calls += n
	}
	return t
}

// runs is how many there were, requests and others.
func (t *tally) runs() int { return len(t.took) + len(t.scheduled) }

// times are those of requests, which somebody waits for; where there are none, those of scheduled runs.
func (t *tally) times() []time.Duration {
	if len(t.took) == 0 {
		return t.scheduled
	}
	return t.took
}

// Value returns a measure of a replay: in seconds, calls for each run, or bytes. Times are those of requests; processors, calls and memory
// are used by scheduled runs, too.
func Value(m plan.Measure, o *sim.Outcome) float64 { return value(m, []tally{tallyOf(o)}) }

func value(m plan.Measure, parts []tally) float64 {
	var all tally
	if len(parts) == 1 {
		all = parts[0]
	} else {
		for _, p := range parts {
			all = tally{append(all.took, p.took...), append(all.scheduled, p.scheduled...), all.calls + p.calls, all.nodes + p.nodes, all.busy + p.busy, all.stored + p.stored}
		}
	}
	runs := float64(max(all.runs(), 1))
	took := all.times()
	n := float64(max(len(took), 1))
	switch m {
	case plan.CPU:
		return all.busy.Seconds() / runs
	case plan.Calls:
		return float64(all.calls) / runs
	case plan.Memory:
		return float64(all.stored)
	case plan.Mean:
		sum := time.Duration(0)
		for _, d := range took {
			sum += d
		}
		return sum.Seconds() / n
	}
	q := map[plan.Measure]float64{plan.P50: .5, plan.P95: .95, plan.P99: .99}[m]
	if len(took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(int(q*n), len(sorted)-1)].Seconds()
}

// A score orders plans: limits first, then the goal.
type score struct {
	goal float64 // infinite of what cannot be served, or is not legal
	over float64 // by what shares limits are exceeded, together
	work float64 // nodes run for each request or scheduled run
}

var never = score{goal: math.Inf(1), over: math.Inf(1)}

func (s score) legal() bool { return s != never }

// beyond is more than any goal comes to.
const beyond = 1e15

// number is one number that orders scores.
func (s score) number() float64 {
	if s.over == 0 {
		return s.goal
	}
	return beyond * (1 + s.over)
}

// A judge knows the author's goal and limits.
type judge struct {
	goal   plan.Measure
	limits []plan.Limit
	calls  float64 // for each run, without any plan
}

// score judges what replays came to.
func (j *judge) score(parts []tally) score {
	s := score{goal: value(j.goal, parts)}
	nodes, runs := 0, 0
	for _, p := range parts {
		nodes, runs = nodes+p.nodes, runs+p.runs()
	}
	s.work = float64(nodes) / float64(max(runs, 1))
	for _, l := range j.limits {
		s.over += j.excess(l, value(l.Measure, parts))
	}
	return s
}

// excess returns by what share a value exceeds a limit.
func (j *judge) excess(l plan.Limit, v float64) float64 {
	most := l.Time.Seconds()
	if l.Measure == plan.Calls {
		most = l.Ratio * j.calls
	}
	if v <= most*(1+1e-9) || most == 0 {
		return 0
	}
	return v/most - 1
}

// broken says which limits a replay does not keep, and what it comes to instead.
func (j *judge) broken(o *sim.Outcome) (all []string) {
	for _, l := range j.limits {
		v := Value(l.Measure, o)
		if j.excess(l, v) > 0 {
			all = append(all, fmt.Sprintf("%s (%s)", strings.TrimPrefix(l.String(), "limit "), j.text(l, v)))
		}
	}
	return all
}

func (j *judge) text(l plan.Limit, v float64) string {
	if l.Measure == plan.Calls {
		return fmt.Sprintf("%.3g times the calls there are without a plan", v/j.calls)
	}
	return Text(l.Measure, v)
}

// Text prints a value of a measure for people.
func Text(m plan.Measure, v float64) string {
	switch {
	case math.IsInf(v, 0):
		return "more than can be served"
	case m == plan.Calls:
		if n := fmt.Sprintf("%.3g", v); n != "1" {
			return n + " calls"
		}
		return "1 call"
	case m == plan.Memory:
		return fmt.Sprintf("%.3g MiB", v/(1<<20))
	}
	d := time.Duration(v * float64(time.Second))
	for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond} {
		if d >= unit {
			return d.Round(unit / 100).String()
		}
	}
	return d.String()
}
