package weather

// The flows as written, over providers that work.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.com/weather/sky"
	"fluxo.dev/fluxo"
)

var towns = map[string]Place{
	"10001": {"10001", "Ashton", "Ash", "NY", 40.922326, -72.637078},
	"60601": {"60601", "Lakeport", "Lake", "IL", 41.88, -87.62},
	"60602": {"60602", "Oakview", "Oak", "IL", 41.88, -87.63},
}

// pointsOf has a station in every town, which is called like it, and knows of one of the board's cities.
var pointsOf = func() map[[2]float64]Point {
	points := map[[2]float64]Point{}
	for zip, at := range towns {
		cell := sky.CellAt(at.Lat, at.Lon)
		points[[2]float64{at.Lat, at.Lon}] = Point{cell.Office, cell.X, cell.Y, "S" + zip, "America/Chicago"}
	}
	points[[2]float64{cities[0].Lat, cities[0].Lon}] = Point{Station: "S10001", Zone: "America/Chicago"}
	return points
}()

// TestMain starts the providers of these tests and then itself once more, with the environment that
// names them, as it is when the service runs.
func TestMain(m *testing.M) {
	if os.Getenv("WEATHER_GEOCODER") != "" {
		os.Exit(m.Run())
	}
	server := httptest.NewServer(providers())
	again := exec.Command(os.Args[0], os.Args[1:]...)
	again.Env = os.Environ()
	for _, who := range []string{"GEOCODER", "POINTS", "STATIONS", "FORECASTS", "WARNINGS"} {
		again.Env = append(again.Env, "WEATHER_"+who+"="+server.URL)
	}
	again.Stdout, again.Stderr = os.Stdout, os.Stderr
	err := again.Run()
	server.Close()
	if err != nil {
		os.Exit(1)
	}
}

// providers answers for all of them. The station at Oakview is out of order.
func providers() http.Handler {
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) { json.NewEncoder(w).Encode(v) }
	mux.HandleFunc("/zip/{zip}", func(w http.ResponseWriter, r *http.Request) {
		if at, ok := towns[r.PathValue("zip")]; ok {
			answer(w, at)
		} else {
			http.NotFound(w, r)
		}
	})
	mux.HandleFunc("/box", func(w http.ResponseWriter, r *http.Request) {
		answer(w, []Place{towns["60601"], towns["60602"], towns["10001"]})
	})
	mux.HandleFunc("/points/{at}", func(w http.ResponseWriter, r *http.Request) {
		var at [2]float64
		fmt.Sscanf(r.PathValue("at"), "%g,%g", &at[0], &at[1])
		answer(w, pointsOf[at])
	})
	mux.HandleFunc("/stations/{id}/observations/latest", func(w http.ResponseWriter, r *http.Request) {
		zip := strings.TrimPrefix(r.PathValue("id"), "S")
		if _, ok := towns[zip]; !ok || zip == "60602" {
			http.Error(w, "out of order", http.StatusInternalServerError)
			return
		}
		answer(w, observation(zip))
	})
	mux.HandleFunc("/gridpoints/{office}/{cell}/forecast", func(w http.ResponseWriter, r *http.Request) {
		cell := sky.Cell{Office: r.PathValue("office")}
		fmt.Sscanf(r.PathValue("cell"), "%d,%d", &cell.X, &cell.Y)
		week, _ := sky.Forecast(cell, noon)
		answer(w, week)
	})
	mux.HandleFunc("/alerts/active/area/{state}", func(w http.ResponseWriter, r *http.Request) {
		answer(w, inForce[r.PathValue("state")])
	})
	return mux
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var inForce = map[string][]Alert{
	"IL": {{"Flood Watch", []string{"Oak", "Lake"}, noon}, {"Heat Advisory", []string{"Oak"}, noon}},
	"NY": {},
}

func observation(zip string) Observation {
	return Observation(sky.Observe("S"+zip, towns[zip].Lat, towns[zip].Lon, noon))
}

func forecast(zip string) []Span {
	var week []Span
	spans, _ := sky.Forecast(sky.CellAt(towns[zip].Lat, towns[zip].Lon), noon)
	for _, s := range spans {
		week = append(week, Span(s))
	}
	return week
}

func TestWeather(t *testing.T) {
	report, err := Weather(context.Background(), "60601")
	want := Report{towns["60601"], "America/Chicago", observation("60601"), forecast("60601"), inForce["IL"][:1]}
	if err != nil || !reflect.DeepEqual(report, want) {
		t.Errorf("got %+v, %v; want %+v", report, err, want)
	}
	if report, err := Weather(context.Background(), "10001"); err != nil || report.Alerts == nil || len(report.Alerts) != 0 {
		t.Errorf("where no warning is in force: %+v, %v", report, err)
	}
	for zip, kind := range map[string]fluxo.Kind{"00000": fluxo.NotFound, "60602": fluxo.Unavailable} {
		if report, err := Weather(context.Background(), zip); !errors.Is(err, kind) || report.Now != (Observation{}) {
			t.Errorf("%s: got %+v, %v", zip, report, err)
		}
	}
}

func TestList(t *testing.T) {
	reports, err := List(context.Background(), []string{"10001", "60601"})
	if err != nil || len(reports) != 2 || reports[0].Place != towns["10001"] || reports[1].Place != towns["60601"] {
		t.Errorf("got %+v, %v", reports, err)
	}
	for _, zips := range [][]string{nil, make([]string, maxList+1)} {
		if _, err := List(context.Background(), zips); !errors.Is(err, fluxo.Invalid) {
			t.Errorf("%d ZIP codes: %v", len(zips), err)
		}
	}
	if reports, err := List(context.Background(), []string{"10001", "00000", "60602"}); !errors.Is(err, fluxo.NotFound) || reports != nil {
		t.Errorf("got %v, %v", reports, err)
	}
}

func TestRegionLeavesOutWhatDoesNotAnswer(t *testing.T) {
	readings, err := Region(context.Background(), 41, -88, 42, -87)
	if want := []Reading{{towns["60601"], observation("60601")}, {towns["10001"], observation("10001")}}; err != nil || !reflect.DeepEqual(readings, want) {
		t.Errorf("got %+v, %v", readings, err)
	}
	if _, err := Region(context.Background(), 42, -88, 41, -87); !errors.Is(err, fluxo.Invalid) {
		t.Errorf("got %v", err)
	}
}
