// Package weather tells the weather at US ZIP codes. It is written as if every
// call were free: one after another, no cache, no goroutine, no router.
package weather

import (
	"context"
	"slices"

	"fluxo.dev/fluxo"
)

// Weather reports on one ZIP code.
//
//fluxo:get /weather/{zip}
func Weather(ctx context.Context, zip string) (Report, error) {
	at, err := Locate(ctx, zip)
	if err != nil {
		return Report{}, err
	}
	point, err := Near(ctx, at.Lat, at.Lon)
	if err != nil {
		return Report{}, err
	}
	now, err := Observe(ctx, point.Station)
	if err != nil {
		return Report{}, err
	}
	forecast, err := Forecast(ctx, point.Office, point.X, point.Y)
	if err != nil {
		return Report{}, err
	}
	alerts, err := Alerts(ctx, at.State)
	if err != nil {
		return Report{}, err
	}
	return Report{Place: at, Zone: point.Zone, Now: now, Forecast: forecast, Alerts: inCounty(alerts, at.County)}, nil
}

// inCounty leaves the warnings that are for a county.
func inCounty(alerts []Alert, county string) []Alert {
	in := []Alert{}
	for _, a := range alerts {
		if slices.Contains(a.Counties, county) {
			in = append(in, a)
		}
	}
	return in
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
		point, err := Near(ctx, at.Lat, at.Lon)
		if err != nil {
			continue
		}
		now, err := Observe(ctx, point.Station)
		if err != nil {
			continue
		}
		readings = append(readings, Reading{Place: at, Now: now})
	}
	return readings, nil
}
