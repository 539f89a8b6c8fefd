package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/weather"
	"example.com/weather/sky"
	"example.com/weather/zips"
)

// TestDemo builds everything as make demo does and goes through all of it, in a hurry.
func TestDemo(t *testing.T) {
	bin := t.TempDir()
	root := filepath.Join("..", "..", "..")
	build := exec.Command("go", "build", "-o", bin, "./cmd/fluxo", "./examples/weather/providers")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	story, err := os.Create(filepath.Join(bin, "story"))
	if err != nil {
		t.Fatal(err)
	}
	defer story.Close()
	d := demo{out: story, bin: bin, source: "..", addr: "localhost:0", once: true, seed: 1,
		half: 2 * time.Minute, playing: 2 * time.Second, pressing: 200 * time.Millisecond}
	err = d.run(context.Background())
	told, readErr := os.ReadFile(story.Name())
	if err != nil || readErr != nil {
		t.Fatalf("%v, %v\n%s", err, readErr, told)
	}
	for _, r := range []*result{d.naive, d.planned} {
		if len(r.took)+r.failed != len(d.pattern.later) || r.failed > len(d.pattern.later)/10 || r.throughput == 0 {
			t.Errorf("%s: %d answered, %d failed, %d sent, %.0f requests a second", r.name, len(r.took), r.failed, len(d.pattern.later), r.throughput)
		}
	}
	if d.planned.calls > d.naive.calls*9/10 {
		t.Errorf("the providers were called %d times as written and %d times as planned", d.naive.calls, d.planned.calls)
	}
	for _, want := range []string{"and the meaning is kept", ", 0 different", "without it", "predicted", "fluxo.plan"} {
		if !strings.Contains(string(told), want) {
			t.Errorf("it does not tell of %q:\n%s", want, told)
		}
	}
	for _, file := range []string{"fluxo.plan", "before.svg", "after.svg", traceFile} {
		if info, err := os.Stat(d.workshop.file(file)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestCheck changes true answers and expects to be told.
func TestCheck(t *testing.T) {
	truth, err := newTruth()
	if err != nil {
		t.Fatal(err)
	}
	z := zips.ZIP{Code: "60601", City: "Lakeport", County: "Lake", State: "IL", Lat: 41.5, Lon: -87.5}
	begin := time.Date(2026, 3, 1, 12, 3, 0, 0, time.UTC)
	end := begin.Add(time.Second)
	at := weather.Place{ZIP: z.Code, City: z.City, County: z.County, State: z.State, Lat: z.Lat, Lon: z.Lon}
	asOf := func(now, forecast, alerts time.Time) weather.Report {
		return weather.Report{Place: at, Zone: truth.stations.Nearest(z.Lat, z.Lon).Zone, Now: truth.observation(at, now), Forecast: forecastAt(at, forecast), Alerts: alertsAt(at, alerts)}
	}
	fresh := asOf(end, end, end)
	with := func(change func(*weather.Report)) weather.Report {
		r := fresh
		change(&r)
		return r
	}
	for name, test := range map[string]struct {
		answer any
		about  zips.ZIP
		right  bool
	}{
		"fresh":             {fresh, z, true},
		"as old as allowed": {asOf(begin.Add(-observationAge), begin.Add(-forecastAge), begin.Add(-alertsAge)), z, true},
		"too old":           {asOf(begin.Add(-observationAge-sky.Period), end, end), z, false},
		"from the future":   {asOf(end.Add(sky.Period), end, end), z, false},
		"made up":           {with(func(r *weather.Report) { r.Now.TempC = 99 }), z, false},
		"an old forecast":   {asOf(end, begin.Add(-forecastAge-sky.ForecastPeriod), end), z, false},
		"half a forecast":   {with(func(r *weather.Report) { r.Forecast = r.Forecast[1:] }), z, false},
		"an alert too many": {with(func(r *weather.Report) { r.Alerts = []weather.Alert{{Event: "Frogs"}} }), z, false},
		"another place":     {fresh, zips.ZIP{Code: "10001"}, false},
		"another time zone": {with(func(r *weather.Report) { r.Zone = "UTC" }), z, false},
		"another form":      {map[string]int{"x": 1}, z, false},
	} {
		body, err := json.Marshal(test.answer)
		if err != nil {
			t.Fatal(err)
		}
		if err := truth.check(test.about, body, begin, end); (err == nil) != test.right {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Warnings that have changed since may be told for as long as the promise says, and no longer.
func TestOldWarnings(t *testing.T) {
	at := weather.Place{County: "Lake", State: "IL"}
	asOf := func(t time.Time) weather.Report { return weather.Report{Place: at, Alerts: alertsAt(at, t)} }
	change := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for reflect.DeepEqual(asOf(change), asOf(change.Add(-time.Second))) {
		change = change.Add(time.Minute)
	}
	old := asOf(change.Add(-time.Second))
	if asked := change.Add(alertsAge - time.Second); checkAlerts(old, asked, asked) != nil {
		t.Error("the warnings of just before may not be told")
	}
	if asked := change.Add(alertsAge + time.Minute); checkAlerts(old, asked, asked) == nil {
		t.Error("warnings that are too old may be told")
	}
}

// A day is cut at its busiest stretch into halves that follow one another, and played faster.
func TestPattern(t *testing.T) {
	t.Setenv("FLUXO_TRACES", "")
	known, _, err := zips.Load("")
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPattern(known, 15*time.Minute, 30*time.Second, 7)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := newPattern(known, 15*time.Minute, 30*time.Second, 7)
	for i, half := range [][]ask{p.first, p.later} {
		if !slices.Equal(half, [][]ask{again.first, again.later}[i]) {
			t.Fatal("one seed gives two patterns")
		}
		if len(half) < 1000 || len(half) > 1500 { // the busiest hour has 4,716
			t.Errorf("half %d has %d requests", i, len(half))
		}
		for j, a := range half {
			if a.at < 0 || a.at > 30*time.Second || j > 0 && a.at < half[j-1].at {
				t.Fatalf("request %d of half %d comes at %v", j, i, a.at)
			}
		}
	}
	for _, want := range []string{"30s", "15 minutes", "30 times as fast", "generated"} {
		if !strings.Contains(p.String(), want) {
			t.Errorf("it does not say %s: %s", want, p)
		}
	}
}

func TestQuantiles(t *testing.T) {
	var times []time.Duration
	for i := range 100 {
		times = append(times, time.Duration(100-i))
	}
	if got := []time.Duration{quantile(0)(times), quantile(0.5)(times), quantile(0.99)(times), quantile(1)(times), mean(times), quantile(0.5)(nil)}; got[0] != 1 || got[1] != 51 || got[2] != 100 || got[3] != 100 || got[4] != 50 || got[5] != 0 {
		t.Errorf("got %v", got)
	}
}
