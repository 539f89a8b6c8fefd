package main

// What was predicted and what was measured, side by side.

import (
	"fmt"
	"io"
	"slices"
	"time"

	"fluxo.dev/fluxo/pattern/planner"
)

// printTable prints the naive service, what was predicted of the planned one from so many earlier requests, with answers at
// hand so many a second, and the planned one.
func printTable(w io.Writer, naive *result, predicted *planner.Prediction, requests int, atHand float64, planned *result) {
	row := func(name, left, middle, right, over string) {
		fmt.Fprintf(w, "  %-22s %12s %12s %12s %10s\n", name, left, middle, right, over)
	}
	times := func(name string, of func([]time.Duration) time.Duration, p float64) {
		row(name, milliseconds(of(naive.took)), milliseconds(seconds(p)), milliseconds(of(planned.took)), ratio(of(planned.took), of(naive.took)))
	}
	row("", "as written", "predicted", "planned", "change")
	row("", "----------", "---------", "-------", "------")
	times("mean", mean, predicted.Mean)
	times("p50", quantile(0.50), predicted.P50)
	times("p95", quantile(0.95), predicted.P95)
	times("p99", quantile(0.99), predicted.P99)
	row("calls to providers", perRequest(naive.calls, naive), fmt.Sprintf("%.2f", float64(predicted.AllCalls())/float64(requests)), perRequest(planned.calls, planned),
		ratio(float64(planned.calls)/float64(planned.sent()), float64(naive.calls)/float64(naive.sent())))
	row("requests a second", fmt.Sprintf("%.0f", naive.throughput), fmt.Sprintf("%.0f", atHand), fmt.Sprintf("%.0f", planned.throughput), ratio(planned.throughput, naive.throughput))
	if naive.used.Processor > 0 && planned.used.Processor > 0 {
		a, b := naive.used.Processor/time.Duration(naive.sent()), planned.used.Processor/time.Duration(planned.sent())
		row("processor, a request", milliseconds(a), milliseconds(seconds(predicted.CPU)), milliseconds(b), ratio(b, a))
		row("memory at most", mebibytes(naive.used.Memory), mebibytes(naive.used.Memory+predicted.Memory), mebibytes(planned.used.Memory), ratio(planned.used.Memory, naive.used.Memory))
	}
	row("answered", fmt.Sprint(len(naive.took)), "", fmt.Sprint(len(planned.took)), "")
	row("failed: a provider did", fmt.Sprint(naive.failed), "", fmt.Sprint(planned.failed), "")
	row("wrong or too old", fmt.Sprint(naive.wrong), "", fmt.Sprint(planned.wrong), "")
}

func (r *result) sent() int { return max(1, len(r.took)+r.failed) }

func perRequest(n int, r *result) string { return fmt.Sprintf("%.2f", float64(n)/float64(r.sent())) }

func ratio[T ~int64 | ~float64](a, b T) string {
	if b == 0 {
		return ""
	}
	return fmt.Sprintf("× %.2g", float64(a)/float64(b))
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	switch {
	case ms >= 100:
		return fmt.Sprintf("%.0f ms", ms)
	case ms >= 10:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.2f ms", ms)
}

func mebibytes(n int64) string { return fmt.Sprintf("%d MiB", n>>20) }

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

// quantile returns what finds the smallest time that a share q of all does not exceed.
func quantile(q float64) func([]time.Duration) time.Duration {
	return func(times []time.Duration) time.Duration {
		if len(times) == 0 {
			return 0
		}
		sorted := slices.Sorted(slices.Values(times))
		return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
	}
}
