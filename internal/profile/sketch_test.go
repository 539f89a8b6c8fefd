package profile

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// Buckets follow one another, and the middle of each is in it.
func TestBuckets(t *testing.T) {
	last := -1
	for d := time.Duration(0); d < 1<<maxBits; d = d*33/32 + 1 {
		b := bucketOf(d)
		if b < last || b >= maxBuckets {
			t.Fatalf("%v is in bucket %d, what is less in %d", d, b, last)
		}
		last = b
		if m := middleOf(b); bucketOf(m) != b {
			t.Fatalf("the middle of bucket %d is %v, which is in %d", b, m, bucketOf(m))
		} else if d >= 1<<(unitBits+subBits) && (m-d).Abs() > d/32+1 {
			t.Fatalf("%v counts as %v", d, m)
		}
	}
	if b := bucketOf(-time.Second); b != 0 {
		t.Errorf("a time before its beginning is in bucket %d", b)
	}
	if b := bucketOf(1<<63 - 1); b != maxBuckets-1 {
		t.Errorf("the longest time is in bucket %d of %d", b, maxBuckets)
	}
}

// Quantiles of parts that are merged are those of the whole, to within a thirty-second part.
func TestQuantiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var all []time.Duration
	var parts [3]LiveSketch
	for range 30_000 {
		d := time.Duration(1000 * (1 + rng.ExpFloat64()*rng.ExpFloat64()*500))
		all = append(all, d)
		parts[rng.IntN(3)].Add(d, 1)
	}
	slices.Sort(all)
	var whole Sketch
	for i := range parts {
		whole.Merge(parts[i].Sketch())
	}
	if whole.Count() != int64(len(all)) {
		t.Fatalf("%d times, want %d", whole.Count(), len(all))
	}
	for _, q := range []float64{0, .5, .9, .99, .999, 1} {
		want := all[min(int(q*float64(len(all))), len(all)-1)]
		if got := whole.Quantile(q); (got - want).Abs() > want/32+1 {
			t.Errorf("the %v quantile is %v, want %v", q, got, want)
		}
	}
	sum := time.Duration(0)
	for _, d := range all {
		sum += d
	}
	if whole.Mean() != sum/time.Duration(len(all)) {
		t.Errorf("the mean is %v, want %v", whole.Mean(), sum/time.Duration(len(all)))
	}
}

func TestSketchesSince(t *testing.T) {
	var s LiveSketch
	s.Add(time.Second, 2)
	before := s.Sketch()
	s.Add(time.Millisecond, 5)
	s.Add(time.Second, 1)
	got := s.Sketch().Since(before)
	if got.Count() != 6 || got.Sum != time.Second+5*time.Millisecond {
		t.Errorf("%d times, %v together", got.Count(), got.Sum)
	}
	if (Sketch{}).Quantile(.5) != 0 || (Sketch{}).Mean() != 0 {
		t.Error("nothing has a median or mean")
	}
	for _, bad := range []Sketch{{Buckets: map[int]int64{maxBuckets: 1}}, {Buckets: map[int]int64{-1: 1}}, {Buckets: map[int]int64{1: -1}}} {
		if bad.Check() == nil {
			t.Errorf("%v passes", bad.Buckets)
		}
	}
}
