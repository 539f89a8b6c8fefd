package rt

import (
	"testing"
	"time"
)

// A sampler takes all requests where they cost little, and keeps what they cost to its bound
// where they cost much, whatever comes.
func TestSampleKeepsToItsTime(t *testing.T) {
	s := sampler{share: 0.01}
	visits := int64(0)
	second := func(requests float64) float64 {
		visits += int64(requests * 8 * s.share)
		return s.next(visits, time.Second, 2)
	}
	for range 10 {
		second(100)
	}
	if s.share != 1 {
		t.Errorf("of 100 requests a second %v are noted, want all", s.share)
	}
	for range 20 {
		second(1e6)
	}
	if cost := s.share * 8e6 * visitTime.Seconds() / 2; cost > sampleTime*1.01 || cost < sampleTime/4 {
		t.Errorf("of a million requests a second noting takes %.4f of the time, want at most %v", cost, sampleTime)
	}
	for range 20 {
		second(0)
	}
	if s.share != 1 {
		t.Errorf("where nobody asks %v would be noted, want all", s.share)
	}
}
