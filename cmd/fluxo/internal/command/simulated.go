package command

// What simulate shows: a table, or curves.

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"fluxo.dev/fluxo/cmd/fluxo/internal/chart"
	"fluxo.dev/fluxo/pattern/planner"
)

// printReplay prints one combination.
func printReplay(w io.Writer, row *simulated) error {
	var names, over []string
	var all []*planner.Prediction
	var err error // alike for both: there is one overload
	add := func(name string, r *replayed) {
		switch {
		case r == nil:
		case r.err != nil:
			over, err = append(over, name), r.err
		default:
			names, all = append(names, name), append(all, r.Prediction)
		}
	}
	add("as written", &row.written)
	add("planned", row.planned)
	if len(all) > 0 {
		printPredictions(w, names, all)
	}
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w; suppose fewer requests with -rate 0.5, or more processors with -cores", strings.Join(over, " and "), err)
}

// print prints a table with a line for each combination as written, and one as planned.
func (all suppositionSet) print(out io.Writer, rows []*simulated) error {
	for _, r := range rows {
		if r.written.err == nil { // all have the same requests
			printScheduled(out, r.written.Prediction)
			break
		}
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, s := range all {
		fmt.Fprintf(w, "%s\t", s.name())
	}
	fmt.Fprint(w, "plan\tmean\tp50\tp95\tp99\tprocessor\tcalls\tfailed\t\n")
	line := func(values []string, plan string, r replayed) {
		fmt.Fprintf(w, "%s\t%s\t", strings.Join(values, "\t"), plan)
		if r.err != nil {
			fmt.Fprint(w, "overload\t\t\t\t\t\t\t\n")
			return
		}
		p := r.Prediction
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t\n", seconds(p.Mean), seconds(p.P50), seconds(p.P95), seconds(p.P99), seconds(p.CPU), p.AllCalls(), p.Failed)
	}
	for _, r := range rows {
		line(r.values, "as written", r.written)
		if r.planned != nil {
			line(make([]string, len(r.values)), "planned", *r.planned)
		}
	}
	return w.Flush()
}

// figure draws curves over the values of the one flag that has several.
func (all suppositionSet) figure(service string, rows []*simulated) chart.Figure {
	at := 0
	for i, s := range all {
		if len(s.values) > 1 {
			at = i
		}
	}
	var ticks []chart.Tick
	for _, r := range rows {
		ticks = append(ticks, chart.Tick{Label: r.values[at], Value: all[at].number(r.values[at])})
	}
	f := chart.Figure{Title: fmt.Sprintf("%s, over %s", service, all[at].name())}
	times := chart.Panel{Title: "time of a request", X: ticks, Format: seconds}
	calls := chart.Panel{Title: "calls of steps that wait", X: ticks, Format: count}
	failed := chart.Panel{Title: "requests that fail", X: ticks, Format: count}
	add := func(to *chart.Panel, l chart.Line, of func(*planner.Prediction) float64) {
		s := chart.Series{Line: l}
		for _, r := range rows {
			one := &r.written
			if l.Colour == 1 {
				one = r.planned
			}
			y := math.NaN()
			if one.err == nil {
				y = of(one.Prediction)
			}
			s.Y = append(s.Y, y)
		}
		to.Series = append(to.Series, s)
	}
	for i, plan := range []string{"as written", "planned"}[:1+min(1, planned(rows))] {
		mean, p99 := chart.Line{Name: plan + ", mean", Colour: i}, chart.Line{Name: plan + ", p99", Colour: i, Dashed: true}
		f.Legend = append(f.Legend, mean, p99)
		add(&times, mean, func(p *planner.Prediction) float64 { return p.Mean })
		add(&times, p99, func(p *planner.Prediction) float64 { return p.P99 })
		add(&calls, mean, func(p *planner.Prediction) float64 { return float64(p.AllCalls()) })
		add(&failed, mean, func(p *planner.Prediction) float64 { return float64(p.Failed) })
	}
	f.Panels = []chart.Panel{times, calls, failed}
	return f
}

// planned counts the rows with a plan.
func planned(rows []*simulated) (n int) {
	for _, r := range rows {
		if r.planned != nil {
			n++
		}
	}
	return n
}
