package sky

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// anyTime draws a second of a year.
func anyTime(rng *rand.Rand) time.Time {
	return time.Date(2026, 1, 1, 0, 0, rng.IntN(365*24*3600), 0, time.UTC)
}

// Any two who ask for the same station and period are told the same, and the weather
// is one that people can live in.
func TestObservations(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	minutes := map[int]bool{}
	for n := range 5000 {
		station, lat, lon := fmt.Sprint("S", n), 25+23*rng.Float64(), -124+57*rng.Float64()
		at := anyTime(rng)
		first := Observe(station, lat, lon, at)
		if first.At.After(at) || !first.At.Add(Period).After(at) {
			t.Fatalf("measured at %v, asked at %v", first.At, at)
		}
		if later := Observe(station, lat, lon, first.At.Add(Period-1)); first != later {
			t.Fatalf("%v and %v in one period", first, later)
		}
		if next := Observe(station, lat, lon, first.At.Add(Period)); next.At != first.At.Add(Period) {
			t.Fatalf("the next is of %v", next.At)
		}
		if first.TempC < -40 || first.TempC > 55 || first.WindKmh < 0 || first.Humidity < 0 || first.Humidity > 100 || first.Sky == "" {
			t.Fatalf("at %v %v: %+v", lat, lon, first)
		}
		minutes[first.At.Minute()%10] = true
	}
	if len(minutes) != 10 {
		t.Errorf("stations measure at %d different minutes of ten", len(minutes))
	}
}

// Cells are 2.5 km wide and high, and the cell of a cell's middle is that cell.
func TestCells(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	const kmLat = 111.2
	for range 5000 {
		lat, lon := 160*rng.Float64()-80, 360*rng.Float64()-180
		c := CellAt(lat, lon)
		midLat, midLon, ok := c.Centre()
		if !ok || CellAt(midLat, midLon) != c && midLon < math.Floor(lon/officeLon)*officeLon+officeLon && midLat < math.Floor(lat/officeLat)*officeLat+officeLat {
			t.Fatalf("%v %v is in %v, its middle %v %v in %v", lat, lon, c, midLat, midLon, CellAt(midLat, midLon))
		}
		north, east := math.Abs(midLat-lat)*kmLat, math.Abs(midLon-lon)*kmLat*math.Cos(lat*math.Pi/180)
		if north > 1.26 || math.Abs(lat) < 60 && east > 1.35 {
			t.Fatalf("%v %v is %v and %v km from the middle of its cell", lat, lon, north, east)
		}
	}
	for _, c := range []Cell{{"", 1, 1}, {"ABCD", 1, 1}, {"ab1", 1, 1}, {"ZZZ", 1, 1}, {"AAA", -1, 0}, {"DDD", 1_000_000, 0}, {"DDD", 0, 200}} {
		if _, ok := Forecast(c, time.Unix(0, 0)); ok {
			t.Errorf("there is a forecast for %v", c)
		}
	}
}

func TestForecastsAreIssuedOncePerHour(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	for range 500 {
		c := CellAt(25+23*rng.Float64(), -124+57*rng.Float64())
		at := anyTime(rng)
		issued := latest(at, ForecastPeriod, c.Office)
		week, ok := Forecast(c, at)
		if again, _ := Forecast(c, issued.Add(ForecastPeriod-1)); !ok || len(week) != spans || !reflect.DeepEqual(week, again) {
			t.Fatalf("%v: %v and %v", c, week, again)
		}
		if next, _ := Forecast(c, issued.Add(ForecastPeriod)); reflect.DeepEqual(week, next) {
			t.Fatalf("%v: nothing new after an hour", c)
		}
		for i, s := range week {
			if s.Rain < 0 || s.Rain > 100 || s.TempC < -40 || s.TempC > 55 || i == 0 && s.Begin.After(at) || i > 0 && s.Begin.Sub(week[i-1].Begin) != spanTime {
				t.Fatalf("%v", s)
			}
		}
	}
}

// Warnings are in force until they end, and change on full minutes only.
func TestAlerts(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	alerts := 0
	const states, perState = 500, 20
	for n := range states {
		var counties []string
		for c := range perState {
			counties = append(counties, fmt.Sprint("county ", c))
		}
		state, at := fmt.Sprint(n), anyTime(rng).Truncate(time.Minute)
		inForce := Alerts(state, counties, at)
		if inForce == nil || !reflect.DeepEqual(inForce, Alerts(state, counties, at.Add(time.Minute-1))) {
			t.Fatalf("at %v: %v", at, inForce)
		}
		alerts += len(inForce)
		for _, a := range inForce {
			if !a.Until.After(at) || a.Until.After(at.Add(alertPeriod)) {
				t.Fatalf("at %v a warning until %v", at, a.Until)
			}
		}
	}
	if share := float64(alerts) / states / perState; share < alertChance/2 || share > alertChance*2 {
		t.Errorf("%.3f warnings a county, about %.2f expected", share, alertChance)
	}
}
