package check

// What the checker found, as values and as text for people.

import (
	"fmt"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// A Report is the outcome of Check for one flow.
type Report struct {
	Flow     graph.FlowName
	Broken   []string  // the planned graph is no plan of the source graph; then there are no verdicts
	Verdicts []Verdict // one for each node that the plan added, in the order of the text
}

// A Verdict is about one node that a plan added.
type Verdict struct {
	Node    graph.NodeID
	Kind    graph.Kind // start, stored, shared or hedged
	Region  string     // the source's nodes it is about: "Locate..Alerts"
	Pos     graph.Pos  // of the first of them
	Laws    []graph.Law
	Holds   []graph.ConjunctID // the certificate: checked, and found to hold
	Refused []Refusal          // empty if the node is legal
}

// A Refusal is a conjunct that could not be shown.
type Refusal struct {
	Conjunct graph.ConjunctID
	Says     string // the condition
	Findings []Finding
}

// A Finding is one thing that stands in the way.
type Finding struct {
	Why   string
	Fix   string // the smallest, an imperative sentence
	Nodes []graph.NodeID
	At    []graph.Pos // of the nodes
}

// OK reports whether everything the plan added is legal.
func (r Report) OK() bool { return len(r.Broken) == 0 && len(r.Refused()) == 0 }

// Refused lists the nodes that may not stand as they do.
func (r Report) Refused() (ids []graph.NodeID) {
	for _, v := range r.Verdicts {
		if len(v.Refused) > 0 {
			ids = append(ids, v.Node)
		}
	}
	return ids
}

// Reasons says of each refused node what stands in its way first. It is empty if
// everything is legal.
func (r Report) Reasons() map[graph.NodeID]string {
	why := map[graph.NodeID]string{}
	for _, what := range r.Broken {
		why[""] = what
	}
	for _, v := range r.Verdicts {
		if len(v.Refused) > 0 {
			why[v.Node] = v.Refused[0].Findings[0].Why
		}
	}
	return why
}

// String is what fluxo check prints: a line for each node that the plan added,
// with the laws that carry it, or what stands in its way and what to do.
func (r Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.Flow, r.summary())
	for _, what := range r.Broken {
		fmt.Fprintf(&b, "  broken   %s\n", what)
	}
	for _, v := range r.Verdicts {
		v.print(&b)
	}
	return b.String()
}

func (r Report) summary() string {
	refused := len(r.Refused())
	switch {
	case len(r.Broken) > 0:
		return "this is no plan of the flow; it runs as written"
	case len(r.Verdicts) == 0:
		return "nothing is planned; it runs as written"
	case refused == 0:
		return fmt.Sprintf("%s, and the meaning is kept", count(len(r.Verdicts), "change"))
	}
	return fmt.Sprintf("%s, %d refused, in whose place the source runs as written", count(len(r.Verdicts), "change"), refused)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

var wants = map[graph.Kind]string{graph.Start: "begin %s early", graph.Stored: "store %s", graph.Shared: "share %s", graph.Hedged: "hedge %s"}

func (v Verdict) print(b *strings.Builder) {
	what := fmt.Sprintf(wants[v.Kind], v.Region)
	if v.Pos.File != "" {
		what += fmt.Sprintf(" (%v)", v.Pos)
	}
	if len(v.Refused) == 0 {
		fmt.Fprintf(b, "  ok       %s: %s\n", what, ranges(v.Holds))
		return
	}
	fmt.Fprintf(b, "  refused  %s\n", what)
	for _, r := range v.Refused {
		fmt.Fprintf(b, "           needs %s: %s\n", r.Conjunct, r.Says)
		for i, f := range r.Findings {
			if i == maxFindings {
				fmt.Fprintf(b, "             and %d more like these\n", len(r.Findings)-i)
				break
			}
			fmt.Fprintf(b, "             but %s\n             fix: %s\n", f.Why, f.Fix)
		}
	}
}

// maxFindings bounds how many reasons are printed for one conjunct.
const maxFindings = 3

// ranges writes IDs of one law after the other in short: "reorder.1-4, 6".
func ranges(ids []graph.ConjunctID) string {
	var b strings.Builder
	law, first, last := "", 0, 0
	flush := func() {
		if last > first {
			fmt.Fprintf(&b, "-%d", last)
		}
	}
	for _, id := range ids {
		name, number, _ := strings.Cut(string(id), ".")
		var n int
		fmt.Sscan(number, &n)
		switch {
		case name != law:
			flush()
			if law != "" {
				b.WriteString("; ")
			}
			fmt.Fprintf(&b, "%s.%d", name, n)
			law, first, last = name, n, n
		case n == last+1:
			last = n
		default:
			flush()
			fmt.Fprintf(&b, ", %d", n)
			first, last = n, n
		}
	}
	flush()
	return b.String()
}
