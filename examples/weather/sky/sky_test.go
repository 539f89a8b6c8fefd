package sky

import (
	"math/rand/v2"
	"reflect"
	"testing"
	"time"
)

// Any two who ask for the same place and period are told the same, and the weather is
// one that people can live in.
func TestSky(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	alerts := 0
	const places = 5000
	for range places {
		lat, lon := 25+23*rng.Float64(), -124+57*rng.Float64()
		at := time.Date(2026, 1, 1, 0, rng.IntN(365*24*60), 0, 0, time.UTC)
		first, later := Observe(lat, lon, at.Truncate(Period)), Observe(lat, lon, at.Truncate(Period).Add(Period-1))
		if first != later {
			t.Fatalf("%v and %v in one period", first, later)
		}
		if first.TempC < -40 || first.TempC > 55 || first.WindKmh < 0 || first.Humidity < 0 || first.Humidity > 100 || first.Sky == "" {
			t.Fatalf("at %v %v: %+v", lat, lon, first)
		}
		warnings := Alerts(lat, lon, at)
		if !reflect.DeepEqual(warnings, Alerts(lat, lon, at)) {
			t.Fatal("warnings differ")
		}
		alerts += len(warnings)
		for _, a := range warnings {
			if !a.Until.After(at) {
				t.Fatalf("at %v a warning until %v", at, a.Until)
			}
		}
	}
	if share := float64(alerts) / places; share < alertChance/2 || share > alertChance*2 {
		t.Errorf("%.3f warnings a place, about %.2f expected", share, alertChance)
	}
}
