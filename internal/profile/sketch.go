package profile

// Sketches of times: counts in buckets whose width is a share of what is in them, so that any quantile is known to
// within a thirty-second part, and sketches of several processes and days add up (as in HdrHistogram; the
// bound is relative, as in C. Masson et al., "DDSketch", PVLDB 2019).

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/bits"
	"slices"
	"sync/atomic"
	"time"
)

const (
	subBits    = 4                                             // each doubling of time has 2^subBits buckets
	unitBits   = 4                                             // times below 2^(unitBits+subBits) ns are counted in buckets of 2^unitBits ns
	maxBits    = 45                                            // times from 2^maxBits ns on, about ten hours, are counted in the last bucket
	maxBuckets = (maxBits - unitBits - subBits + 1) << subBits // of a sketch
)

// bucketOf returns the bucket of a time.
func bucketOf(d time.Duration) int {
	u := uint64(max(d, 0)) >> unitBits
	if u < 1<<subBits {
		return int(u)
	}
	shift := bits.Len64(u) - 1 - subBits
	return min((shift+1)<<subBits+int(u>>shift)-1<<subBits, maxBuckets-1)
}

// middleOf returns the time in the middle of a bucket.
func middleOf(bucket int) time.Duration {
	if bucket < 1<<subBits {
		return time.Duration(bucket<<unitBits + 1<<(unitBits-1))
	}
	shift := bucket>>subBits - 1
	low := uint64(bucket&(1<<subBits-1)+1<<subBits) << shift
	return time.Duration(low<<unitBits + 1<<(shift+unitBits-1))
}

// A Sketch says how times are distributed. Its zero value is empty.
type Sketch struct {
	Buckets map[int]int64 // counts; see bucketOf
	Sum     time.Duration
}

// Add adds a time, weight times.
func (s *Sketch) Add(d time.Duration, weight int64) {
	if s.Buckets == nil {
		s.Buckets = map[int]int64{}
	}
	s.Buckets[bucketOf(d)] += weight
	s.Sum += d * time.Duration(weight)
}

// Merge adds what another sketch has.
func (s *Sketch) Merge(o Sketch) {
	for b, n := range o.Buckets {
		if s.Buckets == nil {
			s.Buckets = map[int]int64{}
		}
		s.Buckets[b] += n
	}
	s.Sum += o.Sum
}

// Since returns what was added after an earlier state of the same sketch.
func (s Sketch) Since(before Sketch) Sketch {
	out := Sketch{Buckets: map[int]int64{}, Sum: s.Sum - before.Sum}
	for b, n := range s.Buckets {
		if n -= before.Buckets[b]; n > 0 {
			out.Buckets[b] = n
		}
	}
	return out
}

// Count returns how many times were added.
func (s Sketch) Count() (n int64) {
	for _, k := range s.Buckets {
		n += k
	}
	return n
}

// CountBelow returns how many times were not above d, to within a thirty-second part of d.
func (s Sketch) CountBelow(d time.Duration) (n int64) {
	for b, k := range s.Buckets {
		if middleOf(b) <= d {
			n += k
		}
	}
	return n
}

// Mean returns the mean, which is exact; 0 of none.
func (s Sketch) Mean() time.Duration {
	if n := s.Count(); n > 0 {
		return s.Sum / time.Duration(n)
	}
	return 0
}

// Quantile returns the time that a share q of all are not above, to within a thirty-second part; 0 of none.
func (s Sketch) Quantile(q float64) time.Duration {
	left := int64(q * float64(s.Count()))
	for _, b := range slices.Sorted(maps.Keys(s.Buckets)) {
		if left -= s.Buckets[b]; left < 0 {
			return middleOf(b)
		}
	}
	if len(s.Buckets) == 0 {
		return 0
	}
	return middleOf(slices.Max(slices.Collect(maps.Keys(s.Buckets))))
}

// Check fails if there are counts or buckets that no sketch can have: it was read from somewhere.
func (s Sketch) Check() error {
	for b, n := range s.Buckets {
		if b < 0 || b >= maxBuckets || n < 0 {
			return fmt.Errorf("a sketch has the count %d in bucket %d", n, b)
		}
	}
	return nil
}

// MarshalJSON adds the quantiles that people look for.
func (s Sketch) MarshalJSON() ([]byte, error) {
	type plain Sketch
	return json.Marshal(struct {
		plain
		P50, P95, P99, Mean time.Duration
	}{plain(s), s.Quantile(.5), s.Quantile(.95), s.Quantile(.99), s.Mean()})
}

// A LiveSketch is one that many goroutines add to at the same time.
type LiveSketch struct {
	buckets [maxBuckets]atomic.Int64
	sum     atomic.Int64
}

// Add adds a time, weight times.
func (s *LiveSketch) Add(d time.Duration, weight int64) {
	s.buckets[bucketOf(d)].Add(weight)
	s.sum.Add(int64(d) * weight)
}

// Sketch returns what was added so far.
func (s *LiveSketch) Sketch() Sketch {
	out := Sketch{Buckets: map[int]int64{}, Sum: time.Duration(s.sum.Load())}
	for b := range s.buckets {
		if n := s.buckets[b].Load(); n != 0 {
			out.Buckets[b] = n
		}
	}
	return out
}
