package sim

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
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

// Replays are the same, too, where keys of many flows are refreshed at their paces: of those that meet one is forgotten.
func TestReplaysOfManyFlowsAreTheSame(t *testing.T) {
	recorded := tracetest.WeatherTrace(tracetest.Zipf(4000, 1000, 1), 1)
	first, runs := recorded.Flows[0], recorded.Runs
	options := Options{Plans: planned(t, "store Observe refresh=25%\nstore Alerts refresh=25%")}
	for _, other := range []graph.FlowName{"example.com/weather.A", "example.com/weather.B", "example.com/weather.C"} {
		fl := first
		fl.Name, fl.Graph = other, strings.Replace(fl.Graph, flowName, string(other), 1)
		recorded.Flows = append(recorded.Flows, fl)
		for _, run := range runs {
			again := *run
			again.Flow = other
			recorded.Runs = append(recorded.Runs, &again)
		}
		p := *options.Plans[flowName]
		p.Flow = other
		options.Plans[other] = &p
	}
	slices.SortStableFunc(recorded.Runs, func(a, b *profile.Run) int { return cmp.Compare(a.At, b.At) })
	trace := read(t, recorded)
	want := run(t, trace, options)
	for range 8 {
		if got := run(t, trace, options); !reflect.DeepEqual(got, want) {
			differ := 0
			for i, r := range got.Requests {
				if r != want.Requests[i] {
					differ++
				}
			}
			t.Fatalf("%d of %d requests differ from those of another replay, whose calls were %v, now %v", differ, len(got.Requests), want.Calls, got.Calls)
		}
	}
}
