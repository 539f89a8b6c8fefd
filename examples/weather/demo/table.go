package main

// Two results side by side.

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

func printTable(w io.Writer, left, right *result) {
	row := func(name string, value func(*result) string) {
		fmt.Fprintf(w, "  %-26s %12s %12s\n", name, value(left), value(right))
	}
	row("", func(r *result) string { return r.name })
	row("", func(r *result) string { return strings.Repeat("-", len(r.name)) })
	row("mean", func(r *result) string { return milliseconds(mean(r.took)) })
	row("p50", func(r *result) string { return milliseconds(quantile(r.took, 0.50)) })
	row("p95", func(r *result) string { return milliseconds(quantile(r.took, 0.95)) })
	row("p99", func(r *result) string { return milliseconds(quantile(r.took, 0.99)) })
	row("calls to providers", func(r *result) string { return fmt.Sprint(r.calls) })
	row("answered", func(r *result) string { return fmt.Sprint(len(r.took)) })
	row("failed: a provider did", func(r *result) string { return fmt.Sprint(r.failed) })
	row("wrong or too old", func(r *result) string { return fmt.Sprint(r.wrong) })
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

func mean(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	var sum time.Duration
	for _, t := range times {
		sum += t
	}
	return sum / time.Duration(len(times))
}

// quantile returns the smallest time that a share q of all does not exceed.
func quantile(times []time.Duration, q float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
