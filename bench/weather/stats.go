package weather

// What is made of the answers.

import (
	"math"
	"math/rand/v2"
	"slices"
)

// seconds are times of answered requests, in seconds, in the order of the requests; those that failed
// have none, so that pairs of arms can be told apart from sets of times.
type seconds []float64

// pooled has all slices of an arm, one after the other; NaN for requests that failed.
func (r *result) pooled() seconds {
	var out seconds
	for _, s := range r.answers {
		for _, a := range s {
			if a.failed {
				out = append(out, math.NaN())
			} else {
				out = append(out, a.took.Seconds())
			}
		}
	}
	return out
}

// failed counts the requests that failed.
func (s seconds) failed() (n int) {
	for _, v := range s {
		if math.IsNaN(v) {
			n++
		}
	}
	return n
}

func (s seconds) answered() seconds {
	return slices.DeleteFunc(slices.Clone(s), func(v float64) bool { return math.IsNaN(v) })
}

func (s seconds) mean() float64 {
	sum, n := 0.0, 0
	for _, v := range s {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}

// quantile is the smallest time within which a share of q was answered.
func (s seconds) quantile(q float64) float64 {
	sorted := s.answered()
	if len(sorted) == 0 {
		return math.NaN()
	}
	slices.Sort(sorted)
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func (s seconds) p50() float64 { return s.quantile(0.5) }
func (s seconds) p99() float64 { return s.quantile(0.99) }

// saved is the share of calls that a plan saves, by the calls in each slice.
func saved(planned, written []int) float64 { return 1 - float64(sum(planned))/float64(sum(written)) }

func sum(all []int) (n int) {
	for _, v := range all {
		n += v
	}
	return n
}

// draws are how often chance is asked how far two runs of the same are apart, and confidence is the share of them
// that an interval has.
const (
	draws      = 1000
	confidence = 95 // per cent
)

// savedApart is how far two runs of one plan are apart in what they save, by chance alone: the half-width of the 95 %
// interval. Slices are drawn again, the same of all three.
func savedApart(a, b, written []int, seed uint64) float64 {
	rng := rand.New(rand.NewPCG(seed, 7))
	n := len(written)
	x, y, w := make([]int, n), make([]int, n), make([]int, n)
	apart := make([]float64, draws)
	for i := range apart {
		for k := range n {
			from := rng.IntN(n)
			x[k], y[k], w[k] = a[from], b[from], written[from]
		}
		apart[i] = math.Abs(saved(x, w) - saved(y, w))
	}
	slices.Sort(apart)
	return apart[draws*confidence/100]
}

// apart is how far two runs of the same are apart, by chance alone: the half-width of the 95 % interval
// of the ratio of their measures, less 1. Requests are drawn again, the same of both.
func apart(a, b seconds, measure func(seconds) float64, seed uint64) float64 {
	rng := rand.New(rand.NewPCG(seed, 4))
	x, y := make(seconds, len(a)), make(seconds, len(a))
	ratios := make([]float64, draws)
	for i := range ratios {
		for k := range x {
			n := rng.IntN(len(a))
			x[k], y[k] = a[n], b[n]
		}
		ratios[i] = math.Abs(measure(y)/measure(x) - 1)
	}
	slices.Sort(ratios)
	return ratios[draws*confidence/100]
}

// tau is Kendall's rank correlation of two measures of the same things, over the pairs
// whose first measures are further apart than by chance; it returns how many those are.
func tau(measured, predicted []float64, differ func(i, j int) bool) (float64, int) {
	agree, pairs := 0, 0
	for i := range measured {
		for j := range i {
			if !differ(i, j) {
				continue
			}
			pairs++
			switch d := (measured[i] - measured[j]) * (predicted[i] - predicted[j]); {
			case d > 0:
				agree++
			case d < 0:
				agree--
			}
		}
	}
	return float64(agree) / float64(pairs), pairs
}
