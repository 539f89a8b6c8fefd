package weather

// The steps: each asks one provider over HTTP.

import (
	"context"
	"net/url"
	"os"
	"strconv"
)

// Where the providers are. A demo starts its own and names them here.
var (
	geocoder = provider{"the geocoder", base("WEATHER_GEOCODER", "http://localhost:7101")}
	stations = provider{"the weather stations", base("WEATHER_STATIONS", "http://localhost:7102")}
	warnings = provider{"the warning centre", base("WEATHER_WARNINGS", "http://localhost:7103")}
)

func base(env, byDefault string) string {
	if v := os.Getenv(env); v != "" {
		return v
	}
	return byDefault
}

// Locate finds the place of a ZIP code.
//
//fluxo:volatile 24h errors=NotFound
//fluxo:timeout 2s
func Locate(ctx context.Context, zip string) (Place, error) {
	var at Place
	err := geocoder.get(ctx, "/zip/"+url.PathEscape(zip), &at)
	return at, err
}

// A Box is an area between two parallels and two meridians, in degrees.
type Box struct {
	South, West, North, East float64
}

// Places finds the places in a box.
//
//fluxo:volatile 24h
//fluxo:timeout 2s
func Places(ctx context.Context, in Box) ([]Place, error) {
	var places []Place
	query := url.Values{
		"south": {degrees(in.South)}, "west": {degrees(in.West)},
		"north": {degrees(in.North)}, "east": {degrees(in.East)},
	}
	err := geocoder.get(ctx, "/box?"+query.Encode(), &places)
	return places, err
}

// Observe asks for the latest observation at a place.
//
//fluxo:volatile 10m onerror=6h
//fluxo:timeout 2s
func Observe(ctx context.Context, at Place) (Observation, error) {
	var now Observation
	err := stations.get(ctx, "/observation?"+position(at), &now)
	return now, err
}

// Alerts asks for the warnings in force at a place.
//
//fluxo:volatile 2m
//fluxo:timeout 2s
func Alerts(ctx context.Context, at Place) ([]Alert, error) {
	var alerts []Alert
	err := warnings.get(ctx, "/alerts?"+position(at), &alerts)
	return alerts, err
}

func position(at Place) string {
	return url.Values{"lat": {degrees(at.Lat)}, "lon": {degrees(at.Lon)}}.Encode()
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }
