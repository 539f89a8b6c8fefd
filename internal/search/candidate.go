package search

// What the patterns propose.

import (
	"fmt"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/pattern"
)

// A Candidate is a use of a pattern at a place of a flow.
type Candidate struct {
	Flow      graph.FlowName
	Pattern   string
	Decisions []plan.Decision
	Why       string
}

func (c *Candidate) String() string {
	lines := make([]string, len(c.Decisions))
	for i, d := range c.Decisions {
		lines[i] = d.String()
	}
	return string(c.Flow) + ": " + strings.Join(lines, "; ")
}

// candidates asks the patterns about every flow of the trace.
func candidates(patterns []pattern.Pattern, graphs map[graph.FlowName]*graph.Graph, stats map[graph.FlowName]map[graph.NodeID]*profile.Stats) (out []*Candidate, err error) {
	for _, name := range sortedNames(graphs) {
		f := &pattern.Flow{Graph: graphs[name].Clone(), Seen: map[graph.NodeID]pattern.Seen{}}
		for id, s := range stats[name] {
			f.Seen[id] = pattern.Seen{Count: s.Count, Mean: s.Mean(), Median: s.Median(), Failures: s.Failures, Distinct: s.Distinct}
		}
		for _, p := range patterns {
			found, err := find(p, f)
			if err != nil {
				return nil, err
			}
			for _, c := range found {
				ds, err := parse(name, c.Lines)
				if err != nil {
					return nil, fmt.Errorf("pattern %s proposes for %s what is no plan: %w", p.Name(), name, err)
				}
				out = append(out, &Candidate{name, p.Name(), ds, c.Why})
			}
		}
	}
	return out, nil
}

// find asks a pattern, which may be anybody's.
func find(p pattern.Pattern, f *pattern.Flow) (out []pattern.Candidate, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("pattern %s panics about %s: %v", p.Name(), f.Graph.Flow, v)
		}
	}()
	out = p.Find(f)
	return out[:min(len(out), pattern.MaxCandidates)], nil
}

// parse reads lines of a plan about one flow.
func parse(flow graph.FlowName, lines []string) ([]plan.Decision, error) {
	f, err := plan.Parse("", []byte(fmt.Sprintf("fluxo 1\n\nflow %s (\n\t%s\n)\n", flow, strings.Join(lines, "\n\t"))))
	if err != nil {
		return nil, err
	}
	return f.Decisions(flow), nil
}
