package plan

// Decisions: one use of one technique at one place.

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
)

// A Verb is what a decision does.
type Verb uint8

const (
	Parallel Verb = iota // lets regions begin at the first one's place
	Store                // keeps a region's results
	Coalesce             // makes overlapping runs of a region one
	Hedge                // tries a region a second time where the first try takes long
	Answer               // keeps the encoded answer of the whole flow
)

var verbs = [...]string{Parallel: "parallel", Store: "store", Coalesce: "coalesce", Hedge: "hedge", Answer: "answer"}

func (v Verb) String() string { return verbs[v] }

// A Mark is what an author or an operator says about a decision.
type Mark uint8

const (
	None  Mark = iota
	Pin        // in force, and no tool may remove it
	Never      // not in force, and no tool may add it
	Off        // written, but not in force
)

var marks = [...]string{None: "", Pin: "pin", Never: "never", Off: "off"}

func (m Mark) String() string { return marks[m] }

// A Region is a run of nodes of one block: First to Last, both included.
type Region struct {
	First, Last graph.NodeID // equal for a single node
}

func (r Region) String() string {
	if r.First == r.Last {
		return string(r.First)
	}
	return string(r.First) + ".." + string(r.Last)
}

// Bounds of one decision.
const (
	MaxItems = 64   // regions of one parallel decision
	MaxAhead = 1024 // iterations that may have begun beyond the present one
	MinAfter = time.Millisecond
	MaxAfter = time.Hour
)

// DefaultBudget is how many of a hundred calls may have a second try where a hedge line does not say.
const DefaultBudget = 5

// A Decision is one line of a flow's plan.
type Decision struct {
	Mark    Mark
	Verb    Verb
	Items   []Region      // parallel: two or more, one with ahead or never; answer: none; otherwise one
	Ahead   int           // parallel in a loop: how many later iterations may begin early; 0 for none
	Refresh int           // store: how likely, in per cent, results must be to be asked for again to be computed ahead of their expiry; 0 for never
	After   time.Duration // hedge: how long the first try may take before a second begins
	Budget  int           // hedge: how many of a hundred calls may have a second try; 0 for DefaultBudget
	Pos     Pos
}

// InForce reports whether d is to be applied.
func (d Decision) InForce() bool { return d.Mark == None || d.Mark == Pin }

// What is the decision without its mark: "store Locate..Alerts".
func (d Decision) What() string {
	var b strings.Builder
	b.WriteString(d.Verb.String())
	for _, r := range d.Items {
		b.WriteString(" " + r.String())
	}
	if d.Ahead > 0 {
		fmt.Fprintf(&b, " ahead=%d", d.Ahead)
	}
	if d.Refresh > 0 {
		fmt.Fprintf(&b, " refresh=%d%%", d.Refresh)
	}
	if d.After > 0 {
		b.WriteString(" after=" + durationText(d.After))
	}
	if d.Budget > 0 {
		fmt.Fprintf(&b, " budget=%d%%", d.Budget)
	}
	return b.String()
}

// durationText is d without the zero units at its end: 2m, not 2m0s.
func durationText(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// String is the decision as a plan writes it.
func (d Decision) String() string {
	if d.Mark == None {
		return d.What()
	}
	return d.Mark.String() + " " + d.What()
}

// A DecisionID names a decision of a program, whatever its mark and wherever it
// stands in the file: "example.com/weather.Weather store Locate".
type DecisionID string

// ID names d as a decision about flow.
func (d Decision) ID(flow graph.FlowName) DecisionID {
	return DecisionID(string(flow) + " " + d.What())
}

// same reports whether d and e decide the same, order of regions and number of
// iterations apart: no plan can hold both.
func (d Decision) same(e Decision) bool {
	return d.Verb == e.Verb && d.covers(e) && e.covers(d)
}

// covers reports whether d has all of e's regions.
func (d Decision) covers(e Decision) bool {
	return !slices.ContainsFunc(e.Items, func(r Region) bool { return !slices.Contains(d.Items, r) })
}

// forbids reports whether d is a never line that e breaks.
func (d Decision) forbids(e Decision) bool {
	return d.Mark == Never && e.InForce() && d.Verb == e.Verb && e.covers(d)
}

// contradiction says why d and e cannot both stand in one flow's plan; "" if
// they can.
func contradiction(d, e Decision) (what, fix string) {
	switch {
	case d.same(e) && d.Mark == e.Mark:
		return fmt.Sprintf("%q is written twice", d.What()), "remove one of the two lines"
	case d.same(e):
		return fmt.Sprintf("%q contradicts %q", e, d), "keep the line that you mean and remove the other"
	case d.forbids(e):
		return fmt.Sprintf("%q is forbidden by %q", e, d), "remove one of the two lines"
	case e.forbids(d):
		return fmt.Sprintf("%q forbids %q", e, d), "remove one of the two lines"
	}
	return "", ""
}
