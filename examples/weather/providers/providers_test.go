package main

import (
	"encoding/json"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"example.com/weather/sky"
	"example.com/weather/stations"
	"example.com/weather/zips"
)

func TestLatenciesHaveTheProfilesPercentiles(t *testing.T) {
	medians := 0.0
	for _, role := range roleNames {
		p, err := readProfile(role)
		if err != nil {
			t.Fatal(err)
		}
		medians += p.P50
		rng := rand.New(rand.NewPCG(1, 0))
		took := make([]float64, 200_000)
		for i := range took {
			took[i] = float64(p.latency(rng)) / float64(time.Millisecond)
		}
		slices.Sort(took)
		at := func(q float64) float64 { return took[int(q*float64(len(took)))] }
		for want, got := range map[float64]float64{p.P50: at(0.5), p.P95: at(0.95), 9.74 * p.P50: at(0.99)} {
			if math.Abs(got/want-1) > 0.04 {
				t.Errorf("%s: %.1f ms, want %.1f", role, got, want)
			}
		}
	}
	for _, role := range roleNames { // of one shape, so that means are like medians
		if p, _ := readProfile(role); p.P95 != 5*p.P50 || p.P50 > medians/2 {
			t.Errorf("%s is over half of a request", role)
		}
	}
	if _, err := readProfile("oracle"); err == nil {
		t.Error("a role that does not exist has a profile")
	}
}

func TestRateLimitAndErrors(t *testing.T) {
	ask := func(p profile, n int) map[int]int {
		h := newWorld(0).around(p, 1)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}))
		codes := map[int]int{}
		for range n {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			codes[w.Code]++
		}
		return codes
	}
	quick := profile{P50: 1, P95: 1, Rate: 1e-3, Burst: 30}
	if codes := ask(quick, 100); codes[200] != 30 || codes[429] != 70 {
		t.Errorf("a burst of 30 out of 100: %v", codes)
	}
	quick.Burst, quick.Errors = 1e6, 0.1
	if codes := ask(quick, 5000); codes[503] < 400 || codes[503] > 600 {
		t.Errorf("10 %% errors: %v", codes)
	}
}

// What a call meets depends on what is asked for and when, not on what others ask.
func TestDrawsAreTheCallsOwn(t *testing.T) {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	a, b, other := &draws{seed: 1}, &draws{seed: 1}, &draws{seed: 2}
	b.next("/elsewhere", at)
	first, second := a.next("/x", at).Uint64(), a.next("/x", at).Uint64()
	if got := []uint64{b.next("/x", at.Add(time.Second/2)).Uint64(), b.next("/x", at).Uint64()}; got[0] != first || got[1] != second {
		t.Error("another call before, or half a second, makes a difference")
	}
	if first == second || a.next("/x", at.Add(time.Second)).Uint64() == first || other.next("/x", at).Uint64() == first || a.next("/y", at).Uint64() == first {
		t.Error("another path, second, seed or call makes none")
	}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestRoles(t *testing.T) {
	known := []zips.ZIP{{Code: "2", City: "B", County: "K", State: "NY", Lat: 10, Lon: 20}, {Code: "1", City: "A", County: "J", State: "NY", Lat: 11, Lon: 21}, {Code: "3", County: "K", State: "NY", Lat: 50, Lon: 21}}
	measuring := []stations.Station{{ID: "S1", Lat: 10, Lon: 20}, {ID: "S2", Lat: 12, Lon: 20, Zone: "America/Chicago"}}
	mux := http.NewServeMux()
	for _, patterns := range roles(known, measuring, func() time.Time { return noon }) {
		for pattern, h := range patterns {
			mux.Handle(pattern, h)
		}
	}
	encoded := func(v any) string { b, _ := json.Marshal(v); return string(b) + "\n" }
	a, b := place{ZIP: "1", City: "A", County: "J", State: "NY", Lat: 11, Lon: 21}, place{ZIP: "2", City: "B", County: "K", State: "NY", Lat: 10, Lon: 20}
	cell := sky.CellAt(11.5, 20)
	week, _ := sky.Forecast(sky.Cell{Office: "DDD", X: 3, Y: 4}, noon)
	for _, test := range []struct {
		path   string
		status int
		want   string
	}{
		{"/zip/2", 200, encoded(b)},
		{"/zip/9", 404, "no such ZIP code\n"},
		{"/box?south=9&west=19&north=12&east=22", 200, encoded([]place{a, b})},
		{"/box?south=0&west=0&north=1&east=1", 200, "[]\n"},
		{"/box?south=x", 400, "south, west, north and east are degrees\n"},
		{"/points/11.5,20", 200, encoded(point{cell.Office, cell.X, cell.Y, "S2", "America/Chicago"})},
		{"/points/11.5", 400, "a point is /points/LATITUDE,LONGITUDE, in degrees\n"},
		{"/points/NaN,1", 400, "a point is /points/LATITUDE,LONGITUDE, in degrees\n"},
		{"/stations/S1/observations/latest", 200, encoded(sky.Observe("S1", 10, 20, noon))},
		{"/stations/S9/observations/latest", 404, "no such station\n"},
		{"/gridpoints/DDD/3,4/forecast", 200, encoded(week)},
		{"/gridpoints/DDD/3,4000/forecast", 404, "no such cell\n"},
		{"/gridpoints/DDD/x/forecast", 400, "a cell is X,Y\n"},
		{"/alerts/active/area/NY", 200, encoded(sky.Alerts("NY", []string{"J", "K"}, noon))},
		{"/alerts/active/area/XX", 404, "no such state\n"},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", test.path, nil))
		if body, _ := io.ReadAll(w.Body); w.Code != test.status || string(body) != test.want {
			t.Errorf("%s: %d %s, want %d %s", test.path, w.Code, body, test.status, test.want)
		}
	}
}

// Whoever measures moves the clock, changes the pace and counts; nobody else can.
func TestControl(t *testing.T) {
	t.Setenv("FLUXO_DATA", "")
	w := newWorld(0)
	h, source, err := build(options{role: "all", control: true}, w)
	if err != nil || !strings.Contains(source, "made-up") {
		t.Fatal(source, err)
	}
	server := httptest.NewServer(h)
	defer server.Close()
	ask := func(method, path string) (int, string) {
		req, _ := http.NewRequest(method, server.URL+path, nil)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body)
	}
	then := time.Date(1995, 8, 29, 12, 0, 0, 0, time.UTC)
	if status, text := ask("POST", "/control?latency=0.3&now="+url.QueryEscape(then.Format(time.RFC3339))); status != http.StatusNoContent {
		t.Fatal(status, text)
	}
	if now := w.now(); now.Before(then) || now.After(then.Add(time.Minute)) || math.Float64frombits(w.factor.Load()) != 0.3 {
		t.Errorf("it is %v, latencies are times %v", now, math.Float64frombits(w.factor.Load()))
	}
	for _, bad := range []string{"latency=-1", "latency=NaN", "latency=fast", "now=noon", "latency=2&now=noon"} {
		if status, text := ask("POST", "/control?"+bad); status != http.StatusBadRequest || math.Float64frombits(w.factor.Load()) != 0.3 {
			t.Errorf("%s: %d %s", bad, status, text)
		}
	}
	ask("POST", "/control?latency=0")
	for range 3 {
		ask("GET", "/zip/00000")
	}
	ask("GET", "/alerts/active/area/NY")
	if _, text := ask("GET", "/calls"); text != "4\n" {
		t.Errorf("calls: %s", text)
	}
	if _, text := ask("GET", "/calls?by=path"); text != `{"/alerts/active/area/NY":1,"/zip/00000":3}` {
		t.Errorf("calls by path: %s", text)
	}

	if h, _, err = build(options{role: "points"}, newWorld(0)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/control?latency=1", "/calls", "/zip/00000"} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest("POST", path, nil))
		if rec.Code != http.StatusNotFound {
			t.Errorf("POST %s without -control: %d", path, rec.Code)
		}
	}
	if _, _, err := build(options{role: "oracle"}, newWorld(0)); err == nil || !strings.Contains(err.Error(), "want all or one of") {
		t.Errorf("an oracle: %v", err)
	}
}
