package weather

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestClientsWaitAsWasMeasured(t *testing.T) {
	s := &study{kept: []time.Duration{1 * time.Millisecond, 2 * time.Millisecond}, waited: []time.Duration{3 * time.Millisecond, 4 * time.Millisecond}}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, test := range []struct{ took, low, high time.Duration }{
		{0, time.Millisecond, 2 * time.Millisecond},
		{time.Microsecond, 1001 * time.Microsecond, 2001 * time.Microsecond},
		{50 * time.Millisecond, 53 * time.Millisecond, 54 * time.Millisecond},
	} {
		seen := map[time.Duration]int{}
		for range 100 {
			seen[s.forClient(test.took, rng)]++
		}
		if len(seen) != 2 || seen[test.low] < 30 || seen[test.high] < 30 {
			t.Errorf("%v in the flow: clients wait %v", test.took, seen)
		}
	}
}

func TestNothingIsPredictedOfWhatNobodyMeasured(t *testing.T) {
	if err := (&study{day: &day{}}).foresee(nil); err == nil {
		t.Error("it is predicted how long clients wait")
	}
}
