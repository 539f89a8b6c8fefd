// Package stations knows the weather stations of the example, and which of them
// is the nearest: a seeded synthetic set, or the real ones where FLUXO_DATA
// names a folder that has them.
package stations

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"example.com/weather/zips"
)

// A Station measures the weather.
type Station struct {
	ID, Name string
	Lat, Lon float64 // degrees north and east
	Zone     string  // of clocks there: America/Chicago
}

// Load returns the stations and, for people, where they are from: the file
// weather/stations-us.csv below the folder data, or, if data is "", made up.
func Load(data string) (stations []Station, source string, err error) {
	if data == "" {
		known, _, err := zips.Load("")
		if err != nil {
			return nil, "", err
		}
		return synthetic(known), fmt.Sprintf("%d made-up stations", syntheticCount), nil
	}
	name := filepath.Join(data, "weather", "stations-us.csv")
	file, err := os.Open(name)
	if err != nil {
		return nil, "", fmt.Errorf("FLUXO_DATA: %w", err)
	}
	defer file.Close()
	stations, err = read(file)
	if err != nil {
		return nil, "", fmt.Errorf("FLUXO_DATA: %s: %w", name, err)
	}
	return stations, fmt.Sprintf("%d US stations", len(stations)), nil
}

// read reads the columns id, icao, wmo, name, region, lat, lon, elev, tz.
func read(r io.Reader) ([]Station, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 || len(rows[0]) < 9 {
		return nil, errors.New("it has no rows, or fewer than nine columns")
	}
	stations := make([]Station, 0, len(rows)-1)
	for i, row := range rows[1:] {
		lat, latErr := strconv.ParseFloat(row[5], 64)
		lon, lonErr := strconv.ParseFloat(row[6], 64)
		if latErr != nil || lonErr != nil {
			return nil, fmt.Errorf("row %d: station %q lies nowhere", i+2, row[0])
		}
		stations = append(stations, Station{ID: row[0], Name: row[3], Lat: lat, Lon: lon, Zone: row[8]})
	}
	return stations, nil
}

const (
	syntheticCount = 2900 // as many as there are real ones
	syntheticSeed  = 19480226
)

// synthetic makes up stations near where people live. The same on every machine.
func synthetic(known []zips.ZIP) []Station {
	rng := rand.New(rand.NewPCG(syntheticSeed, 0))
	round := func(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }
	stations := make([]Station, syntheticCount)
	for i := range stations {
		near := known[rng.IntN(len(known))]
		stations[i] = Station{
			ID:   fmt.Sprintf("X%04d", i),
			Name: near.City,
			Lat:  round(near.Lat + rng.NormFloat64()*0.05),
			Lon:  round(near.Lon + rng.NormFloat64()*0.05),
		}
		stations[i].Zone = zoneAt(stations[i].Lon)
	}
	return stations
}

// zoneAt is the time zone of a degree of longitude, as if borders were meridians.
func zoneAt(lon float64) string {
	switch {
	case lon < -115:
		return "America/Los_Angeles"
	case lon < -102:
		return "America/Denver"
	case lon < -87:
		return "America/Chicago"
	}
	return "America/New_York"
}
