package search

// What the patterns propose. They may be anybody's: nothing that they do can stop a search.

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/pattern"
)

// Bounds of what one pattern says.
const (
	maxLines = 16  // of one candidate
	maxWhy   = 400 // bytes
)

// A Candidate is a use of a pattern at a place of a flow.
type Candidate struct {
	Flow      graph.FlowName
	Pattern   string
	Decisions []plan.Decision
	Why       string

	text   string
	family string  // alike for those that differ in numbers only
	head   bool    // it is the first of them
	bound  float64 // seconds that it can save, all requests of the sample together; infinite if nobody knows
}

func (c *Candidate) String() string { return c.text }

func newCandidate(flow graph.FlowName, by string, ds []plan.Decision, why string) *Candidate {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.String()
	}
	text := string(flow) + ": " + strings.Join(lines, "; ")
	return &Candidate{Flow: flow, Pattern: by, Decisions: ds, Why: why, text: text, family: option.ReplaceAllString(text, "${1}")}
}

// touches reports whether two candidates are about a node in common; one that names none is about all of its flow.
func (c *Candidate) touches(o *Candidate) bool {
	if c.Flow != o.Flow {
		return false
	}
	mine, all := c.ends()
	others, allOthers := o.ends()
	for id := range others {
		all = all || mine[id]
	}
	return all || allOthers
}

// ends returns the nodes that a candidate names, and whether one of its decisions names none.
func (c *Candidate) ends() (ends map[graph.NodeID]bool, all bool) {
	ends = map[graph.NodeID]bool{}
	for _, d := range c.Decisions {
		for _, r := range d.Items {
			ends[r.First], ends[r.Last] = true, true
		}
		all = all || len(d.Items) == 0
	}
	return ends, all
}

// spans reports whether a candidate is about a run of several nodes, or all of the flow.
func (c *Candidate) spans() bool {
	return slices.ContainsFunc(c.Decisions, func(d plan.Decision) bool {
		return len(d.Items) == 0 || slices.ContainsFunc(d.Items, func(r plan.Region) bool { return r.First != r.Last })
	})
}

// propose asks the patterns about every flow of the trace.
func (s *search) propose(stats map[graph.FlowName]map[graph.NodeID]*profile.Stats) (out []*Candidate) {
	known, families := map[string]bool{}, map[string]bool{}
	for _, name := range sortedNames(s.graphs) {
		for _, p := range s.Patterns {
			by, found, err := s.ask(p, name, stats[name])
			if err != nil {
				s.warn("pattern %s is left out for %s: %v", by, name, err)
				continue
			}
			for _, raw := range found {
				c, err := read(name, by, raw)
				if err != nil {
					s.warn("pattern %s proposes for %s what is no plan: %v", by, name, err)
					continue
				}
				for _, v := range append([]*Candidate{c}, variants(c)...) {
					if !known[v.text] {
						v.head = !families[v.family]
						known[v.text], families[v.family] = true, true
						out = append(out, v)
					}
				}
			}
		}
	}
	return out
}

// times is how often a flow was asked for in the whole trace, for each time in the sample.
func (s *search) times(flow graph.FlowName) float64 {
	sampled := 0
	for _, r := range s.part.Runs {
		if r.Flow == flow {
			sampled++
		}
	}
	if sampled == 0 {
		return float64(s.part.Of) // only other flows call it
	}
	return float64(s.part.Asked[flow]) / float64(sampled)
}

// inWhole is what the whole trace shows of a node, as far as the sample tells. Of contents that has one in so many, and of
// requests as many as those come in.
func (s *search) inWhole(st *profile.Stats, times float64) pattern.Seen {
	out := pattern.Seen{Mean: st.Mean(), Percentiles: st.Percentiles(), About: s.sampled() > 0}
	out.Count, out.Failures = int(math.Round(float64(st.Count)*times)), int(math.Round(float64(st.Failures)*times))
	out.Distinct = min(st.Distinct*s.part.Of, out.Count)
	if st.Distinct == st.Count {
		out.Distinct = out.Count // nothing comes again
	}
	return out
}

// ask asks one pattern about a flow, which it gets for itself. What does not answer in time is abandoned.
func (s *search) ask(p pattern.Pattern, flow graph.FlowName, stats map[graph.NodeID]*profile.Stats) (by string, found []pattern.Candidate, err error) {
	f := &pattern.Flow{Graph: s.graphs[flow].Clone(), Seen: map[graph.NodeID]pattern.Seen{}}
	times := s.times(flow)
	for id, st := range stats {
		f.Seen[id] = s.inWhole(st, times)
	}
	type answer struct {
		by    string
		found []pattern.Candidate
		err   error
	}
	named, done := make(chan string, 1), make(chan answer, 1)
	go func() {
		a := answer{by: fmt.Sprintf("%T", p), err: errors.New("it ended its goroutine")}
		defer func() {
			if v := recover(); v != nil {
				a.err = fmt.Errorf("it panics: %v", v)
			}
			done <- a
		}()
		a.by = clip(p.Name(), 40)
		named <- a.by
		a.found = p.Find(f)
		a.err = nil
	}()
	patience := time.NewTimer(s.Patience)
	defer patience.Stop()
	select {
	case a := <-done:
		return a.by, a.found[:min(len(a.found), pattern.MaxCandidates)], a.err
	case <-patience.C:
	}
	by = fmt.Sprintf("%T", p)
	select {
	case by = <-named:
	default:
	}
	return by, nil, fmt.Errorf("it has not answered within %v", s.Patience)
}

func clip(s string, most int) string {
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}

// read reads what a pattern proposes.
func read(flow graph.FlowName, by string, raw pattern.Candidate) (*Candidate, error) {
	if len(raw.Lines) == 0 || len(raw.Lines) > maxLines {
		return nil, fmt.Errorf("%d lines, where there may be 1 to %d", len(raw.Lines), maxLines)
	}
	ds, err := parse(flow, raw.Lines)
	if err != nil {
		return nil, err
	}
	return newCandidate(flow, by, ds, clip(raw.Why, maxWhy)), nil
}

// parse reads lines of a plan about one flow, each a decision without a mark: those are the author's.
func parse(flow graph.FlowName, lines []string) (ds []plan.Decision, err error) {
	for _, l := range lines {
		if len(l) > plan.MaxLine || strings.ContainsAny(l, "\n\r") {
			return nil, fmt.Errorf("%q is not one line", clip(l, 80))
		}
		f, err := plan.Parse("", []byte(fmt.Sprintf("fluxo 1\n\nflow %s (\n\t%s\n)\n", flow, l)))
		if err != nil {
			return nil, err
		}
		one := f.Decisions(flow)
		if len(one) != 1 || one[0].Mark != plan.None {
			return nil, fmt.Errorf("%q is not one decision without a mark", clip(l, 80))
		}
		one[0].Pos = plan.Pos{}
		if err := plan.Fits(ds, one[0]); err != nil {
			return nil, err
		}
		ds = append(ds, one[0])
	}
	return ds, nil
}

// option is a number in a decision: ahead=16, after=120ms, refresh=80%.
var option = regexp.MustCompile(`(\s\w+=)([0-9]+(?:\.[0-9]+)?)([a-zµ%]*)`)

// variants are the same decisions with other numbers: half and twice of a count, twice of a time, and of parts of a hundred the one between
// it and the whole, since what is too early and too little of a hundred the pattern knows.
func variants(c *Candidate) (out []*Candidate) {
	for i, d := range c.Decisions {
		line := d.String()
		at := option.FindStringSubmatchIndex(line)
		if at == nil {
			continue
		}
		n, err := strconv.ParseFloat(line[at[4]:at[5]], 64)
		if err != nil {
			continue
		}
		others := []float64{n * 2}
		switch line[at[6]:at[7]] {
		case "":
			others = append(others, n/2)
		case "%":
			others = []float64{n + (100-n)/2}
		}
		for _, o := range others {
			text := line[:at[4]] + strconv.FormatFloat(o, 'f', -1, 64) + line[at[5]:]
			changed, err := parse(c.Flow, []string{text})
			if err != nil {
				continue // such a number may not stand there
			}
			ds := append([]plan.Decision(nil), c.Decisions...)
			ds[i] = changed[0]
			out = append(out, newCandidate(c.Flow, c.Pattern, ds, c.Why))
		}
	}
	return out
}

func sortedNames(graphs map[graph.FlowName]*graph.Graph) []graph.FlowName {
	return slices.Sorted(maps.Keys(graphs))
}
