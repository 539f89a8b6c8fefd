package command

// What explain says of each decision.

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
)

// print explains the decisions that names mean, all if there are none.
func (e *explained) print(w io.Writer, names []string) error {
	if e.answer != nil {
		fmt.Fprintf(w, "%s %s under the whole plan, in replays of %s\n", e.answer.Goal, inGoal(e.answer.Goal, e.answer.Reached), replayedOf(e.answer))
	}
	shown := 0
	for _, fl := range e.service.plan.Flows() {
		head := false
		for _, d := range fl.Decisions {
			if !means(names, fl.Name, d) {
				continue
			}
			if !head {
				fmt.Fprintf(w, "\n%s\n", fl.Name)
				head = true
			}
			e.printDecision(w, fl.Name, d)
			shown++
		}
	}
	if shown == 0 && len(names) > 0 {
		return usageError(fmt.Sprintf("%s has no flow or line %s; a line is written in quotes, as it stands there", e.service.plan.Name, strings.Join(names, ", ")))
	}
	return nil
}

// means reports whether one of names is the flow, or the line with or without its mark.
func means(names []string, flow graph.FlowName, d plan.Decision) bool {
	return isNamed(flow, names) || slices.Contains(names, d.String()) || slices.Contains(names, d.What()) || slices.Contains(names, string(d.ID(flow)))
}

func (e *explained) printDecision(w io.Writer, flow graph.FlowName, d plan.Decision) {
	fmt.Fprintf(w, "  %s\n", d)
	if !d.InForce() {
		fmt.Fprintln(w, "    not in force: the author's word")
		return
	}
	switch {
	case e.answer == nil:
	case !e.asked[flow]:
		fmt.Fprintln(w, "    predicted  nothing: no request of the trace came to this flow")
	default:
		for _, r := range e.answer.Reasons {
			if r.Flow == flow && r.Line == d.String() {
				if r.Pattern != "" {
					fmt.Fprintf(w, "    because    %s: %s\n", r.Pattern, printable(r.Because))
				}
				fmt.Fprintf(w, "    predicted  %s %s without it\n", e.answer.Goal, inGoal(e.answer.Goal, r.Without))
				printNext(w, "    ", e.answer.Goal, r.Next)
			}
		}
	}
	if e.running != nil {
		e.printMeasured(w, flow, d)
	}
	if laws := e.service.held(flow, d); laws != "" {
		fmt.Fprintf(w, "    legal by   %s\n", laws)
	}
}

// printMeasured says what the running service has seen of a decision.
func (e *explained) printMeasured(w io.Writer, flow graph.FlowName, d plan.Decision) {
	for _, f := range e.running.statistics.Flows {
		for _, s := range f.Decisions {
			if f.Flow == flow && s.Line == d.What() {
				fmt.Fprintf(w, "    measured   %s\n", seen(s))
			}
		}
	}
	state := stateOf(e.running.state, flow, d.What())
	if g := state.Gain; g != nil {
		fmt.Fprintf(w, "    measured   mean %s with it, %s without it (%d and %s)\n", round(g.With.Mean), round(g.Without.Mean), g.With.Requests, counted(g.Without.Requests, "request"))
	} else if state.Gathering != nil {
		fmt.Fprintf(w, "    measured   the gain is known %s with it and without it each\n", waitsFor(state.Gathering))
	}
}

// seen says what a decision did since the service began.
func seen(s profile.DecisionStatistics) string {
	switch s.Verb {
	case plan.Store.String(), plan.Answer.String():
		if s.Hits+s.Misses == 0 {
			return "nothing came by yet"
		}
		text := fmt.Sprintf("%d of %d taken from the store (%s)", s.Hits, s.Hits+s.Misses, percent(s.Hits, s.Hits+s.Misses))
		if s.Evicted > 0 {
			text += fmt.Sprintf(", %d dropped for want of memory", s.Evicted)
		}
		return text
	case plan.Coalesce.String():
		if s.Joined+s.Flights == 0 {
			return "nothing came by yet"
		}
		return fmt.Sprintf("%d of %d joined a call under way (%s)", s.Joined, s.Joined+s.Flights, percent(s.Joined, s.Joined+s.Flights))
	case plan.Parallel.String():
		if s.Started == 0 {
			return fmt.Sprintf("%s: none set off early yet", s.Region)
		}
		// Of what was not taken nobody counts how much had begun.
		return fmt.Sprintf("%s: %d set off early; %d of them had begun when the run came to them; the others it did itself, or had no need of", s.Region, s.Started, s.Taken)
	}
	if s.Started == 0 {
		return "no second try yet"
	}
	return fmt.Sprintf("%s, %d of which came first", tries(s.Started), s.Taken)
}

func tries(n int64) string {
	if n == 1 {
		return "1 second try"
	}
	return fmt.Sprintf("%d second tries", n)
}

// held lists the conjuncts that a decision was held against.
func (s *service) held(flow graph.FlowName, d plan.Decision) string {
	d.Mark = plan.None
	for _, f := range s.flows {
		if f.Graph.Flow != flow {
			continue
		}
		v, _, _ := judge(f.Graph, []plan.Decision{d}, s.facts())
		var ids []graph.ConjunctID
		for _, one := range v.Verdicts {
			ids = append(ids, one.Holds...)
		}
		return ranges(ids)
	}
	return ""
}

// ranges prints conjuncts, those of a law that follow each other as one: "store.1-10 share.2".
func ranges(ids []graph.ConjunctID) string {
	var out []string
	for i := 0; i < len(ids); {
		law, first, _ := strings.Cut(string(ids[i]), ".")
		n, err := strconv.Atoi(first)
		last := n
		for i++; err == nil && i < len(ids) && string(ids[i]) == fmt.Sprintf("%s.%d", law, last+1); i++ {
			last++
		}
		text := law + "." + first
		if last > n {
			text += fmt.Sprintf("-%d", last)
		}
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return strings.Join(out, " ")
}
