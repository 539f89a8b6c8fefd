package command

// How quantities are printed.

import (
	"fmt"
	"strconv"
	"time"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/pattern/planner"
)

// seconds prints a number of seconds to three digits.
func seconds(s float64) string {
	return round(time.Duration(s * float64(time.Second)))
}

// round prints a time to three digits.
func round(d time.Duration) string {
	if d < 0 {
		return "-" + round(-d)
	}
	for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond} {
		if d >= unit {
			return d.Round(unit / 100).String()
		}
	}
	return d.String()
}

// inGoal prints a value of what a plan makes small.
func inGoal(goal plan.Measure, v float64) string {
	switch {
	case v >= planner.Overload:
		return "more than can be done"
	case goal == plan.Calls:
		if n := strconv.FormatFloat(v, 'g', 3, 64); n != "1" {
			return n + " calls"
		}
		return "1 call"
	case goal == plan.Memory:
		return bytesOf(int64(v))
	}
	return seconds(v)
}

// counted prints how many there are of what.
func counted[N int | int64](n N, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// requestsAnd prints how many requests there are, and how many scheduled runs beside them.
func requestsAnd(requests, scheduled int) string {
	switch {
	case scheduled == 0:
		return counted(requests, "request")
	case requests == 0:
		return counted(scheduled, "scheduled run")
	}
	return counted(requests, "request") + " and " + counted(scheduled, "scheduled run")
}

// count prints a number of things to three digits or so.
func count(v float64) string {
	switch {
	case v >= 1e6:
		return strconv.FormatFloat(v/1e6, 'g', 3, 64) + "M"
	case v >= 1e4:
		return strconv.FormatFloat(v/1e3, 'g', 3, 64) + "k"
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}
