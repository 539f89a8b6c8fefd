package command

// The tables of top: what went on between two looks at a service.

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/rt"
)

// topLines are the lines of both tables. span says what time they are about.
func topLines(before, now look, span string) []string {
	s := now.statistics
	passed := now.at.Sub(before.at)
	head := fmt.Sprintf("%s, up %s; now %s kept", s.Service, upTime(s.At.Sub(s.Began)), bytesOf(s.Bytes))
	if s.MostEarly > 0 {
		head += fmt.Sprintf(", %d begun early", s.Early)
	}
	head += "; " + span
	if used := s.Processor - before.statistics.Processor; used > 0 && passed > 0 {
		head += fmt.Sprintf(", %.2f processors", used.Seconds()/passed.Seconds())
	}
	lines := []string{head, ""}
	lines = append(lines, flowLines(before, now)...)
	if more := decisionLines(before, now); len(more) > 0 {
		lines = append(append(lines, ""), more...)
	}
	if t := now.state.Trial; t != nil {
		lines = append(lines, "", fmt.Sprintf("a plan is tried by %.0f%% of the requests: %v; the others: %v", 100*t.Share, t.Tried, t.Others))
	}
	return lines
}

// A flowRate is how one flow fared.
type flowRate struct {
	flow    graph.FlowName
	rate    float64 // per second
	runs    profile.RunStatistics
	written bool

	decisions []profile.DecisionStatistics // since the service began
}

// flowRates are those of all flows, the busiest first. What runs as written counts only in windows, so
// that its rate is over those.
func flowRates(before, now look) []flowRate {
	var all []flowRate
	for _, f := range now.statistics.Flows {
		var was profile.FlowStatistics
		for _, b := range before.statistics.Flows {
			if b.Flow == f.Flow {
				was = b
			}
		}
		r := flowRate{f.Flow, 0, f.Runs.Since(was.Runs), !f.Planned, f.Decisions}
		over := now.at.Sub(before.at)
		if !f.Planned {
			r.runs, over = f.Written.Since(was.Written), now.statistics.Windows-before.statistics.Windows
		}
		if over > 0 {
			r.rate = float64(r.runs.Count) / over.Seconds()
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b flowRate) int { return cmp.Compare(b.rate, a.rate) })
	return all
}

func flowLines(before, now look) []string {
	all := flowRates(before, now)
	sum := 0.0
	for _, r := range all {
		sum += r.rate
	}
	rows := [][]string{{"flow", "runs/s", "share", "mean", "p50", "p95", "p99", "failed"}}
	for _, r := range all {
		name := lastPart(string(r.flow))
		if r.written {
			name += " (as written)"
		}
		if r.runs.Count <= 0 {
			rows = append(rows, []string{name, "0"})
			continue
		}
		t := r.runs.Took
		rows = append(rows, []string{
			name, fmt.Sprintf("%.1f", r.rate), fmt.Sprintf("%.0f%%", 100*r.rate/sum),
			round(t.Mean()), round(t.Quantile(.5)), round(t.Quantile(.95)), round(t.Quantile(.99)), percent(r.runs.Failed, r.runs.Count),
		})
	}
	return columns(rows)
}

// decisionLines show how the decisions of the plan fared, those of the busiest flow first, and of one
// flow those that helped most.
func decisionLines(before, now look) []string {
	rows := [][]string{{"decision", "helps", "saved/s", "kept", "gain a run"}}
	for _, r := range flowRates(before, now) {
		var all []profile.DecisionStatistics
		for _, d := range r.decisions {
			all = append(all, d.Since(earlier(before, r.flow, d)))
		}
		slices.SortStableFunc(all, func(a, b profile.DecisionStatistics) int { return cmp.Compare(helped(b), helped(a)) })
		for _, d := range all {
			rows = append(rows, decisionRow(r.flow, d, now.at.Sub(before.at), now.gain(r.flow, d.Line)))
		}
	}
	if len(rows) == 1 {
		return nil
	}
	return columns(rows)
}

// helped counts how often work was saved or had begun before.
func helped(d profile.DecisionStatistics) int64 { return d.Hits + d.Joined + d.Taken }

func decisionRow(flow graph.FlowName, d profile.DecisionStatistics, passed time.Duration, gain string) []string {
	kept, saved := "", ""
	if d.Entries > 0 {
		kept = fmt.Sprintf("%d, %s", d.Entries, bytesOf(d.Bytes))
	}
	if d.Verb != plan.Parallel.String() && d.Verb != plan.Hedge.String() && passed > 0 {
		saved = fmt.Sprintf("%.1f", float64(d.Hits+d.Joined)/passed.Seconds())
	}
	return []string{
		fmt.Sprintf("%s %s %s", lastPart(string(flow)), d.Verb, d.Region),
		percent(helped(d), d.Hits+d.Misses+d.Flights+d.Joined+d.Started), saved, kept, gain,
	}
}

// earlier returns the same decision's counts of an earlier look.
func earlier(l look, flow graph.FlowName, d profile.DecisionStatistics) profile.DecisionStatistics {
	for _, f := range l.statistics.Flows {
		for _, e := range f.Decisions {
			if f.Flow == flow && e.Verb == d.Verb && e.Region == d.Region {
				return e
			}
		}
	}
	return profile.DecisionStatistics{}
}

// gain says what a run of a flow gains by a line of its plan, as it was measured last; before, what is waited for.
func (l look) gain(flow graph.FlowName, line string) string {
	d := stateOf(l.state, flow, line)
	switch {
	case d.Gain != nil:
		return round(d.Gain.Without.Mean - d.Gain.With.Mean)
	case d.Gathering != nil:
		return waitsFor(d.Gathering)
	}
	return ""
}

// waitsFor says how many of the runs there are that a comparison needs: of those with a decision or without it, which
// are fewer.
func waitsFor(g *rt.Gathering) string {
	return fmt.Sprintf("after %d of %d runs", min(g.With, g.Without, g.Of), g.Of)
}

// stateOf returns what a running service says of a line, whatever its mark.
func stateOf(s *rt.State, flow graph.FlowName, line string) rt.DecisionState {
	for _, d := range s.Decisions {
		if d.Flow == string(flow) && (d.Line == line || strings.HasSuffix(d.Line, " "+line)) {
			return d
		}
	}
	return rt.DecisionState{}
}

// columns aligns rows: the first column to the left, the others to the right.
func columns(rows [][]string) []string {
	var widths []int
	for _, r := range rows {
		for i, cell := range r {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		var b strings.Builder
		for j, cell := range r {
			space := strings.Repeat(" ", widths[j]-len([]rune(cell)))
			if j == 0 {
				b.WriteString(cell + space)
			} else {
				b.WriteString("  " + space + cell)
			}
		}
		lines[i] = strings.TrimRight(b.String(), " ")
	}
	return lines
}

func lastPart(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

func percent(n, of int64) string {
	if of <= 0 {
		return ""
	}
	return fmt.Sprintf("%.1f%%", 100*float64(n)/float64(of))
}

// bytesOf prints a size.
func bytesOf(n int64) string {
	switch {
	case n >= 1<<30:
		return fmt.Sprintf("%.1fGiB", float64(n)/(1<<30))
	case n >= 1<<20:
		return fmt.Sprintf("%.1fMiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1fKiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%dB", n)
}

// upTime prints how long a process has run, in two units at most.
func upTime(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		return fmt.Sprintf("%dd%dh", int(d.Hours())/24, int(d.Hours())%24)
	case d >= time.Hour:
		return fmt.Sprintf("%dh%dm", int(d.Hours()), int(d.Minutes())%60)
	case d >= time.Minute:
		return fmt.Sprintf("%dm%ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%ds", int(d.Seconds()))
}
