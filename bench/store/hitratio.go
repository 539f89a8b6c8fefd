// Package store measures the engine's store of results, internal/memo, against
// other stores: hit ratios on request traces, and speed.
package store

import (
	"fmt"

	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/bench/trace"
)

// HitRatio compares hit ratios on every trace, at a store of 1 % and of 10 % of
// the trace's keys, all entries alike.
var HitRatio = figure.Figure{
	Name:  "store.hit_ratio",
	About: "our policy's hit ratio on each trace, minus otter's, and minus the best of LRU and LFU",
	Run:   hitRatio,
}

func hitRatio(r *figure.Report) error {
	for _, name := range trace.Names() {
		t, err := trace.Load(name, r.Seed)
		if err != nil {
			return err
		}
		r.Note("%s: %s, %d requests, %d keys", name, t.Source, len(t.Requests), t.Keys)
		for _, percent := range []int{1, 10} {
			entries := max(1, t.Keys*percent/100)
			ratio := map[string]float64{}
			for _, p := range append([]policy{ours}, opponents...) {
				ratio[p.name] = p.ratio(t, entries)
			}
			base := fmt.Sprintf("store.hit_ratio.%s.%dpct", name, percent)
			r.Line(base, ratio["memo"], "share")
			r.Line(base+".over_otter", ratio["memo"]-ratio["otter"], "points")
			r.Line(base+".over_lru_lfu", ratio["memo"]-max(ratio["lru"], ratio["lfu"]), "points")
			r.Line(base+".over_best", ratio["memo"]-max(ratio["otter"], ratio["lru"], ratio["lfu"]), "points")
		}
	}
	return nil
}

// ratio returns the policy's hit ratio: the median of three replays where its
// choices are random.
func (p policy) ratio(t *trace.Trace, entries int) float64 {
	replays := 1
	if p.random {
		replays = 3
	}
	var ratios []float64
	for range replays {
		ratios = append(ratios, replay(t, p.make(entries)))
	}
	return figure.Median(ratios)
}

// replay returns the share of t's requests that hit.
func replay(t *trace.Trace, access func(key int32) bool) float64 {
	hits := 0
	for _, q := range t.Requests {
		if access(q.Key) {
			hits++
		}
	}
	return float64(hits) / float64(len(t.Requests))
}
