package store

// How much of the cost of computing results the store saves where results
// differ in cost and size.

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/bench/trace"
	"fluxo.dev/fluxo/internal/memo"
)

// CostSaved compares the store with itself when it is told that all costs are
// equal. Costs are lognormal; sizes are those of the trace, lognormal where it
// has none. No opponent weighs cost.
var CostSaved = figure.Figure{
	Name:  "store.cost_saved",
	About: "share of all cost that hits save, budget 1 % and 10 % of all bytes, minus that of the store blind to cost and size",
	Run:   costSaved,
}

func costSaved(r *figure.Report) error {
	for _, name := range trace.Names() {
		t, err := trace.Load(name, r.Seed)
		if err != nil {
			return err
		}
		costs, sizes := weigh(t, r.Seed)
		var bytes int64
		for _, n := range sizes {
			bytes += n + entrySize
		}
		for _, percent := range []int64{1, 10} {
			aware := saved(t, bytes*percent/100, costs, sizes, func(k int32) time.Duration { return costs[k] })
			// As costly as it is large: every entry is worth the same for its bytes.
			blind := saved(t, bytes*percent/100, costs, sizes, func(k int32) time.Duration {
				return time.Duration(sizes[k] + entrySize)
			})
			r.Line(fmt.Sprintf("store.cost_saved.%s.%dpct", name, percent), aware, "share")
			r.Line(fmt.Sprintf("store.cost_saved.%s.%dpct.over_blind", name, percent), aware-blind, "points")
		}
	}
	return nil
}

// weigh draws a cost for every key, and a size where the trace has none.
func weigh(t *trace.Trace, seed uint64) (costs []time.Duration, sizes []int64) {
	rng := rand.New(rand.NewPCG(seed, 7))
	costs, sizes = make([]time.Duration, t.Keys), make([]int64, t.Keys)
	for k := range costs {
		costs[k] = time.Duration(1e6 * math.Exp(1.5*rng.NormFloat64()))
		sizes[k] = int64(2000 * math.Exp(1.2*rng.NormFloat64()))
	}
	for _, q := range t.Requests {
		if q.Size > 0 {
			sizes[q.Key] = int64(q.Size)
		}
	}
	return costs, sizes
}

// saved returns the share of t's cost that hits save, where the store is told costs.
func saved(t *trace.Trace, budget int64, costs []time.Duration, sizes []int64, told func(int32) time.Duration) float64 {
	s := memo.New(budget, time.Time{}, noTime).NewRegion()
	var all, hits time.Duration
	b := make([]byte, 0, 8)
	for _, q := range t.Requests {
		b = strconv.AppendInt(b[:0], int64(q.Key)+100_000, 10)
		all += costs[q.Key]
		if _, ok := s.Get(b); ok {
			hits += costs[q.Key]
		} else {
			s.Put(b, nil, sizes[q.Key], told(q.Key), time.Time{})
		}
	}
	return float64(hits) / float64(all)
}
