//go:build unix

package rt

import (
	"testing"

	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// A recorded run says what the process used since the one before it, and nothing is counted twice.
func TestRecordedRunsSayWhatTheProcessUsed(t *testing.T) {
	r := &Recording{used: processorTime(), of: engine.Current().NewTrail()}
	first := r.used
	x := uint64(1)
	for processorTime() < first+2e7 { // 20 ms
		x = x*6364136223846793005 + 1
	}
	run := &profile.Run{Took: 1}
	a, b := r.Next(run), r.Next(run)
	if a.Busy < 2e7 || a.Took != 1 || run.Busy != 0 {
		t.Errorf("after 20 ms of work a run has %v", a.Busy)
	}
	if last := processorTime(); a.Busy+b.Busy > last-first || b.Busy > a.Busy {
		t.Errorf("%v and %v of %v (%d)", a.Busy, b.Busy, last-first, x)
	}
}
