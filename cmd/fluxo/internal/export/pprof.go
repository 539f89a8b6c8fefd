package export

// Profiles for go tool pprof: time that goes by in nodes of flows, by the lines where they stand.

import (
	"fmt"
	"io"

	"github.com/google/pprof/profile"

	"fluxo.dev/fluxo/graph"
	noted "fluxo.dev/fluxo/internal/profile"
)

// Pprof writes p in the format of pprof. A sample is a node below its flow, with its visits and their time. Loops, and calls
// of flows that are in p by themselves, have no time of their own.
func Pprof(w io.Writer, p *noted.Profile) error {
	out := &profile.Profile{
		SampleType:        []*profile.ValueType{{Type: "visits", Unit: "count"}, {Type: "time", Unit: "nanoseconds"}},
		DefaultSampleType: "time",
		TimeNanos:         p.Began.UnixNano(),
		DurationNanos:     int64(p.Observed),
		Comments:          []string{"service " + p.Service},
	}
	b := &pprofBuilder{out, map[string]*profile.Location{}}
	flows := map[string]bool{}
	for _, f := range p.Flows {
		flows[string(f.Flow)] = true
	}
	for _, f := range p.Flows {
		g, err := graph.Parse(f.Graph)
		if err != nil {
			return fmt.Errorf("the graph of %s: %w", f.Flow, err)
		}
		visited := map[graph.NodeID]*noted.NodeProfile{}
		for _, n := range f.Nodes {
			visited[n.Node] = n
		}
		first := graph.Pos{}
		for at := range g.Places() {
			if first.File == "" {
				first = at.Node.Pos
			}
			n := visited[at.Node.ID]
			if n == nil || at.Node.Kind.IsLoop() || at.Node.Kind == graph.Call && flows[at.Node.Callee] {
				continue
			}
			name := string(f.Flow) + " " + string(at.Node.ID)
			out.Sample = append(out.Sample, &profile.Sample{
				Location: []*profile.Location{b.location(name, at.Node.Pos), b.location(string(f.Flow), first)},
				Value:    []int64{n.Count, int64(n.Took.Sum)},
			})
		}
	}
	if err := out.CheckValid(); err != nil {
		return fmt.Errorf("bug: the profile is none for pprof: %w", err)
	}
	return out.Write(w)
}

type pprofBuilder struct {
	*profile.Profile
	known map[string]*profile.Location
}

func (b *pprofBuilder) location(name string, pos graph.Pos) *profile.Location {
	if l := b.known[name]; l != nil {
		return l
	}
	id := uint64(len(b.known) + 1)
	f := &profile.Function{ID: id, Name: name, SystemName: name, Filename: pos.File, StartLine: int64(pos.Line)}
	l := &profile.Location{ID: id, Line: []profile.Line{{Function: f, Line: int64(pos.Line)}}}
	b.Function, b.Location, b.known[name] = append(b.Function, f), append(b.Location, l), l
	return l
}
