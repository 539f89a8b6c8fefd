package profile

// A part of a trace that behaves like the whole.

import "math"

// Sample returns the runs of about one in n of all contents of requests, with every run of those: what
// is asked for again is asked for again in it, after the same time. A store for it needs one n-th of
// the room that one for the whole trace needs (C. Waldspurger et al., "Efficient MRC construction with SHARDS",
// FAST 2015, and "Cache modeling and optimization using miniature simulations", USENIX ATC 2017).
func (t *Trace) Sample(n int) *Trace {
	out := *t
	out.Runs = nil
	for _, r := range t.Runs {
		if r.content() <= math.MaxUint64/uint64(n) {
			out.Runs = append(out.Runs, r)
		}
	}
	return &out
}

// content hashes a request's parameters.
func (r *Run) content() uint64 {
	h := uint64(len(r.Flow)) + 0x9e3779b97f4a7c15
	for _, v := range r.Params {
		h = (h ^ v.Hash) * 0xff51afd7ed558ccd
		h ^= h >> 32
		h *= 0xc4ceb9fe1a85ec53
		h ^= h >> 29
	}
	return h
}
