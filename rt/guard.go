package rt

// The guard: holds how requests fare under a plan that is tried against how they fare, at the
// same time, under the one before. What differs is believed only where chance would hardly ever bring it about.

import (
	"fmt"
	"math"
	"time"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
)

const (
	// minRequests is how many requests of each arm must be answered before their times say anything.
	minRequests = 100

	// maxChance is how probable it may be that arms which are alike differ as much as seen. A trial is
	// looked at a few dozen times, so that one of some hundred good plans is turned away.
	maxChance = 1e-4

	// maxScore is the same for means, in standard errors.
	maxScore = 4

	// farWorse is how many times the mean of before counts even while stores are still being filled.
	farWorse = 3
)

// A Sample is how the requests of one arm fared.
type Sample struct {
	Requests int64
	Failed   int64 // panicked, or returned an error that is no answer: not those of kinds such as NotFound
	Took     profile.Sketch
}

func (s Sample) since(before Sample) Sample {
	return Sample{s.Requests - before.Requests, s.Failed - before.Failed, s.Took.Since(before.Took)}
}

// round leaves three digits.
func round(d time.Duration) time.Duration {
	for unit := time.Hour; unit > 1; unit /= 10 {
		if d >= unit {
			return d.Round(unit / 100)
		}
	}
	return d
}

func (s Sample) answered() int64 { return s.Requests - s.Failed }

// mostFail reports whether times of the sample are mostly those of failures.
func (s Sample) mostFail() bool { return s.Failed > s.answered() }

// nothingTold says why times of the arms cannot be held against each other; "" if they can.
func nothingTold(before, tried Sample) string {
	switch {
	case min(before.Requests, tried.Requests) < minRequests:
		return fmt.Sprintf("of %d and %d requests nothing can be told: try it on more of them, or for longer", before.Requests, tried.Requests)
	case before.mostFail() || tried.mostFail() || min(before.answered(), tried.answered()) < minRequests:
		return fmt.Sprintf("%d of %d requests failed, and %d of %d of the others, so that nothing can be told of their times: try it again when what they call works",
			tried.Failed, tried.Requests, before.Failed, before.Requests)
	}
	return ""
}

// failsMore says that more of the requests under the plan tried fail; "" if that may be chance.
// Were the arms alike, each failure would be of the tried one as often as a request is.
func failsMore(before, tried Sample) string {
	all := before.Requests + tried.Requests
	if tried.Failed == 0 || atLeast(tried.Failed, before.Failed+tried.Failed, tried.Requests, all) > maxChance {
		return ""
	}
	return fmt.Sprintf("%d of %d requests failed, and %d of %d of the others", tried.Failed, tried.Requests, before.Failed, before.Requests)
}

// worse says that what the plan is to make small is larger, more than times as large as with the others; "" if that may be
// chance. Of a goal that is no time, only requests that take far longer count. Ask nothingTold before.
func worse(goal plan.Measure, before, tried Sample, times float64) string {
	switch goal {
	case plan.P50:
		return tailIsLonger("p50", .5, before, tried, times)
	case plan.P95:
		return tailIsLonger("p95", .95, before, tried, times)
	case plan.P99:
		return tailIsLonger("p99", .99, before, tried, times)
	case plan.Mean:
		return takesLonger(before, tried, times)
	}
	return takesLonger(before, tried, max(times, farWorse))
}

// tailIsLonger says that a quantile is larger under the plan tried. Were the arms alike, each request above the
// quantile would be of the tried one as often as a request is.
func tailIsLonger(name string, q float64, before, tried Sample, times float64) string {
	at := before.Took.Quantile(q)
	slow, slowBefore := tried.Took.Above(time.Duration(times*float64(at))), before.Took.Above(at)
	if atLeast(slow, slow+slowBefore, tried.Requests, tried.Requests+before.Requests) > maxChance {
		return ""
	}
	return fmt.Sprintf("the %s of requests was %v, and that of the others %v", name, round(tried.Took.Quantile(q)), round(at))
}

// takesLonger says that requests under the plan tried take longer on average, more than times as long as the others;
// "" if that may be chance. It is Welch's test of two means whose variances differ.
func takesLonger(before, tried Sample, times float64) string {
	more := tried.Took.Mean().Seconds() - times*before.Took.Mean().Seconds()
	score := more / math.Sqrt(times*times*before.Took.Variance()/float64(before.Requests)+tried.Took.Variance()/float64(tried.Requests))
	if !(score > maxScore) {
		return ""
	}
	return fmt.Sprintf("requests took %v on average, and the others %v", round(tried.Took.Mean()), round(before.Took.Mean()))
}

// atLeast returns the probability that x or more of some requests are among n drawn from all by chance (R. A. Fisher's
// exact test: the distribution is the hypergeometric one).
func atLeast(x, some, n, all int64) float64 {
	choose := func(n, k int64) float64 { // its logarithm
		a, _ := math.Lgamma(float64(n) + 1)
		b, _ := math.Lgamma(float64(k) + 1)
		c, _ := math.Lgamma(float64(n-k) + 1)
		return a - b - c
	}
	sum, mean := 0.0, float64(some)*float64(n)/float64(all)
	for k := max(x, some+n-all, 0); k <= min(some, n); k++ {
		term := math.Exp(choose(some, k) + choose(all-some, n-k) - choose(all, n))
		sum += term
		if float64(k) > mean && term < sum*1e-12 {
			break // the others are smaller still
		}
	}
	return min(sum, 1)
}
