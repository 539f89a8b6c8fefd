package planner

// What goes in and what comes out.

import (
	"cmp"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/sim"
)

// A Question is what the command asks a planner.
type Question struct {
	Format int
	Traces []string // files of fluxo record, by absolute names
	Name   string   // of the plan file, for messages
	Plan   string   // the text of what the author fixes: pin, never and off lines, the memory
	Sole   []string // data of which the process is the only writer
}

// An Answer is what a planner says. With the predictions filled in, it is what "fluxo plan -json"
// prints: names and meanings of its fields stay as they are within a Format. Times are in seconds.
type Answer struct {
	Format    int
	Service   string // import path of the main package
	Requests  int    // of the trace
	Plan      string // the text of the plan file that is proposed
	Decisions []Decision
	Refused   []Refusal
	Tried     int // plans that were simulated

	Written  *Prediction // of the service as written
	Present  *Prediction `json:",omitempty"` // of the plan that is there now
	Proposed *Prediction // of Plan
}

// A Decision is a line of the proposed plan that was found, with the evidence for it.
type Decision struct {
	Flow    graph.FlowName
	Lines   []string // as the plan has them
	Pattern string
	Why     string
	Before  float64 // what is to be made small, without it
	After   float64 // and with it
	Next    string  `json:",omitempty"` // the alternative that came nearest
	NextHas float64 `json:",omitempty"` // what is to be made small, with that
}

// A Refusal is what a pattern proposed and the laws do not allow.
type Refusal struct {
	Flow    graph.FlowName
	Lines   []string
	Pattern string
	Reason  string
}

// A Prediction is what the replay of a trace comes to.
type Prediction struct {
	Mean, P50, P95, P99 float64        // of the time of a request
	CPU                 float64        // of processors, for each request
	Failed              int            // requests
	Calls               map[string]int // of steps that ask something outside, by their full names
}

// Predict sums a replay up.
func Predict(o *sim.Outcome) *Prediction {
	n := max(len(o.Requests), 1)
	p := &Prediction{Calls: o.Calls, CPU: o.Busy.Seconds() / float64(n)}
	all := make([]time.Duration, 0, n)
	sum := time.Duration(0)
	for _, r := range o.Requests {
		all = append(all, r.Took)
		sum += r.Took
		if r.Failed {
			p.Failed++
		}
	}
	if len(all) == 0 {
		return p
	}
	slices.SortFunc(all, cmp.Compare)
	quantile := func(q float64) float64 { return all[min(int(q*float64(len(all))), len(all)-1)].Seconds() }
	p.Mean, p.P50, p.P95, p.P99 = sum.Seconds()/float64(n), quantile(.5), quantile(.95), quantile(.99)
	return p
}

// AllCalls is how often something outside was asked.
func (p *Prediction) AllCalls() (n int) {
	for _, k := range p.Calls {
		n += k
	}
	return n
}
