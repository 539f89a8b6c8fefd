package profile

// A part of a trace that behaves like the whole.

import (
	"math"
	"math/bits"

	"fluxo.dev/fluxo/graph"
)

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

// A Part is a sample of a source's runs that fits into memory.
type Part struct {
	*Trace
	Of    int                    // it has one in so many contents; a power of two
	Whole int                    // runs of the source
	Asked map[graph.FlowName]int // those of each flow
	Cut   bool                   // a few contents make up most of the source: it has only the first runs of those
}

// SampleOf reads a source once and returns a sample of at most about so many runs: of all contents if
// there are no more, otherwise of a half, a quarter and so on. What is kept while it reads is
// no more than four times that (C. Waldspurger et al., as above: fixed-size sampling).
func SampleOf(src Source, most int) (*Part, error) {
	p := &Part{Trace: src.Head(), Of: 1, Asked: map[graph.FlowName]int{}}
	level := 0 // contents whose hash begins with fewer zeros are left out
	for r, err := range src.Each() {
		if err != nil {
			return p, err
		}
		p.Whole++
		p.Asked[r.Flow]++
		if bits.LeadingZeros64(r.content()) < level {
			continue
		}
		if len(p.Runs) < 4*most {
			p.Runs = append(p.Runs, r)
		} else if !p.Cut {
			p.Cut = !p.halve(&level, most)
		}
	}
	for len(p.Runs) > most && p.halve(&level, most) {
	}
	if len(p.Runs) > most && p.Cut {
		p.Runs = p.Runs[:most]
	}
	p.Of = 1 << level
	return p, nil
}

// Has reports whether a run of the source is in the sample, which is not cut.
func (p *Part) Has(r *Run) bool {
	return bits.LeadingZeros64(r.content()) >= bits.TrailingZeros(uint(p.Of))
}

// halve leaves out the contents of the next level, unless hardly anything or almost everything would
// be left: a few contents are most of the runs then, and no part of them stands for all.
func (p *Part) halve(level *int, most int) bool {
	var rest []*Run
	for _, r := range p.Runs {
		if bits.LeadingZeros64(r.content()) > *level {
			rest = append(rest, r)
		}
	}
	if len(rest) < most/4 || len(rest) > len(p.Runs)*7/8 {
		return false
	}
	p.Runs = rest
	*level++
	return true
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
