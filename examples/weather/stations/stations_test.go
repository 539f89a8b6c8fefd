package stations

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// The index finds what looking at all stations finds, anywhere on Earth.
func TestNearestIsTheNearest(t *testing.T) {
	all, source, err := Load("")
	if err != nil || len(all) != syntheticCount || !strings.Contains(source, "made-up") {
		t.Fatalf("%d stations, %s, %v", len(all), source, err)
	}
	if again, _, _ := Load(""); !reflect.DeepEqual(all, again) {
		t.Fatal("two calls make up two sets of stations")
	}
	rng := rand.New(rand.NewPCG(1, 0))
	all = append(all, Station{ID: "pole", Lat: 90}, Station{ID: "east", Lat: -17, Lon: 179.9}, Station{ID: "west", Lat: -17, Lon: -179.8})
	x := NewIndex(all)
	for n := range 3000 {
		lat, lon := 24+26*rng.Float64(), -126+60*rng.Float64()
		if n%3 == 0 { // anywhere
			lat, lon = math.Asin(2*rng.Float64()-1)*180/math.Pi, 360*rng.Float64()-180
		}
		want, least := "", math.Inf(1)
		for _, s := range all {
			if d := greatCircle(lat, lon, s.Lat, s.Lon); d < least {
				want, least = s.ID, d
			}
		}
		if got := x.Nearest(lat, lon); got.ID != want {
			t.Fatalf("%v %v: %s is %v radians away, %s %v", lat, lon, got.ID, greatCircle(lat, lon, got.Lat, got.Lon), want, least)
		}
	}
	if got := x.Nearest(-17, -179.99); got.ID != "east" {
		t.Errorf("beyond the date line: %s", got.ID)
	}
}

// greatCircle is the haversine formula, in radians.
func greatCircle(lat1, lon1, lat2, lon2 float64) float64 {
	rad := math.Pi / 180
	h := func(d float64) float64 { return math.Pow(math.Sin(d*rad/2), 2) }
	return 2 * math.Asin(math.Sqrt(h(lat2-lat1)+math.Cos(lat1*rad)*math.Cos(lat2*rad)*h(lon2-lon1)))
}

func TestRealStations(t *testing.T) {
	data := t.TempDir()
	if _, _, err := Load(data); err == nil || !strings.Contains(err.Error(), "FLUXO_DATA") {
		t.Errorf("an empty folder: %v", err)
	}
	os.MkdirAll(filepath.Join(data, "weather"), 0o755)
	const head = "id,icao,wmo,name,region,lat,lon,elev,tz\n"
	for text, problem := range map[string]string{
		head + "04AEH,KOIC,,Norwich,NY,42.5,-75.5,312,America/New_York\n": "",
		head:      "no rows",
		"id\nx\n": "nine columns",
		head + "04AEH,KOIC,,Norwich,NY,north,-75.5,312,America/New_York\n": "row 2",
	} {
		if err := os.WriteFile(filepath.Join(data, "weather", "stations-us.csv"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		got, _, err := Load(data)
		if want := []Station{{"04AEH", "Norwich", 42.5, -75.5, "America/New_York"}}; problem == "" && (err != nil || !reflect.DeepEqual(got, want)) {
			t.Errorf("got %v, %v", got, err)
		}
		if problem != "" && (err == nil || !strings.Contains(err.Error(), problem)) {
			t.Errorf("%q: %v; want %s", text, err, problem)
		}
	}
}
