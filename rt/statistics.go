package rt

// What the process counts of itself: package engine's tallies, under the lines of the plan.

import (
	"runtime/debug"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
)

// Service returns the import path of the main package; that of the package which it serves where
// the main package was supplied.
func Service() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "service"
	}
	service, _, _ := strings.Cut(info.Path, "/fluxomain/")
	return service
}

// Statistics returns what was counted so far of all flows that ran under a plan or were observed, and of the decisions in force.
func Statistics() *profile.Statistics {
	present.mu.Lock()
	file, planned := present.file, present.planned
	present.mu.Unlock()
	e := engine.Current()
	s := &profile.Statistics{
		Service: Service(), Began: clock.Began(), At: clock.Now(), Flows: e.Statistics(), Queues: e.Queues(),
		Processor: processorTime(), Windows: observed.time(),
	}
	s.Early, s.MostEarly = e.Early()
	for i := range s.Flows {
		f := &s.Flows[i]
		of := f.Flow
		if fl := engine.Lookup(f.Flow); fl != nil {
			of = fl.Of
		}
		f.Planned = planned[of] != nil
		decisions := f.Decisions[:0]
		for _, d := range f.Decisions {
			s.Bytes += d.Bytes
			d.Line = lineOf(file, of, d)
			if d.Line != "" { // otherwise another plan had it, or the author wrote it
				decisions = append(decisions, d)
			}
		}
		f.Decisions = decisions
	}
	return s
}

// lineOf returns the line in force that a decision's counts are about; "" if there is none.
func lineOf(file *plan.File, flow graph.FlowName, s profile.DecisionStatistics) string {
	for _, d := range file.Decisions(flow) {
		about := slices.ContainsFunc(d.Items, func(r plan.Region) bool { return r.String() == s.Region }) || len(d.Items) == 0 && s.Region == ""
		if d.InForce() && d.Verb.String() == s.Verb && about {
			return d.What()
		}
	}
	return ""
}
