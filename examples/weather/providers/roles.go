package main

// What each provider answers when it does.

import (
	"encoding/json"
	"net/http"
	"sort"
	"strconv"
	"time"

	"example.com/weather/sky"
	"example.com/weather/zips"
)

// roles returns the providers by name.
func roles(known []zips.ZIP, clock func() time.Time) map[string]http.Handler {
	return map[string]http.Handler{
		"geocoder": geocoder(known),
		"stations": atPosition("GET /observation", func(lat, lon float64) any { return sky.Observe(lat, lon, clock()) }),
		"warnings": atPosition("GET /alerts", func(lat, lon float64) any { return sky.Alerts(lat, lon, clock()) }),
	}
}

// A place is a ZIP code as the geocoder tells it.
type place struct {
	ZIP   string  `json:"zip"`
	City  string  `json:"city"`
	State string  `json:"state"`
	Lat   float64 `json:"lat"`
	Lon   float64 `json:"lon"`
}

// maxBox is how many places the geocoder lists of a box: the first by ZIP code.
const maxBox = 20

func geocoder(known []zips.ZIP) http.Handler {
	places := make([]place, len(known))
	byZIP := make(map[string]place, len(known))
	for i, z := range known {
		places[i] = place{z.Code, z.City, z.State, z.Lat, z.Lon}
		byZIP[z.Code] = places[i]
	}
	sort.Slice(places, func(i, j int) bool { return places[i].ZIP < places[j].ZIP })
	mux := http.NewServeMux()
	mux.HandleFunc("GET /zip/{zip}", func(w http.ResponseWriter, r *http.Request) {
		at, ok := byZIP[r.PathValue("zip")]
		if !ok {
			http.Error(w, "no such ZIP code", http.StatusNotFound)
			return
		}
		answer(w, at)
	})
	mux.HandleFunc("GET /box", func(w http.ResponseWriter, r *http.Request) {
		box, ok := floats(r, "south", "west", "north", "east")
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
	})
	return mux
}

// atPosition answers pattern with what is found at ?lat= and &lon=.
func atPosition(pattern string, find func(lat, lon float64) any) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		at, ok := floats(r, "lat", "lon")
		if !ok {
			http.Error(w, "lat and lon are degrees", http.StatusBadRequest)
			return
		}
		answer(w, find(at[0], at[1]))
	})
	return mux
}

func floats(r *http.Request, names ...string) ([]float64, bool) {
	query := r.URL.Query()
	values := make([]float64, len(names))
	for i, name := range names {
		v, err := strconv.ParseFloat(query.Get(name), 64)
		if err != nil {
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
