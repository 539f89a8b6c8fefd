package sim

import (
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/tracetest"
)

// What is computed again after the last answer is no part of what a replay came to.
func TestRefreshesAfterTheEnd(t *testing.T) {
	recorded := read(t, tracetest.WeatherTrace(tracetest.Zipf(4000, 20, 1), 1))
	var at []time.Duration
	out := run(t, recorded, Options{
		Plans:  planned(t, "store Observe refresh=50%\nstore Alerts refresh=50%"),
		Called: func(_ string, now time.Duration) { at = append(at, now) },
	})
	end, late, counted := out.Requests[0].At+out.Length, 0, 0
	for _, now := range at {
		if now > end {
			late++
		}
	}
	for _, n := range out.Calls {
		counted += n
	}
	if late == 0 || counted != len(at)-late {
		t.Errorf("%d of %d calls count, %d were after the end", counted, len(at), late)
	}
	last := out.Requests[len(out.Requests)-1]
	if end < last.At+last.Took || end > last.At+time.Minute {
		t.Errorf("the replay ends at %v, its last request came at %v", end, last.At)
	}
}
