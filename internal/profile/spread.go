package profile

// How far apart the times of a sketch are.

import "time"

// Variance returns the variance of the times, in square seconds, to within a sixteenth part; 0 of fewer than two.
func (s Sketch) Variance() float64 {
	n, mean, sum := s.Count(), s.Mean().Seconds(), 0.0
	if n < 2 {
		return 0
	}
	for b, count := range s.Buckets {
		d := middleOf(b).Seconds() - mean
		sum += float64(count) * d * d
	}
	return sum / float64(n-1)
}

// Above returns how many times are in buckets above that of d.
func (s Sketch) Above(d time.Duration) (n int64) {
	for b, count := range s.Buckets {
		if b > bucketOf(d) {
			n += count
		}
	}
	return n
}
