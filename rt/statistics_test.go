package rt_test

import (
	"context"
	"testing"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/rt"
)

func statisticsOf(t *testing.T, flow string) profile.FlowStatistics {
	t.Helper()
	for _, f := range rt.Statistics().Flows {
		if string(f.Flow) == flow {
			return f
		}
	}
	t.Fatalf("no statistics of %s", flow)
	return profile.FlowStatistics{}
}

// Counts stand under the lines of the plan that is in force, and go on under another one.
func TestStatisticsByLine(t *testing.T) {
	const weather = "example.com/weather.Weather"
	under(t, everything)
	before := statisticsOf(t, weather)
	for range 3 {
		if _, err := Weather(context.Background(), "20001"); err != nil {
			t.Fatal(err)
		}
	}
	now := statisticsOf(t, weather)
	fills := int64(0)
	lines := map[string]profile.DecisionStatistics{}
	for i, d := range now.Decisions {
		lines[d.Line] = d.Since(before.Decisions[i])
		if d.Line == "store Locate" {
			fills = d.Fills
		}
	}
	store := lines["store Locate"]
	if store.Hits != 2 || store.Misses != 1 || store.Fills != 1 || store.Kept != 1 {
		t.Errorf("store Locate: %+v", store)
	}
	if d := lines["coalesce Locate"]; d.Flights != 1 {
		t.Errorf("coalesce Locate: %+v", d)
	}
	if d := lines["parallel Observe Alerts"]; d.Started != 3 {
		t.Errorf("parallel Observe Alerts: %+v", d)
	}
	if _, ok := lines["store Observe..Observe.fail"]; !ok || len(lines) != 4 || !now.Planned {
		t.Errorf("planned %v: %v", now.Planned, lines)
	}
	under(t, "fluxo 1\nflow example.com/weather.Weather (\n\tstore Locate\n\toff coalesce Locate\n)\n")
	then := statisticsOf(t, weather)
	if len(then.Decisions) != 1 || then.Decisions[0].Line != "store Locate" || then.Decisions[0].Fills != fills {
		t.Errorf("under another plan: %+v", then.Decisions)
	}
}
