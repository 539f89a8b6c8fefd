package search

// What is asked, and what is answered.

import (
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/pattern"
)

// A Problem is what a plan is looked for. Base has the goal and the limits too.
type Problem struct {
	Trace     profile.Source // in memory, or a stream that is read four times
	Base      *plan.File     // what the author says: pin, never and off lines; it is not changed
	Sole      map[string]bool
	Scheduled map[graph.FlowName]bool // flows that nothing but a schedule begins: nobody waits for their runs
	Patterns  []pattern.Pattern
	Progress  func(string) // told what is being looked at; nil for nobody

	Exhaustive int           // candidates up to which all legal sets are looked at; 0 for 15, negative for none
	Replays    int           // of the sample, at most; 0 for 60 of a sample of full size and 2 more for each candidate, its numbers not counted
	Time       time.Duration // for those; 0 for a minute: so that one trace has one plan, it is not what ends a search as a rule
	Patience   time.Duration // with one pattern in one flow; 0 for 5 s
}

// Bounds where a Problem says nothing.
const (
	defaultExhaustive = 15
	replaysAtLeast    = 60  // of a sample of full size; of a smaller one there are more
	replaysForEach    = 2   // candidate, its numbers not counted
	maxReplayed       = 200 // candidates
	maxReplays        = 1500
	defaultTime       = time.Minute
	defaultPatience   = 5 * time.Second
)

// A Result is the plan that was found. Values of the goal are in seconds, calls for each request, or bytes.
type Result struct {
	Plan     *plan.File
	Goal     plan.Measure
	Before   *sim.Outcome // of all requests, without any plan
	After    *sim.Outcome // and under Plan
	Steps    []Step       // the decisions of Plan that were found, in the order of their gain
	Refused  []Refusal
	Cold     []Cold   // with empty stores, in the busiest minutes: at their rate, and in a flash crowd
	Warnings []string // for people: limits that do not hold, cold stores that overload, patterns that misbehave

	Sample  int     // plans were compared on the requests of one in so many contents
	Sampled int     // which are so many, scheduled runs among them; 0 for all of the trace
	Written float64 // the goal, on the sample, without any plan
	Best    float64 // and of the best plan seen; Plan may be a little behind, with fewer decisions or one that spares nodes
	Tried   int     // plans that were replayed
	Optimal bool    // all legal sets of the candidates were looked at, or shown not to be better
}

// A Step is a decision that was made, with the evidence for it. Values are of the sample.
type Step struct {
	Candidate     *Candidate
	Before, After float64            // the goal without it, and with it, beside all the others
	NodesBefore   float64            // nodes run for each request without it
	NodesAfter    float64            // and with it
	Holds         []graph.ConjunctID // checked, and found to hold
	Next          *Candidate         // the nearest alternative in its place that is not in the plan; nil if there was none
	NextAfter     float64            // the goal of the whole plan with that instead, if it is legal there
	NextWhy       string             // otherwise what stands in its way
}

// A Refusal is a candidate that is not legal by itself.
type Refusal struct {
	Candidate *Candidate
	Reason    string
}
