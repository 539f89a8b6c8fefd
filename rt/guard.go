package rt

// The guard: holds how requests fare under a plan that is tried against how they fare, at the
// same time, under the one before. What differs is believed only where chance would hardly ever bring it about.

import (
	"fmt"
	"math"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

const (
	// minRequests is how many requests of each arm there must be before their times say anything.
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

// failsMore says that more of the requests under the plan tried fail; "" if that may be chance.
// Were the arms alike, each failure would be of the tried one as often as a request is.
func failsMore(before, tried Sample) string {
	all := before.Requests + tried.Requests
	if tried.Failed == 0 || all == 0 || atLeast(tried.Failed, before.Failed+tried.Failed, float64(tried.Requests)/float64(all)) > maxChance {
		return ""
	}
	return fmt.Sprintf("%d of %d requests failed, and %d of %d of the others", tried.Failed, tried.Requests, before.Failed, before.Requests)
}

// takesLonger says that requests under the plan tried take longer on average, more than times as long as the others;
// "" if that may be chance. It is Welch's test of two means whose variances differ.
func takesLonger(before, tried Sample, times float64) string {
	if before.Requests < minRequests || tried.Requests < minRequests {
		return ""
	}
	more := tried.Took.Mean().Seconds() - times*before.Took.Mean().Seconds()
	score := more / math.Sqrt(times*times*before.Took.Variance()/float64(before.Requests)+tried.Took.Variance()/float64(tried.Requests))
	if !(score > maxScore) {
		return ""
	}
	return fmt.Sprintf("requests took %v on average, and the others %v", round(tried.Took.Mean()), round(before.Took.Mean()))
}

// atLeast returns the probability of x or more successes in n independent trials that succeed with probability p each.
func atLeast(x, n int64, p float64) float64 {
	if x <= 0 || p >= 1 {
		return 1
	}
	logOf := func(n int64) float64 {
		v, _ := math.Lgamma(float64(n) + 1)
		return v
	}
	sum := 0.0
	for k := x; k <= n; k++ {
		term := math.Exp(logOf(n) - logOf(k) - logOf(n-k) + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
		sum += term
		if float64(k) > p*float64(n) && term < sum*1e-12 {
			break // the others are smaller still
		}
	}
	return min(sum, 1)
}
