package command

// What a proposal says to people: the lines that come and go, and why; what it comes to as a whole.

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/pattern/planner"
)

// print shows the plan file with the lines that come and go, and the evidence for those that
// come; then the predictions side by side.
func (p *proposal) print(w io.Writer) {
	if p.changes() || p.old == nil || p.same() {
		fmt.Fprintln(w, p.short)
		for _, flow := range p.flows() {
			p.printFlow(w, flow)
		}
		if p.answer.Sampled > 0 && len(p.answer.Decisions) > 0 {
			fmt.Fprintf(w, "what a line gains is that of %s; the table is of all\n", replayedOf(p.answer))
		}
	}
	printRefused(w, p.answer.Refused)
	for _, warning := range p.answer.Warnings {
		fmt.Fprintf(w, "warning: %s\n", printable(warning))
	}
	fmt.Fprintln(w)
	names, all := []string{"as written"}, []*planner.Prediction{p.answer.Written}
	if p.answer.Present != nil {
		names, all = append(names, "present plan"), append(all, p.answer.Present)
	}
	printPredictions(w, append(names, "proposed"), append(all, p.answer.Proposed))
}

// flows lists those of the present plan and those that come, in their order.
func (p *proposal) flows() (names []graph.FlowName) {
	for _, f := range []*plan.File{p.old, p.new} {
		if f == nil {
			continue
		}
		for _, fl := range f.Flows() {
			if !slices.Contains(names, fl.Name) {
				names = append(names, fl.Name)
			}
		}
	}
	return names
}

func (p *proposal) printFlow(w io.Writer, flow graph.FlowName) {
	fmt.Fprintf(w, "  flow %s\n", flow)
	var old []plan.Decision
	if p.old != nil {
		old = p.old.Decisions(flow)
	}
	now := p.new.Decisions(flow)
	in := func(ds []plan.Decision, d plan.Decision) bool {
		return slices.ContainsFunc(ds, func(e plan.Decision) bool { return e.String() == d.String() })
	}
	for _, d := range old {
		if !in(now, d) {
			fmt.Fprintf(w, "-     %s\n", d)
		}
	}
	for _, d := range now {
		sign := " "
		if !in(old, d) {
			sign = "+"
		}
		fmt.Fprintf(w, "%s     %s\n", sign, d)
		p.printEvidence(w, flow, d)
	}
}

// printEvidence says why a line is proposed.
func (p *proposal) printEvidence(w io.Writer, flow graph.FlowName, d plan.Decision) {
	for _, e := range p.answer.Decisions {
		if e.Flow != flow || !slices.Contains(e.Lines, d.String()) {
			continue
		}
		goal := p.answer.Goal
		fmt.Fprintf(w, "          %s: %s\n          %s %s without it, %s with it%s\n", e.Pattern, printable(e.Why), goal, inGoal(goal, e.Before), inGoal(goal, e.After), sparing(e))
		printNext(w, "          ", goal, e.Next)
	}
}

// sparing says how many nodes a decision spares, if it is many.
func sparing(e planner.Decision) string {
	if e.NodesAfter >= 0.97*e.NodesBefore {
		return ""
	}
	return fmt.Sprintf("; %.1f instead of %.1f nodes run for a request", e.NodesAfter, e.NodesBefore)
}

// printNext says what came nearest to a decision.
func printNext(w io.Writer, indent string, goal plan.Measure, next *planner.Alternative) {
	switch {
	case next == nil:
	case next.Why != "":
		fmt.Fprintf(w, "%snext: %s, but it %s\n", indent, printable(strings.Join(next.Lines, " and ")), needs(next.Why))
	default:
		fmt.Fprintf(w, "%snext: %s, with which it is %s\n", indent, printable(strings.Join(next.Lines, " and ")), inGoal(goal, next.Goal))
	}
}

// maxRefused is how many reasons are printed, and how many proposals of each.
const maxRefused = 5

// printRefused lists what was proposed and is not legal, by what stands in the way. fluxo check says more
// of a line that is written into the plan.
func printRefused(w io.Writer, refused []planner.Refusal) {
	var reasons []string
	lines := map[string][]string{}
	for _, no := range refused {
		why := needs(no.Reason)
		if lines[why] == nil {
			reasons = append(reasons, why)
		}
		lines[why] = append(lines[why], strings.Join(no.Lines, " and "))
	}
	if len(reasons) > 0 {
		fmt.Fprintln(w, "proposed, and not legal")
	}
	for i, why := range reasons {
		if i == maxRefused {
			fmt.Fprintf(w, "  and for %d more reasons\n", len(reasons)-i)
			return
		}
		all := lines[why]
		more := ""
		if n := len(all) - maxRefused; n > 0 {
			all, more = all[:maxRefused], fmt.Sprintf("; and %d more", n)
		}
		fmt.Fprintf(w, "  %s\n      %s%s\n", why, strings.Join(all, "; "), more)
	}
}

// needs returns the line of a verdict that names the condition which is not met.
func needs(reason string) string {
	first := ""
	for line := range strings.Lines(reason) {
		line = printable(line)
		if strings.HasPrefix(line, "needs ") {
			return line
		}
		if first == "" {
			first = line
		}
	}
	return first
}

// replayedOf says which requests plans were compared on.
func replayedOf(a *planner.Answer) string {
	all := requestsAnd(a.Requests, a.Scheduled)
	if a.Sampled == 0 {
		return all
	}
	return fmt.Sprintf("a sample of %d of %s", a.Sampled, all)
}

// printScheduled says whose times a prediction has, if it is not of requests alone.
func printScheduled(w io.Writer, p *planner.Prediction) {
	switch {
	case p.Scheduled == 0:
	case p.Requests == 0:
		fmt.Fprintf(w, "%s and no request: times are those of the runs\n", requestsAnd(p.Requests, p.Scheduled))
	default:
		fmt.Fprintf(w, "%s, for which nobody waits: times are those of requests\n", requestsAnd(p.Requests, p.Scheduled))
	}
}

// printPredictions prints replays side by side.
func printPredictions(w io.Writer, names []string, all []*planner.Prediction) {
	printScheduled(w, all[0])
	row := func(name string, cell func(*planner.Prediction) string) {
		fmt.Fprintf(w, "%-10s", name)
		for _, p := range all {
			fmt.Fprintf(w, " %14s", cell(p))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%-10s", "")
	for _, n := range names {
		fmt.Fprintf(w, " %14s", n)
	}
	fmt.Fprintln(w)
	row("mean", func(p *planner.Prediction) string { return seconds(p.Mean) })
	row("p50", func(p *planner.Prediction) string { return seconds(p.P50) })
	row("p95", func(p *planner.Prediction) string { return seconds(p.P95) })
	row("p99", func(p *planner.Prediction) string { return seconds(p.P99) })
	row("processor", func(p *planner.Prediction) string { return seconds(p.CPU) })
	row("memory", func(p *planner.Prediction) string { return bytesOf(p.Memory) })
	row("failed", func(p *planner.Prediction) string { return strconv.Itoa(p.Failed) })
	row("calls", func(p *planner.Prediction) string { return strconv.Itoa(p.AllCalls()) })
	var steps []string
	for _, p := range all {
		for name := range p.Calls {
			if !slices.Contains(steps, name) {
				steps = append(steps, name)
			}
		}
	}
	slices.Sort(steps)
	for _, name := range steps {
		row("  "+name[strings.LastIndexByte(name, '.')+1:], func(p *planner.Prediction) string { return strconv.Itoa(p.Calls[name]) })
	}
}
