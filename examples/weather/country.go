package weather

// The weather across the country, which the page shows whoever asks: a dozen
// cities, looked at every ten minutes and kept on a board in this process.

import (
	"context"
	"slices"
	"sync"

	"fluxo.dev/fluxo"
)

// A City of the board.
type City struct {
	Name     string
	Lat, Lon float64
}

var cities = []City{
	{"Albany, NY", 42.65, -73.75}, {"Atlanta, GA", 33.75, -84.39}, {"Austin, TX", 30.27, -97.74},
	{"Boston, MA", 42.36, -71.06}, {"Denver, CO", 39.74, -104.98}, {"Lansing, MI", 42.73, -84.55},
	{"Phoenix, AZ", 33.45, -112.07}, {"Sacramento, CA", 38.58, -121.49}, {"Saint Paul, MN", 44.95, -93.09},
	{"Salem, OR", 44.94, -123.04}, {"Springfield, IL", 39.78, -89.65}, {"Tallahassee, FL", 30.44, -84.28},
}

// A CityNow is the weather in a city of the board.
type CityNow struct {
	Name, Zone string
	Now        Observation
}

// LookAround renews the board. Cities whose station does not answer are left out; if none
// does, the board stays as it is.
//
//fluxo:every 10m
func LookAround(ctx context.Context) error {
	around := make([]CityNow, 0, len(cities))
	for _, c := range cities {
		point, err := Near(ctx, c.Lat, c.Lon)
		if err != nil {
			continue
		}
		now, err := Observe(ctx, point.Station)
		if err != nil {
			continue
		}
		around = append(around, CityNow{c.Name, point.Zone, now})
	}
	if len(around) == 0 {
		return fluxo.Unavailable.Errorf("no station answered")
	}
	Post(around)
	return nil
}

var board struct {
	sync.Mutex
	around []CityNow
}

// Post puts what is known now on the board.
//
//fluxo:writes board
func Post(around []CityNow) {
	board.Lock()
	defer board.Unlock()
	board.around = slices.Clone(around)
}

// Board reads the board.
//
//fluxo:reads board within=1m
func Board() []CityNow {
	board.Lock()
	defer board.Unlock()
	return slices.Clone(board.around)
}
