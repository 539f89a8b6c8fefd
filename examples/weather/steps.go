package weather

// The steps: each asks one provider over HTTP. But for the geocoder they have the
// paths of the US National Weather Service's API.

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"strconv"
)

// Where the providers are. A demo starts its own and names them here.
var (
	geocoder  = provider{"the geocoder", base("WEATHER_GEOCODER")}
	points    = provider{"the map of offices and stations", base("WEATHER_POINTS")}
	stations  = provider{"the weather stations", base("WEATHER_STATIONS")}
	forecasts = provider{"the forecast offices", base("WEATHER_FORECASTS")}
	warnings  = provider{"the warning centre", base("WEATHER_WARNINGS")}
)

func base(env string) string { return cmp.Or(os.Getenv(env), "http://localhost:7101") }

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

// Near finds who is responsible for a point on the map, in degrees.
//
//fluxo:volatile 24h
//fluxo:timeout 2s
func Near(ctx context.Context, lat, lon float64) (Point, error) {
	var point Point
	err := points.get(ctx, "/points/"+degrees(lat)+","+degrees(lon), &point)
	return point, err
}

// Observe asks for the latest observation of a station.
//
//fluxo:volatile 10m onerror=6h
//fluxo:timeout 2s
func Observe(ctx context.Context, station string) (Observation, error) {
	var now Observation
	err := stations.get(ctx, "/stations/"+url.PathEscape(station)+"/observations/latest", &now)
	return now, err
}

// Forecast asks for the coming week in one cell of an office's grid.
//
//fluxo:volatile 1h
//fluxo:timeout 2s
func Forecast(ctx context.Context, office string, x, y int) ([]Span, error) {
	var week []Span
	err := forecasts.get(ctx, fmt.Sprintf("/gridpoints/%s/%d,%d/forecast", url.PathEscape(office), x, y), &week)
	return week, err
}

// Alerts asks for the warnings in force in a state.
//
//fluxo:volatile 2m
//fluxo:timeout 2s
func Alerts(ctx context.Context, state string) ([]Alert, error) {
	var alerts []Alert
	err := warnings.get(ctx, "/alerts/active/area/"+url.PathEscape(state), &alerts)
	return alerts, err
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }
