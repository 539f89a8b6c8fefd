package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"example.com/weather/sky"
	"example.com/weather/stations"
	"example.com/weather/zips"
	"fluxo.dev/fluxo/bench/weather/expert/core"
)

// A world is what the providers know, and how slow and unreliable they are.
type world struct {
	zips     []zips.ZIP // by latitude
	byCode   map[string]zips.ZIP
	index    *stations.Index
	profiles map[string]profile
	week     []byte // a forecast: any

	mu     sync.Mutex
	points map[string][]byte
}

// A profile is a provider's entry of profiles.json.
type profile struct {
	P50    float64 `json:"p50_ms"`
	P95    float64 `json:"p95_ms"`
	Errors float64 `json:"error_rate"`
}

// newWorld reads the profiles of the example's providers; data is as FLUXO_DATA.
func newWorld(profiles, data string) (*world, error) {
	text, err := os.ReadFile(profiles)
	if err != nil {
		return nil, err
	}
	var file struct {
		Providers map[string]profile `json:"providers"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", profiles, err)
	}
	known, _, err := zips.Load(data)
	if err != nil {
		return nil, err
	}
	measuring, _, err := stations.Load(data)
	if err != nil {
		return nil, err
	}
	w := &world{zips: slices.Clone(known), byCode: map[string]zips.ZIP{}, index: stations.NewIndex(measuring), profiles: file.Providers, points: map[string][]byte{}}
	for _, z := range known {
		w.byCode[z.Code] = z
	}
	slices.SortFunc(w.zips, func(a, b zips.ZIP) int {
		if a.Lat < b.Lat {
			return -1
		}
		return 1
	})
	spans, _ := sky.Forecast(sky.CellAt(40, -100), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	w.week, err = json.Marshal(spans)
	return w, err
}

var errBroken = errors.New("out of order for a moment")

// fetcher answers as the providers do, in the time that they take.
func (w *world) fetcher(seed uint64) core.Fetcher {
	var mu sync.Mutex
	rng := rand.New(rand.NewPCG(seed, 7))
	return func(ctx context.Context, p core.Provider, path string) ([]byte, error) {
		profile := w.profiles[p.Base]
		mu.Lock()
		sigma := math.Log(profile.P95/profile.P50) / 1.6449
		took := time.Duration(profile.P50 * math.Exp(sigma*rng.NormFloat64()) * float64(time.Millisecond))
		broken := rng.Float64() < profile.Errors
		mu.Unlock()
		timer := time.NewTimer(took)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return nil, core.Unavailable(ctx.Err())
		}
		if broken {
			return nil, core.Unavailable(errBroken)
		}
		return w.answer(path)
	}
}

func (w *world) answer(path string) ([]byte, error) {
	part := strings.Split(path, "/")
	switch {
	case part[1] == "zip":
		return json.Marshal(place(w.byCode[part[2]]))
	case strings.HasPrefix(path, "/box?"):
		return w.box(path[len("/box?"):])
	case part[1] == "points":
		return w.point(part[2])
	case part[1] == "stations":
		return []byte(`{"at":"2026-03-01T12:00:00Z","sky":"clear","temp_c":1.5}`), nil
	case part[1] == "gridpoints":
		return w.week, nil
	}
	return []byte(`[{"event":"Flood Watch","counties":["Oak"],"until":"2026-03-01T12:00:00Z"}]`), nil
}

func place(z zips.ZIP) map[string]any {
	return map[string]any{"zip": z.Code, "city": z.City, "county": z.County, "state": z.State, "lat": z.Lat, "lon": z.Lon}
}

// box lists the first twenty places of a box.
func (w *world) box(query string) ([]byte, error) {
	q, err := url.ParseQuery(query)
	if err != nil {
		return nil, err
	}
	number := func(name string) float64 { f, _ := strconv.ParseFloat(q.Get(name), 64); return f }
	south, west, north, east := number("south"), number("west"), number("north"), number("east")
	from, _ := slices.BinarySearchFunc(w.zips, south, func(z zips.ZIP, lat float64) int {
		if z.Lat < lat {
			return -1
		}
		return 1
	})
	in := []zips.ZIP{}
	for _, z := range w.zips[from:] {
		if z.Lat > north {
			break
		}
		if west <= z.Lon && z.Lon <= east {
			in = append(in, z)
		}
	}
	slices.SortFunc(in, func(a, b zips.ZIP) int { return strings.Compare(a.Code, b.Code) })
	out := []map[string]any{}
	for _, z := range in[:min(len(in), 20)] {
		out = append(out, place(z))
	}
	return json.Marshal(out)
}

func (w *world) point(at string) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if text, ok := w.points[at]; ok {
		return text, nil
	}
	var lat, lon float64
	if _, err := fmt.Sscanf(at, "%g,%g", &lat, &lon); err != nil {
		return nil, err
	}
	cell, station := sky.CellAt(lat, lon), w.index.Nearest(lat, lon)
	text, err := json.Marshal(map[string]any{"office": cell.Office, "x": cell.X, "y": cell.Y, "station": station.ID, "zone": station.Zone})
	w.points[at] = text
	return text, err
}
