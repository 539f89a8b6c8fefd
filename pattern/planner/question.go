package planner

// What goes in and what comes out.

import (
	"math"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
)

// A Question is what the command asks a planner.
type Question struct {
	Format    int
	Traces    []string // files of fluxo record, by absolute names
	Name      string   // of the plan file, for messages
	Plan      string   // its text: what is fixed, where a plan is looked for; all of it, where it is to be explained
	Sole      []string // data of which the process is the only writer
	Scheduled []string // flows that nothing but a schedule begins: nobody waits for their runs
	Explain   bool     // say why the decisions of Plan stand, instead of looking for others
}

// An Answer is what a planner says. With the predictions filled in, it is what "fluxo plan -json"
// prints: names and meanings of its fields stay as they are within a Format. Values of the goal and times are in
// seconds; where the goal is calls, in calls for each request, and where it is memory, in bytes.
type Answer struct {
	Format    int
	Service   string       // import path of the main package
	Requests  int          // of the trace, that somebody waits for
	Scheduled int          `json:",omitempty"` // runs of the trace that a schedule began, for which nobody waits
	Sampled   int          `json:",omitempty"` // of these, scheduled runs among them, how many plans were compared on; 0 for all
	Goal      plan.Measure // what is to be made small
	Plan      string       // the text of the plan file that is proposed
	Decisions []Decision
	Refused   []Refusal
	Warnings  []string // for people
	Tried     int      // plans that were simulated
	Optimal   bool     // no set of what was proposed is better
	Worth     bool     // Plan gains enough over the present one to be written

	Written  *Prediction // of the service as written
	Present  *Prediction `json:",omitempty"` // of the plan that is there now
	Proposed *Prediction // of Plan

	Reached float64  `json:",omitempty"` // explained: the goal under the whole plan
	Reasons []Reason `json:",omitempty"` // likewise, of its decisions in their order
}

// A Decision is a line of the proposed plan that was found, with the evidence for it. Values of the goal are of
// the requests that plans were compared on.
type Decision struct {
	Flow        graph.FlowName
	Lines       []string // as the plan has them
	Pattern     string
	Why         string
	Before      float64            // the goal without it, beside the decisions before
	After       float64            // and with it
	NodesBefore float64            // nodes run for each request without it
	NodesAfter  float64            // and with it
	Holds       []graph.ConjunctID // what it was held against
	Next        *Alternative       `json:",omitempty"`
}

// Overload is the goal of what brings more work than can be done: no number of JSON is infinite.
const Overload = math.MaxFloat64

// A Reason says why a line of the present plan stands.
type Reason struct {
	Flow    graph.FlowName
	Line    string
	Pattern string       `json:",omitempty"` // that would propose it; "" for none
	Because string       `json:",omitempty"` // it may pay, as that says
	Without float64      // the goal of the plan without it
	Next    *Alternative `json:",omitempty"`
}

// An Alternative is what came nearest to a decision in its place.
type Alternative struct {
	Lines []string
	Goal  float64 `json:",omitempty"` // of the whole plan with it instead, if it is legal there
	Why   string  `json:",omitempty"` // otherwise what stands in its way
}

// A Refusal is what a pattern proposed and the laws do not allow.
type Refusal struct {
	Flow    graph.FlowName
	Lines   []string
	Pattern string
	Reason  string
}
