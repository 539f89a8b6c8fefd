package engine

// Verifying: every request is run under its plan, and then as written, answered by what the steps returned under the
// plan, and the two answers are compared. A plan may only answer what the source could have answered with step
// results that are no older than declared.

import (
	"maps"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// Verified is what came of verifying.
type Verified struct {
	Requests    int            // that were run both ways
	Alike       int            // of those, whose answers are the same
	Different   int            // those that nothing explains
	Noisy       int            // that differ from themselves, run twice as written
	Undecided   int            // of which the journal does not have all that they may have used, or that were given what cannot be copied
	Asked       int            // calls of steps that no result could stand for
	Reached     map[string]int // runs under the plan, by flow, those in other flows included
	Differences []Difference   // the first ones in full
}

// A Difference is a request whose answer under the plan is none that its source could give.
type Difference struct {
	Flow      string
	Arguments string
	Planned   string // the answer under the plan
	Written   string // as written
	Steps     string // what that was made of
	Why       string `json:",omitempty"`
}

// Report returns what was found so far.
func (j *Journal) Report() Verified {
	j.mu.Lock()
	defer j.mu.Unlock()
	r := j.report
	r.Differences, r.Reached = slices.Clone(r.Differences), maps.Clone(r.Reached)
	return r
}

// Verified makes a flow ready to be run both ways: under planned, with its calls noted, and as written. walked says of
// other flows that they are under a plan whenever this one runs.
func (e *Engine) Verified(j *Journal, s *Source, planned *graph.Graph, walked func(graph.FlowName) bool) (*Plan, error) {
	p, v, err := e.bothWays(s, planned, walked, purpose{journal: j})
	if err != nil {
		return nil, err
	}
	if err := v.canReturn(); err != nil {
		return nil, err
	}
	v.behind = v.compare
	return p, nil
}
