package weather

// The flows as written, over providers that work.

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/weather/sky"
	"fluxo.dev/fluxo"
)

var towns = map[string]Place{
	"10001": {"10001", "Ashton", "NY", 40.922326, -72.637078},
	"60601": {"60601", "Lakeport", "IL", 41.88, -87.62},
	"60602": {"60602", "Oakview", "IL", 41.88, -87.63},
}

// TestMain starts the providers of these tests and then itself once more, with the environment that
// names them, as it is when the service runs.
func TestMain(m *testing.M) {
	if os.Getenv("WEATHER_GEOCODER") != "" {
		os.Exit(m.Run())
	}
	server := httptest.NewServer(providers())
	again := exec.Command(os.Args[0], os.Args[1:]...)
	again.Env = append(os.Environ(), "WEATHER_GEOCODER="+server.URL, "WEATHER_STATIONS="+server.URL, "WEATHER_WARNINGS="+server.URL)
	again.Stdout, again.Stderr = os.Stdout, os.Stderr
	err := again.Run()
	server.Close()
	if err != nil {
		os.Exit(1)
	}
}

// providers answers for all three. The station at Oakview is out of order.
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
	at := func(r *http.Request) (lat, lon float64) {
		lat, _ = strconv.ParseFloat(r.FormValue("lat"), 64)
		lon, _ = strconv.ParseFloat(r.FormValue("lon"), 64)
		return lat, lon
	}
	mux.HandleFunc("/observation", func(w http.ResponseWriter, r *http.Request) {
		lat, lon := at(r)
		if down := towns["60602"]; down.Lat == lat && down.Lon == lon {
			http.Error(w, "out of order", http.StatusInternalServerError)
			return
		}
		answer(w, sky.Observe(lat, lon, noon))
	})
	mux.HandleFunc("/alerts", func(w http.ResponseWriter, r *http.Request) {
		lat, lon := at(r)
		answer(w, sky.Alerts(lat, lon, noon))
	})
	return mux
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func now(zip string) Observation {
	return Observation(sky.Observe(towns[zip].Lat, towns[zip].Lon, noon))
}

func TestWeather(t *testing.T) {
	report, err := Weather(context.Background(), "60601")
	if err != nil || report.Place != towns["60601"] || report.Now != now("60601") || report.Alerts == nil {
		t.Errorf("got %+v, %v", report, err)
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
	if want := []Reading{{towns["60601"], now("60601")}, {towns["10001"], now("10001")}}; err != nil || !reflect.DeepEqual(readings, want) {
		t.Errorf("got %+v, %v", readings, err)
	}
	if _, err := Region(context.Background(), 42, -88, 41, -87); !errors.Is(err, fluxo.Invalid) {
		t.Errorf("got %v", err)
	}
}

func TestHome(t *testing.T) {
	known, unknown := "60601", `"><script>alert(1)</script>`
	for _, test := range []struct {
		zip  *string
		want string
	}{
		{nil, `placeholder="ZIP code"`},
		{&known, "Lakeport, IL"},
		{&unknown, "No weather for this ZIP code: not found."},
	} {
		page, err := Home(context.Background(), test.zip)
		if err != nil || !strings.Contains(page.HTML, test.want) || strings.Contains(page.HTML, "<script") {
			t.Errorf("got %v, %s", err, page.HTML)
		}
	}
}
