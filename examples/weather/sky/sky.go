// Package sky makes up the weather: the same for everyone who asks for the same
// place and time, so that any answer can be checked afterwards.
package sky

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"time"
)

// Period is how often a station measures; each at minutes of its own.
const Period = 10 * time.Minute

// An Observation is what a station measured.
type Observation struct {
	At       time.Time `json:"at"`
	Sky      string    `json:"sky"`
	TempC    float64   `json:"temp_c"`
	WindKmh  float64   `json:"wind_kmh"`
	Humidity int       `json:"humidity"`
}

// Observe returns the last observation, as of t, of the station that has this ID
// and lies there, in degrees north and east.
func Observe(station string, lat, lon float64, t time.Time) Observation {
	at := latest(t, Period, station)
	chance := chances("observation", station, at.Unix())
	wet := chance()
	return Observation{
		At:       at,
		Sky:      skyOf(wet),
		TempC:    temperature(lat, lon, at, chance()),
		WindKmh:  round1(40 * chance() * chance()),
		Humidity: 30 + int(wet*65),
	}
}

// temperature follows the latitude, the season and the sun; chance in [0, 1) moves
// it by up to a degree and a half either way.
func temperature(lat, lon float64, at time.Time, chance float64) float64 {
	solar := math.Mod(float64(at.Hour())+float64(at.Minute())/60+lon/15+24, 24) // the sun's own hour
	season := math.Cos(2 * math.Pi * (float64(at.YearDay()) - 200) / 365)
	return round1(30 - math.Abs(lat-20)*0.7 + 11*season + 5*math.Cos(2*math.Pi*(solar-15)/24) + 3*(chance-0.5))
}

// skyOf names the sky: 0 is dry, 1 very wet.
func skyOf(wet float64) string {
	skies := []string{"clear", "partly cloudy", "cloudy", "light rain", "rain", "thunderstorm"}
	return skies[int(wet*wet*float64(len(skies)))]
}

// latest returns the last time not after t at which who, who acts once every
// period at a minute of its own, has acted.
func latest(t time.Time, period time.Duration, who string) time.Time {
	offset := time.Duration(chances("offset", who, 0)()*period.Minutes()) * time.Minute
	return t.UTC().Add(-offset).Truncate(period).Add(offset)
}

// chances returns a source of numbers in [0, 1) that depends on its arguments only:
// splitmix64 from a hash of them.
func chances(what, who string, n int64) func() float64 {
	h := fnv.New64a()
	h.Write([]byte(what))
	h.Write([]byte{0})
	h.Write([]byte(who))
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
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
