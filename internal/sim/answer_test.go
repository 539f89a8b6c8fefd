package sim

import (
	"reflect"
	"testing"

	"fluxo.dev/fluxo/internal/tracetest"
)

// An answer that is kept is a whole flow that is stored: it saves the same calls, takes the same memory, and a hit costs
// what a hit costs.
func TestAnswerIsAStoredFlow(t *testing.T) {
	trace := read(t, tracetest.WeatherTrace(tracetest.Zipf(2000, 4, 1), 1))
	answer := run(t, trace, Options{Plans: planned(t, "answer")})
	stored := run(t, trace, Options{Plans: planned(t, "store Locate..return")})
	if !reflect.DeepEqual(answer, stored) {
		t.Errorf("mean %v with %v, and of a stored flow %v with %v", mean(answer), answer.Calls, mean(stored), stored.Calls)
	}
	written := run(t, trace, Options{})
	for step, n := range written.Calls {
		if answer.Calls[step] > n*9/10 {
			t.Errorf("%s is called %d times, and %d as written", step, answer.Calls[step], n)
		}
	}
	hits := 0
	for _, r := range answer.Requests {
		if r.Took <= trace.costs.Request {
			hits++
		}
	}
	if least := written.Calls["example.com/weather.Locate"] - answer.Calls["example.com/weather.Locate"]; hits < least*9/10 {
		t.Errorf("%d requests take what a hit takes, and %d calls were saved", hits, least)
	}
}
