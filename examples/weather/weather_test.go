package weather

// The flows as written, over providers that work.

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"example.com/weather/sky"
	"fluxo.dev/fluxo"
)

var towns = map[string]Place{
	"10001": {"10001", "Ashton", "NY", 40.75, -73.99},
	"60601": {"60601", "Lakeport", "IL", 41.88, -87.62},
	"60602": {"60602", "Oakview", "IL", 41.88, -87.63},
}

// useProviders makes the steps ask servers of this test. A station at broken's
// position answers 500.
func useProviders(t *testing.T, broken string) {
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
		answer(w, []Place{towns["60601"], towns["60602"]})
	})
	at := func(r *http.Request) (lat, lon float64) {
		lat, _ = strconv.ParseFloat(r.FormValue("lat"), 64)
		lon, _ = strconv.ParseFloat(r.FormValue("lon"), 64)
		return lat, lon
	}
	mux.HandleFunc("/observation", func(w http.ResponseWriter, r *http.Request) {
		lat, lon := at(r)
		if down := towns[broken]; down.Lat == lat && down.Lon == lon {
			http.Error(w, "down", http.StatusInternalServerError)
			return
		}
		answer(w, sky.Observe(lat, lon, noon))
	})
	mux.HandleFunc("/alerts", func(w http.ResponseWriter, r *http.Request) {
		lat, lon := at(r)
		answer(w, sky.Alerts(lat, lon, noon))
	})
	server := httptest.NewServer(mux)
	saved := []provider{geocoder, stations, warnings}
	for _, p := range []*provider{&geocoder, &stations, &warnings} {
		p.base = server.URL
	}
	t.Cleanup(func() {
		server.Close()
		geocoder, stations, warnings = saved[0], saved[1], saved[2]
	})
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func now(zip string) Observation {
	return Observation(sky.Observe(towns[zip].Lat, towns[zip].Lon, noon))
}

func TestWeather(t *testing.T) {
	useProviders(t, "")
	report, err := Weather(context.Background(), "60601")
	if err != nil || report.Place != towns["60601"] || report.Now != now("60601") || report.Alerts == nil {
		t.Errorf("got %+v, %v", report, err)
	}
	if _, err := Weather(context.Background(), "00000"); !errors.Is(err, fluxo.NotFound) {
		t.Errorf("got %v", err)
	}
}

func TestList(t *testing.T) {
	useProviders(t, "")
	reports, err := List(context.Background(), []string{"60602", "10001"})
	if err != nil || len(reports) != 2 || reports[0].Place != towns["60602"] || reports[1].Place != towns["10001"] {
		t.Errorf("got %+v, %v", reports, err)
	}
	for _, zips := range [][]string{nil, make([]string, maxList+1)} {
		if _, err := List(context.Background(), zips); !errors.Is(err, fluxo.Invalid) {
			t.Errorf("%d ZIP codes: %v", len(zips), err)
		}
	}
	if reports, err := List(context.Background(), []string{"10001", "00000"}); !errors.Is(err, fluxo.NotFound) || reports != nil {
		t.Errorf("got %v, %v", reports, err)
	}
}

func TestRegionLeavesOutWhatDoesNotAnswer(t *testing.T) {
	useProviders(t, "60601")
	readings, err := Region(context.Background(), 41, -88, 42, -87)
	if want := []Reading{{towns["60602"], now("60602")}}; err != nil || !reflect.DeepEqual(readings, want) {
		t.Errorf("got %+v, %v", readings, err)
	}
	if _, err := Region(context.Background(), 42, -88, 41, -87); !errors.Is(err, fluxo.Invalid) {
		t.Errorf("got %v", err)
	}
}

func TestHome(t *testing.T) {
	useProviders(t, "")
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
