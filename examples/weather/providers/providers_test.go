package main

import (
	"encoding/json"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"example.com/weather/sky"
	"example.com/weather/zips"
)

func TestLatenciesHaveTheProfilesPercentiles(t *testing.T) {
	for _, role := range []string{"geocoder", "stations", "warnings"} {
		p, err := readProfile(role)
		if err != nil {
			t.Fatal(err)
		}
		rng := rand.New(rand.NewPCG(1, 0))
		draws := make([]float64, 200_000)
		for i := range draws {
			draws[i] = float64(p.latency(rng)) / float64(time.Millisecond)
		}
		slices.Sort(draws)
		at := func(q float64) float64 { return draws[int(q*float64(len(draws)))] }
		for want, got := range map[float64]float64{p.P50: at(0.5), p.P95: at(0.95), 9.74 * p.P50: at(0.99)} {
			if math.Abs(got/want-1) > 0.04 {
				t.Errorf("%s: %.1f ms, want %.1f", role, got, want)
			}
		}
	}
	if _, err := readProfile("oracle"); err == nil {
		t.Error("a role that does not exist has a profile")
	}
}

func TestRateLimitAndErrors(t *testing.T) {
	ask := func(p profile, n int) map[int]int {
		h := p.around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {}), 1)
		codes := map[int]int{}
		for range n {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
			codes[w.Code]++
		}
		return codes
	}
	quick := profile{P50: 1e-6, P95: 1e-6, Rate: 1e-3, Burst: 30}
	if codes := ask(quick, 100); codes[200] != 30 || codes[429] != 70 {
		t.Errorf("a burst of 30 out of 100: %v", codes)
	}
	quick.Burst, quick.Errors = 1e6, 0.1
	if codes := ask(quick, 5000); codes[503] < 400 || codes[503] > 600 {
		t.Errorf("10 %% errors: %v", codes)
	}
}

func TestRoles(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	all := roles([]zips.ZIP{{Code: "2", City: "B", Lat: 10, Lon: 20}, {Code: "1", City: "A", Lat: 11, Lon: 21}, {Code: "3", Lat: 50, Lon: 21}}, func() time.Time { return noon })
	encoded := func(v any) string { b, _ := json.Marshal(v); return string(b) + "\n" }
	a, b := place{ZIP: "1", City: "A", Lat: 11, Lon: 21}, place{ZIP: "2", City: "B", Lat: 10, Lon: 20}
	for _, test := range []struct {
		role, path string
		status     int
		want       string
	}{
		{"geocoder", "/zip/2", 200, encoded(b)},
		{"geocoder", "/zip/9", 404, "no such ZIP code\n"},
		{"geocoder", "/box?south=9&west=19&north=12&east=22", 200, encoded([]place{a, b})},
		{"geocoder", "/box?south=0&west=0&north=1&east=1", 200, "[]\n"},
		{"geocoder", "/box?south=x", 400, "south, west, north and east are degrees\n"},
		{"stations", "/observation?lat=10&lon=20", 200, encoded(sky.Observe(10, 20, noon))},
		{"stations", "/observation?lat=ten", 400, "lat and lon are degrees\n"},
		{"warnings", "/alerts?lat=10&lon=20", 200, encoded(sky.Alerts(10, 20, noon))},
	} {
		w := httptest.NewRecorder()
		all[test.role].ServeHTTP(w, httptest.NewRequest("GET", test.path, nil))
		if body, _ := io.ReadAll(w.Body); w.Code != test.status || string(body) != test.want {
			t.Errorf("%s%s: %d %s, want %d %s", test.role, test.path, w.Code, body, test.status, test.want)
		}
	}
}
