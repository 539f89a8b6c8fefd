package main

import (
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/weather"
	"example.com/weather/sky"
	"example.com/weather/zips"
)

// TestDemo builds everything as make demo does and runs it: providers, the service as written and
// as planned, every answer checked.
func TestDemo(t *testing.T) {
	bin := t.TempDir()
	run := func(dir, program string, args ...string) {
		t.Helper()
		cmd := exec.Command(program, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
		}
	}
	root := filepath.Join("..", "..", "..")
	run(root, "go", "build", "-o", bin, "./cmd/fluxo", "./examples/weather/providers")
	run(root, filepath.Join(bin, "fluxo"), "build", "-o", filepath.Join(bin, "weather"), "./examples/weather")
	d := demo{bin: bin, addr: "localhost:0", requests: 80, seed: 1, once: true}
	if err := d.run(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, r := range []*result{d.plain, d.planned} {
		if len(r.took)+r.failed != d.requests || r.failed > d.requests/10 {
			t.Errorf("%s: %d answered, %d failed, %d sent", r.name, len(r.took), r.failed, d.requests)
		}
	}
	if d.planned.calls > d.plain.calls*3/4 {
		t.Errorf("the providers were called %d times as written and %d times as planned", d.plain.calls, d.planned.calls)
	}
	printTable(io.Discard, d.plain, d.planned)
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
		ask    ask
		right  bool
	}{
		"fresh":             {fresh, ask{about: []zips.ZIP{z}}, true},
		"as old as allowed": {asOf(begin.Add(-observationAge), begin.Add(-forecastAge), begin.Add(-alertsAge)), ask{about: []zips.ZIP{z}}, true},
		"too old":           {asOf(begin.Add(-observationAge-sky.Period), end, end), ask{about: []zips.ZIP{z}}, false},
		"from the future":   {asOf(end.Add(sky.Period), end, end), ask{about: []zips.ZIP{z}}, false},
		"made up":           {with(func(r *weather.Report) { r.Now.TempC = 99 }), ask{about: []zips.ZIP{z}}, false},
		"an old forecast":   {asOf(end, begin.Add(-forecastAge-sky.ForecastPeriod), end), ask{about: []zips.ZIP{z}}, false},
		"half a forecast":   {with(func(r *weather.Report) { r.Forecast = r.Forecast[1:] }), ask{about: []zips.ZIP{z}}, false},
		"an alert too many": {with(func(r *weather.Report) { r.Alerts = []weather.Alert{{Event: "Frogs"}} }), ask{about: []zips.ZIP{z}}, false},
		"another place":     {fresh, ask{about: []zips.ZIP{{Code: "10001"}}}, false},
		"another form":      {map[string]int{"x": 1}, ask{about: []zips.ZIP{z}}, false},
		"a list":            {[]weather.Report{fresh, fresh}, ask{about: []zips.ZIP{z, z}}, true},
		"a short list":      {[]weather.Report{fresh}, ask{about: []zips.ZIP{z, z}}, false},
		"a region":          {[]weather.Reading{{Place: at, Now: fresh.Now}}, ask{}, true},
		"a region made up":  {[]weather.Reading{{Place: at, Now: weather.Observation{At: end}}}, ask{}, false},
	} {
		body, err := json.Marshal(test.answer)
		if err != nil {
			t.Fatal(err)
		}
		if err := truth.check(test.ask, body, begin, end); (err == nil) != test.right {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The same seed asks for the same; popularity falls as 1/rank.
func TestLoad(t *testing.T) {
	known, _, err := zips.Load("")
	if err != nil {
		t.Fatal(err)
	}
	l, again := newLoad(nil, known, 20_000, 7), newLoad(nil, known, 20_000, 7)
	count := map[string]int{}
	for i, a := range l.asks {
		if a.path != again.asks[i].path {
			t.Fatalf("request %d: %s and %s", i, a.path, again.asks[i].path)
		}
		if len(a.about) == 1 {
			count[a.about[0].Code]++
		}
	}
	first, tenth := count[l.popular[0].Code], count[l.popular[9].Code]
	if ratio := float64(first) / float64(tenth); ratio < 8 || ratio > 12 {
		t.Errorf("the first is asked for %d times, the tenth %d times", first, tenth)
	}
}

func TestQuantiles(t *testing.T) {
	var times []time.Duration
	for i := range 100 {
		times = append(times, time.Duration(100-i))
	}
	if got := []time.Duration{quantile(times, 0), quantile(times, 0.5), quantile(times, 0.99), quantile(times, 1), mean(times), quantile(nil, 0.5)}; got[0] != 1 || got[1] != 51 || got[2] != 100 || got[3] != 100 || got[4] != 50 || got[5] != 0 {
		t.Errorf("got %v", got)
	}
}
