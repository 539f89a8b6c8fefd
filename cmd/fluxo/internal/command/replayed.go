package command

// What replay shows: what was measured, and beside it what the simulator says.

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"fluxo.dev/fluxo/cmd/fluxo/internal/replay"
	"fluxo.dev/fluxo/internal/recorded"
	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/pattern/planner"
)

// outcomes are what came of one replay; nil where nobody asked.
type outcomes struct {
	measured  *replay.Outcome
	simulated *sim.Outcome
}

// simulate replays the trace beside the requests, in the same window and at the same pace.
func (r *replaying) simulate(ctx context.Context, args *arguments, head recorded.Head) (*sim.Outcome, error) {
	t, err := readTraced(ctx, r.console, args)
	if err != nil {
		return nil, err
	}
	shift := time.Duration(0) // of the first request, by the trace's clock
	if head.Service != "" {
		shift = head.Began.Sub(t.record.Head().Began)
	}
	record, o := t.record, sim.Options{Rate: r.options.Speed, From: r.options.From + shift}
	if r.options.For > 0 {
		record = record.Until(o.From + r.options.For)
	}
	read, err := record.Replays()
	if err != nil {
		return nil, err
	}
	if t.plan != nil {
		o = t.under(o)
		fmt.Fprintf(r.err, "simulated under %s\n", t.program.env.short(t.service.file))
	} else {
		o = t.written(o)
		fmt.Fprintln(r.err, "simulated as written")
	}
	return sim.Run(read, o)
}

// print prints the outcomes side by side, and what else is to be said of the measured one.
func (o outcomes) print(w io.Writer) {
	var all []replay.Summary
	head := []string{""}
	if o.measured != nil {
		head, all = append(head, "measured"), append(all, o.measured.Summarize())
	}
	if o.simulated != nil {
		head, all = append(head, "simulated"), append(all, summaryOf(o.simulated))
	}
	rows := [][]string{head}
	row := func(name string, cell func(replay.Summary) string) {
		cells := []string{name}
		for _, s := range all {
			cells = append(cells, cell(s))
		}
		rows = append(rows, cells)
	}
	row("requests", func(s replay.Summary) string { return fmt.Sprint(s.Requests) })
	row("mean", func(s replay.Summary) string { return round(s.Mean) })
	row("p50", func(s replay.Summary) string { return round(s.P50) })
	row("p95", func(s replay.Summary) string { return round(s.P95) })
	row("p99", func(s replay.Summary) string { return round(s.P99) })
	row("most", func(s replay.Summary) string { return round(s.Most) })
	row("failed", func(s replay.Summary) string { return fmt.Sprint(s.Failed()) })
	for _, line := range columns(rows) {
		fmt.Fprintln(w, line)
	}
	if o.simulated != nil {
		printScheduled(w, planner.Predict(o.simulated))
	}
	if o.measured != nil {
		printAnswers(w, o.measured, all[0])
	}
}

// printAnswers says what the service answered, and what is to be known of the times.
func printAnswers(w io.Writer, o *replay.Outcome, s replay.Summary) {
	fmt.Fprintln(w)
	if o.Warmed > 0 {
		fmt.Fprintf(w, "%s to warm it, before\n", counted(o.Warmed, "request"))
	}
	if o.Due > 0 {
		fmt.Fprintf(w, "%.1f requests a second\n", float64(s.Requests)/o.Due.Seconds())
	}
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(s.Status)) {
		parts = append(parts, fmt.Sprintf("%s %d", counted(s.Status[status], "time"), status))
	}
	if len(parts) > 0 {
		fmt.Fprintf(w, "answered %s\n", strings.Join(parts, ", "))
	}
	if s.Lost > 0 {
		fmt.Fprintf(w, "no answer to %s, which the times leave out: %s\n", counted(s.Lost, "request"), printable(strings.Join(o.Errors(3), "; ")))
	}
	if o.Differ > 0 {
		fmt.Fprintf(w, "%s with another status than the recorded one\n", counted(o.Differ, "answer"))
		for _, e := range o.Examples {
			fmt.Fprintf(w, "  %s\n", printable(e))
		}
	}
	if s.Late > 0 {
		fmt.Fprintf(w, "%s sent late, by up to %s, which is part of the times: as many were under way as may be (-inflight), or this machine is too busy\n", counted(s.Late, "request"), round(s.Latest))
	}
}

// summaryOf sums a simulated replay up.
func summaryOf(o *sim.Outcome) replay.Summary {
	out := replay.Outcome{}
	for _, r := range o.Awaited() {
		a := replay.Answer{At: r.At, Took: r.Took, Status: 200}
		if r.Failed {
			a.Status = 500
		}
		out.Answers = append(out.Answers, a)
	}
	return out.Summarize()
}
