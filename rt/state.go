package rt

// What can be seen of the plan of the process, and its history.

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/plan"
)

// maxHistory is how many changes are remembered, the latest ones.
const maxHistory = 64

// An Event is one change of the plan.
type Event struct {
	At     time.Time
	What   string // "applied", "tried", "adopted", "taken back", "switched off: …"
	Why    string `json:",omitempty"`
	Tried  *Fared `json:",omitempty"` // of the end of a trial: requests under its plan; of a decision: runs with it
	Others *Fared `json:",omitempty"` // and those without
}

// Fared says how requests fared. Times are in nanoseconds.
type Fared struct {
	Requests, Failed    int64
	Mean, P50, P95, P99 time.Duration
}

func (s Sample) fared() *Fared {
	t := s.Took
	return &Fared{s.Requests, s.Failed, t.Mean(), t.Quantile(.5), t.Quantile(.95), t.Quantile(.99)}
}

func (f *Fared) String() string {
	requests := "requests"
	if f.Requests == 1 {
		requests = "request"
	}
	return fmt.Sprintf("%d %s, %d failed, mean %v, p50 %v, p95 %v, p99 %v",
		f.Requests, requests, f.Failed, round(f.Mean), round(f.P50), round(f.P95), round(f.P99))
}

// A State is what the process runs under at one moment.
type State struct {
	Version   uint64 // counts changes: what is changed by who has seen another one is refused
	Plan      string // that of all requests, or of all but those of the trial
	Decisions []DecisionState
	Problems  []string        `json:",omitempty"` // of decisions that were left out
	Trial     *TrialState     `json:",omitempty"`
	Reports   []engine.Report `json:",omitempty"` // of steps that do not keep their word
	History   []Event         // the latest last
}

// A DecisionState says what became of one line of the plan.
type DecisionState struct {
	Flow, Line string
	State      string     // "in force", "off", "never", "left out"
	Gain       *Gain      `json:",omitempty"` // measured last; nil before there were enough runs
	Gathering  *Gathering `json:",omitempty"` // for the next time; nil if it is not measured
}

// A TrialState is a trial under way.
type TrialState struct {
	Plan          string
	Share         float64
	Began         time.Time
	For           time.Duration // in nanoseconds
	Tried, Others *Fared
}

// Present returns the state of the process's plan.
func Present() State {
	p := present
	p.mu.Lock()
	defer p.mu.Unlock()
	s := State{Version: p.version, Plan: string(p.file.Format()), Problems: p.applied.Problems, Reports: engine.Current().Reports(), History: append([]Event{}, p.history...)}
	for _, f := range p.file.Flows() {
		for _, d := range f.Decisions {
			state := DecisionState{Flow: string(f.Name), Line: d.String(), State: p.stateOf(string(f.Name), d)}
			if g := p.gainOf(f.Name, d); g != nil {
				state.Gain, state.Gathering = g.last, g.gathering()
			}
			s.Decisions = append(s.Decisions, state)
		}
	}
	if t := p.trial; t != nil {
		s.Trial = &TrialState{string(t.file.Format()), t.Share, t.began, t.For, t.counts[1].sample().fared(), t.counts[0].sample().fared()}
	}
	return s
}

// stateOf says what became of a decision.
func (p *process) stateOf(flow string, d plan.Decision) string {
	for _, in := range p.applied.InForce {
		if in.Flow == flow && in.Line == d.String() {
			return "in force"
		}
	}
	if d.InForce() {
		return "left out"
	}
	return strings.TrimSpace(d.Mark.String())
}

// gainOf returns what is known of the gain of a decision; nil if it is not measured.
func (p *process) gainOf(flow graph.FlowName, d plan.Decision) *gain {
	for _, g := range p.gains[flow] {
		if g.decision.String() == d.String() {
			return g
		}
	}
	return nil
}

// event is the end of a trial.
func (t *trial) event(what, why string) Event {
	return Event{What: what, Why: why, Tried: t.counts[1].sample().fared(), Others: t.counts[0].sample().fared()}
}

// changed notes that the plan is another one now.
func (p *process) changed(e Event) {
	e.At = clock.Now()
	p.version++
	p.history = append(p.history, e)
	if n := len(p.history) - maxHistory; n > 0 {
		p.history = p.history[n:]
	}
}

// Errors of changes that meet another one.
var (
	ErrChanged = errors.New("the plan has changed meanwhile: look at it, and change that one")
	ErrTrial   = errors.New("a plan is being tried: wait until that is over, or end it")
)

// isFree returns why the plan cannot be changed by somebody who has seen a version of it; 0 for any.
func (p *process) isFree(version uint64) error {
	switch {
	case version != 0 && version != p.version:
		return ErrChanged
	case p.trial != nil:
		return ErrTrial
	}
	return nil
}

// EndTrial takes the plan back that is being tried; false if there is none.
func EndTrial() bool {
	present.mu.Lock()
	defer present.mu.Unlock()
	if present.trial == nil {
		return false
	}
	present.takeBack("somebody ended the trial")
	return true
}
