// Package sky makes up the weather: the same for everyone who asks for the same
// place and time, so that any answer can be checked afterwards.
package sky

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"time"
)

// Period is how often a station measures.
const Period = 10 * time.Minute

// An Observation is what a station measured.
type Observation struct {
	At       time.Time `json:"at"`
	Sky      string    `json:"sky"`
	TempC    float64   `json:"temp_c"`
	WindKmh  float64   `json:"wind_kmh"`
	Humidity int       `json:"humidity"`
}

// Observe returns the last observation at a place, in degrees north and east, as of t.
func Observe(lat, lon float64, t time.Time) Observation {
	at := t.UTC().Truncate(Period)
	chance := chances("observation", lat, lon, at)
	solar := math.Mod(float64(at.Hour())+float64(at.Minute())/60+lon/15+24, 24) // the sun's own hour
	season := math.Cos(2 * math.Pi * (float64(at.YearDay()) - 200) / 365)
	temp := 30 - math.Abs(lat-20)*0.7 + 11*season + 5*math.Cos(2*math.Pi*(solar-15)/24) + 3*(chance()-0.5)
	skies := []string{"clear", "partly cloudy", "cloudy", "light rain", "rain", "thunderstorm"}
	wet := chance()
	return Observation{
		At:       at,
		Sky:      skies[int(wet*wet*float64(len(skies)))],
		TempC:    round1(temp),
		WindKmh:  round1(40 * chance() * chance()),
		Humidity: 30 + int(wet*65),
	}
}

// An Alert is an official warning.
type Alert struct {
	Event string    `json:"event"`
	Until time.Time `json:"until"`
}

// Warnings are issued for areas of a degree by a degree, for six hours at a time.
const (
	alertPeriod = 6 * time.Hour
	alertChance = 0.08
)

// Alerts returns the warnings in force at a place as of t; never nil.
func Alerts(lat, lon float64, t time.Time) []Alert {
	since := t.UTC().Truncate(alertPeriod)
	chance := chances("alerts", math.Floor(lat), math.Floor(lon), since)
	alerts := []Alert{}
	for _, event := range []string{"High Wind Warning", "Flood Watch", "Heat Advisory"} {
		if chance() < alertChance/3 {
			alerts = append(alerts, Alert{Event: event, Until: since.Add(alertPeriod)})
		}
	}
	return alerts
}

// chances returns a source of numbers in [0, 1) that depends on its arguments only:
// splitmix64 from a hash of them.
func chances(what string, lat, lon float64, at time.Time) func() float64 {
	h := fnv.New64a()
	h.Write([]byte(what))
	var b [24]byte
	binary.BigEndian.PutUint64(b[0:], math.Float64bits(lat))
	binary.BigEndian.PutUint64(b[8:], math.Float64bits(lon))
	binary.BigEndian.PutUint64(b[16:], uint64(at.Unix()))
	h.Write(b[:])
	state := h.Sum64()
	return func() float64 {
		state += 0x9e3779b97f4a7c15
		z := state
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		z ^= z >> 31
		return float64(z>>11) / (1 << 53)
	}
}

func round1(v float64) float64 { return math.Round(v*10) / 10 }
