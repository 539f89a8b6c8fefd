package sim

import (
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/tracetest"
)

// With an upstream down every request fails that asks it, and none that finds what it needs kept.
func TestDown(t *testing.T) {
	const locate = "example.com/weather.Locate"
	trace := read(t, tracetest.WeatherTrace(tracetest.Zipf(500, 20, 1), 1))
	failed := func(o *Outcome) (n int) {
		for _, r := range o.Requests {
			if r.Failed {
				n++
			}
		}
		return n
	}
	out := run(t, trace, Options{Down: map[string]bool{locate: true}})
	if n := failed(out); n != len(out.Requests) {
		t.Errorf("%d of %d requests fail without the step that all begin with", n, len(out.Requests))
	}
	if len(out.Calls) != 1 || out.Calls[locate] != len(out.Requests) {
		t.Errorf("calls behind a step that fails: %v", out.Calls)
	}
	kept := run(t, trace, Options{Down: map[string]bool{locate: true}, Plans: planned(t, "store Locate")})
	if n := failed(kept); n != len(kept.Requests) || kept.Calls[locate] != n {
		t.Errorf("%d of %d requests fail, and %d calls: a failure was kept", n, len(kept.Requests), kept.Calls[locate])
	}
	if n := failed(run(t, trace, Options{Plans: planned(t, "store Locate")})); n != 0 {
		t.Errorf("%d requests fail while nothing is down", n)
	}
	if took := out.Requests[0].Took; took < time.Millisecond {
		t.Errorf("a step that fails takes %v", took)
	}
	if err := trace.Fails(locate); err != nil {
		t.Error(err)
	}
	if err := trace.Fails("example.com/weather.nobody"); err != nil && !strings.Contains(err.Error(), "returns no error") {
		t.Error(err)
	}
}
