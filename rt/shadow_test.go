package rt_test

import (
	"context"
	"fmt"
	"testing"

	"fluxo.dev/fluxo/rt"
)

// What a plan saves shows nevertheless: a sample of the runs is observed as written, for a tenth of the calls that are left.
func TestPlannedFlowsAreObserved(t *testing.T) {
	const weather = "example.com/weather.Weather"
	rt.Observe(t)
	under(t, "fluxo 1\nflow example.com/weather.Weather (\n\tstore Locate..return\n)\n")
	before, called := nodeOf(rt.Profile(), weather, "Locate"), locates.Load()
	calls := 0
	until(t, "runs under the plan are observed", func() bool {
		for range 100 {
			calls++
			zip := fmt.Sprint(50_000 + calls%400) // each again and again
			if got, err := Weather(context.Background(), zip); err != nil || got.Place.City != "city of "+zip {
				t.Fatal(got, err)
			}
		}
		return nodeOf(rt.Profile(), weather, "Locate").Count >= before.Count+5
	})
	n := nodeOf(rt.Profile(), weather, "Locate")
	if made := locates.Load() - called; made < 400 || made > 440+8 { // shadows under way are not noted yet
		t.Errorf("Locate was called %d times for %d requests of 400 contents; %d were observed", made, calls, n.Count-before.Count)
	}
	if s := statisticsOf(t, weather); s.Runs.Count == 0 {
		t.Errorf("%+v", s.Runs)
	}
}
