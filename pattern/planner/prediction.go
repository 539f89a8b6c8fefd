package planner

// What a replay comes to.

import (
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/internal/sim"
)

// A Prediction is what the replay of a trace comes to. Times are in seconds.
type Prediction struct {
	Requests            int            // that somebody waits for
	Scheduled           int            `json:",omitempty"` // runs that a schedule began, for which nobody waits
	Mean, P50, P95, P99 float64        // of the time of a request; without any, of a scheduled run
	CPU                 float64        // of processors, for each request or scheduled run
	Memory              int64          // of all stored results together, at most, in bytes
	Failed              int            // requests and scheduled runs
	Calls               map[string]int // of steps that ask something outside, by their full names
}

// Predict sums a replay up.
func Predict(o *sim.Outcome) *Prediction {
	p := &Prediction{
		Mean: search.Value(plan.Mean, o), P50: search.Value(plan.P50, o), P95: search.Value(plan.P95, o), P99: search.Value(plan.P99, o),
		CPU: search.Value(plan.CPU, o), Memory: int64(search.Value(plan.Memory, o)), Calls: o.Calls,
	}
	for _, r := range o.Requests {
		if r.Scheduled {
			p.Scheduled++
		} else {
			p.Requests++
		}
		if r.Failed {
			p.Failed++
		}
	}
	return p
}

// Value returns a measure: in seconds, calls for each request or scheduled run, or bytes.
func (p *Prediction) Value(m plan.Measure) float64 {
	switch m {
	case plan.P50:
		return p.P50
	case plan.P95:
		return p.P95
	case plan.P99:
		return p.P99
	case plan.CPU:
		return p.CPU
	case plan.Memory:
		return float64(p.Memory)
	case plan.Calls:
		return float64(p.AllCalls()) / float64(max(p.Requests+p.Scheduled, 1))
	}
	return p.Mean
}

// Keeps reports whether a limit holds, beside the service as written.
func (p *Prediction) Keeps(l plan.Limit, written *Prediction) bool {
	if l.Measure == plan.Calls {
		return float64(p.AllCalls()) <= l.Ratio*float64(written.AllCalls())
	}
	return p.Value(l.Measure) <= l.Time.Seconds()
}

// AllCalls is how often something outside was asked.
func (p *Prediction) AllCalls() (n int) {
	for _, k := range p.Calls {
		n += k
	}
	return n
}
