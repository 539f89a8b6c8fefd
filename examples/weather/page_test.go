package weather

// The page: what it says, that it escapes, and the files it is made of.

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo"
)

func TestHome(t *testing.T) {
	Post([]CityNow{{"Denver, CO", "America/Denver", Observation{At: noon, Sky: "rain", TempC: 10}}})
	defer Post(nil)
	known, spaces, unknown, down := "60601", " 60601 ", `"><script>alert(1)</script>`, "60602"
	for _, test := range []struct {
		zip  *string
		want []string
	}{
		{nil, []string{`placeholder="60601"`, "<title>Weather</title>", "<b>Denver, CO</b> 50 °F <small>10 °C</small>"}},
		{&known, []string{"Lakeport, IL", "Lake · 60601", "<strong>Flood Watch</strong>", "until", "Sunday night", `href="/weather/60601"`, "Denver, CO"}},
		{&spaces, []string{"Lakeport, IL"}},
		{&unknown, []string{"There is no ZIP code “&#34;&gt;&lt;script", `aria-describedby="problem"`, "Denver, CO"}},
		{&down, []string{"cannot be had at the moment. Please try again"}},
	} {
		page, err := Home(context.Background(), test.zip)
		if err != nil || strings.Contains(page.HTML, "<script") || strings.Contains(page.HTML, "Heat Advisory") {
			t.Errorf("got %v, %s", err, page.HTML)
		}
		for _, want := range test.want {
			if !strings.Contains(page.HTML, want) {
				t.Errorf("no %q in %s", want, page.HTML)
			}
		}
	}
}

// A report is told in local times and in both systems of units.
func TestShow(t *testing.T) {
	night := time.Date(2026, 7, 4, 4, 30, 0, 0, time.UTC)
	r := Report{
		Place: Place{ZIP: "80202", City: "Denver", State: "CO", County: "Denver"}, Zone: "America/Denver",
		Now:      Observation{At: night, Sky: "clear", TempC: -40, WindKmh: 16.1, Humidity: 30},
		Forecast: []Span{{Begin: night.Truncate(12 * time.Hour), Sky: "clear"}, {Begin: night.Truncate(12 * time.Hour).Add(12 * time.Hour), Sky: "clear", TempC: 21.4}},
		Alerts:   []Alert{{Event: "Flood Watch", Until: night.Add(time.Hour)}},
	}
	got := Show(r)
	if got.Fahrenheit != -40 || got.Celsius != -40 || got.Wind != (Wind{10, 16}) || got.Icon != "moon" {
		t.Errorf("now: %+v", got)
	}
	if want := (Moment{"10:30 pm MDT", "2026-07-03T22:30:00-06:00"}); got.Measured != want {
		t.Errorf("measured: %+v", got.Measured)
	}
	if got.Warnings[0].Until.Text != "Friday 11:30 pm MDT" {
		t.Errorf("warned until %s", got.Warnings[0].Until.Text)
	}
	if a, b := got.Week[0], got.Week[1]; a.Name != "Friday night" || a.Icon != "moon" || !a.Night || b.Name != "Saturday" || b.Icon != "clear" || b.Fahrenheit != 71 {
		t.Errorf("forecast: %+v", got.Week)
	}
	r.Zone = "Atlantis"
	if got := Show(r).Measured.Text; got != "4:30 am UTC" {
		t.Errorf("where the zone is not known it is %s", got)
	}
}

// Files are found under the names that the page links, and may be kept for good under those only.
func TestStatic(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /static/{file}", Static)
	get := func(path, has string) *httptest.ResponseRecorder {
		w, r := httptest.NewRecorder(), httptest.NewRequest("GET", path, nil)
		r.Header.Set("If-None-Match", has)
		mux.ServeHTTP(w, r)
		return w
	}
	page, err := Home(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	links := regexp.MustCompile(`href="(/static/[^"]+)"`).FindAllStringSubmatch(page.HTML, -1)
	files, err := fs.ReadDir(static, "static")
	if err != nil || len(links) != len(files) {
		t.Fatalf("%d links to %d files, %v", len(links), len(files), err)
	}
	for _, link := range links {
		w := get(link[1], "")
		if w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %s", link[1], w.Code, w.Header())
		}
		if again := get(link[1], w.Header().Get("ETag")); again.Code != http.StatusNotModified {
			t.Errorf("%s again: %d", link[1], again.Code)
		}
		plain, _, _ := strings.Cut(link[1], "?")
		if w := get(plain, ""); w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "public, max-age=300" {
			t.Errorf("%s: %d %s", plain, w.Code, w.Header())
		}
	}
	for _, path := range []string{"/static/page.html", "/static/..%2Fpage.html", "/static/"} {
		if w := get(path, ""); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

// Cities whose station does not answer are left out; if none does, the board stays as it is.
func TestLookAround(t *testing.T) {
	defer Post(nil)
	if err := LookAround(context.Background()); err != nil {
		t.Fatal(err)
	}
	want := []CityNow{{cities[0].Name, "America/Chicago", observation("10001")}}
	if got := Board(); !slices.Equal(got, want) {
		t.Errorf("the board says %v, want %v", got, want)
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if err := LookAround(gone); !errors.Is(err, fluxo.Unavailable) || !slices.Equal(Board(), want) {
		t.Errorf("no station answers: %v, %v", err, Board())
	}
}
