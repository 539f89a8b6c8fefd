// Package weather tells the weather at US ZIP codes. It is written as if every
// call were free: one after another, no cache, no goroutine, no router.
package weather

import (
	"context"
	"time"

	"fluxo.dev/fluxo"
)

// A Place is a ZIP code's area.
type Place struct {
	ZIP   string  `json:"zip"`
	City  string  `json:"city"`
	State string  `json:"state"`
	Lat   float64 `json:"lat"` // degrees north
	Lon   float64 `json:"lon"` // degrees east
}

// An Observation is what one station measured.
type Observation struct {
	At       time.Time `json:"at"`
	Sky      string    `json:"sky"`
	TempC    float64   `json:"temp_c"`
	WindKmh  float64   `json:"wind_kmh"`
	Humidity int       `json:"humidity"` // percent
}

// An Alert is an official warning.
type Alert struct {
	Event string    `json:"event"`
	Until time.Time `json:"until"`
}

// A Report is the weather at a place.
type Report struct {
	Place  Place       `json:"place"`
	Now    Observation `json:"now"`
	Alerts []Alert     `json:"alerts"`
}

// Weather reports on one ZIP code.
//
//fluxo:get /weather/{zip}
func Weather(ctx context.Context, zip string) (Report, error) {
	at, err := Locate(ctx, zip)
	if err != nil {
		return Report{}, err
	}
	now, err := Observe(ctx, at)
	if err != nil {
		return Report{}, err
	}
	alerts, err := Alerts(ctx, at)
	if err != nil {
		return Report{}, err
	}
	return Report{Place: at, Now: now, Alerts: alerts}, nil
}

// maxList is how many ZIP codes one request may ask for.
const maxList = 50

// List reports on several ZIP codes, in their order.
//
//fluxo:get /weather
func List(ctx context.Context, zip []string) ([]Report, error) {
	if len(zip) == 0 || len(zip) > maxList {
		return nil, fluxo.Invalid.Errorf("ask for 1 to %d ZIP codes, not %d: /weather?zip=60601&zip=94103", maxList, len(zip))
	}
	reports := make([]Report, 0, len(zip))
	for _, z := range zip {
		report, err := Weather(ctx, z)
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
	}
	return reports, nil
}

// A Reading is the weather at one place of a region.
type Reading struct {
	Place Place       `json:"place"`
	Now   Observation `json:"now"`
}

// Region reads the weather all over a box on the map. Places whose station does
// not answer are left out.
//
//fluxo:get /region
func Region(ctx context.Context, south, west, north, east float64) ([]Reading, error) {
	if south >= north || west >= east {
		return nil, fluxo.Invalid.Errorf("south must be less than north and west less than east")
	}
	places, err := Places(ctx, Box{south, west, north, east})
	if err != nil {
		return nil, err
	}
	readings := make([]Reading, 0, len(places))
	for _, at := range places {
		now, err := Observe(ctx, at)
		if err != nil {
			continue
		}
		readings = append(readings, Reading{Place: at, Now: now})
	}
	return readings, nil
}
