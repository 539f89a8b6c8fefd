package main

// What each provider answers when it does.

import (
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"example.com/weather/sky"
	"example.com/weather/stations"
	"example.com/weather/zips"
)

var roleNames = []string{"geocoder", "points", "stations", "forecasts", "warnings"}

// roles returns the handlers of the providers, by their names and patterns. Answers depend on the request
// and the clock alone.
func roles(known []zips.ZIP, measuring []stations.Station, clock func() time.Time) map[string]map[string]http.HandlerFunc {
	return map[string]map[string]http.HandlerFunc{
		"geocoder":  geocoder(known),
		"points":    {"GET /points/{at}": points(stations.NewIndex(measuring))},
		"stations":  {"GET /stations/{id}/observations/latest": observations(measuring, clock)},
		"forecasts": {"GET /gridpoints/{office}/{cell}/forecast": forecasts(clock)},
		"warnings":  {"GET /alerts/active/area/{state}": warnings(known, clock)},
	}
}

// A place is a ZIP code as the geocoder tells it.
type place struct {
	ZIP    string  `json:"zip"`
	City   string  `json:"city"`
	County string  `json:"county"`
	State  string  `json:"state"`
	Lat    float64 `json:"lat"`
	Lon    float64 `json:"lon"`
}

// maxBox is how many places the geocoder lists of a box: the first by ZIP code.
const maxBox = 20

func geocoder(known []zips.ZIP) map[string]http.HandlerFunc {
	places := make([]place, len(known))
	byZIP := make(map[string]place, len(known))
	for i, z := range known {
		places[i] = place{z.Code, z.City, z.County, z.State, z.Lat, z.Lon}
		byZIP[z.Code] = places[i]
	}
	sort.Slice(places, func(i, j int) bool { return places[i].ZIP < places[j].ZIP })
	return map[string]http.HandlerFunc{
		"GET /zip/{zip}": func(w http.ResponseWriter, r *http.Request) {
			at, ok := byZIP[r.PathValue("zip")]
			if !ok {
				http.Error(w, "no such ZIP code", http.StatusNotFound)
				return
			}
			answer(w, at)
		},
		"GET /box": func(w http.ResponseWriter, r *http.Request) {
			q := r.URL.Query()
			box, ok := numbers(q.Get("south"), q.Get("west"), q.Get("north"), q.Get("east"))
			if !ok {
				http.Error(w, "south, west, north and east are degrees", http.StatusBadRequest)
				return
			}
			in := []place{}
			for _, p := range places {
				if box[0] <= p.Lat && p.Lat <= box[2] && box[1] <= p.Lon && p.Lon <= box[3] && len(in) < maxBox {
					in = append(in, p)
				}
			}
			answer(w, in)
		},
	}
}

// A point says who is responsible for a place.
type point struct {
	Office  string `json:"office"`
	X       int    `json:"x"`
	Y       int    `json:"y"`
	Station string `json:"station"`
	Zone    string `json:"zone"`
}

func points(index *stations.Index) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		at, ok := pair(r.PathValue("at"))
		if !ok {
			http.Error(w, "a point is /points/LATITUDE,LONGITUDE, in degrees", http.StatusBadRequest)
			return
		}
		cell, station := sky.CellAt(at[0], at[1]), index.Nearest(at[0], at[1])
		answer(w, point{cell.Office, cell.X, cell.Y, station.ID, station.Zone})
	}
}

func observations(measuring []stations.Station, clock func() time.Time) http.HandlerFunc {
	byID := make(map[string]stations.Station, len(measuring))
	for _, s := range measuring {
		byID[s.ID] = s
	}
	return func(w http.ResponseWriter, r *http.Request) {
		s, ok := byID[r.PathValue("id")]
		if !ok {
			http.Error(w, "no such station", http.StatusNotFound)
			return
		}
		answer(w, sky.Observe(s.ID, s.Lat, s.Lon, clock()))
	}
}

func forecasts(clock func() time.Time) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		cell, ok := pair(r.PathValue("cell"))
		if !ok {
			http.Error(w, "a cell is X,Y", http.StatusBadRequest)
			return
		}
		week, ok := sky.Forecast(sky.Cell{Office: r.PathValue("office"), X: int(cell[0]), Y: int(cell[1])}, clock())
		if !ok {
			http.Error(w, "no such cell", http.StatusNotFound)
			return
		}
		answer(w, week)
	}
}

func warnings(known []zips.ZIP, clock func() time.Time) http.HandlerFunc {
	counties := make(map[string][]string)
	for _, z := range known {
		counties[z.State] = append(counties[z.State], z.County)
	}
	for state, names := range counties {
		slices.Sort(names)
		counties[state] = slices.Compact(names)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		state := r.PathValue("state")
		in, ok := counties[state]
		if !ok {
			http.Error(w, "no such state", http.StatusNotFound)
			return
		}
		answer(w, sky.Alerts(state, in, clock()))
	}
}

// pair reads two numbers with a comma between.
func pair(s string) ([]float64, bool) {
	a, b, ok := strings.Cut(s, ",")
	if !ok {
		return nil, false
	}
	return numbers(a, b)
}

// numbers reads finite numbers.
func numbers(texts ...string) ([]float64, bool) {
	values := make([]float64, len(texts))
	for i, text := range texts {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
		values[i] = v
	}
	return values, true
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // an error means that the client is gone
}
