// Package zips knows the ZIP codes of the example: a seeded synthetic set, or
// the real ones where FLUXO_DATA names a folder that has them.
package zips

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// A ZIP is a code and where it lies.
type ZIP struct {
	Code        string
	City, State string
	County      string
	Lat, Lon    float64 // degrees north and east
}

// Load returns the ZIP codes and, for people, where they are from: the file
// weather/us-zipcodes.csv.gz below the folder data, or, if data is "", made up.
func Load(data string) (zips []ZIP, source string, err error) {
	if data == "" {
		return synthetic(), fmt.Sprintf("%d made-up ZIP codes", syntheticCount), nil
	}
	name := filepath.Join(data, "weather", "us-zipcodes.csv.gz")
	file, err := os.Open(name)
	if err != nil {
		return nil, "", fmt.Errorf("FLUXO_DATA: %w", err)
	}
	defer file.Close()
	zips, err = read(file)
	if err != nil {
		return nil, "", fmt.Errorf("FLUXO_DATA: %s: %w", name, err)
	}
	return zips, fmt.Sprintf("%d US ZIP codes", len(zips)), nil
}

// read reads the columns zip_code, latitude, longitude, city, state, county.
func read(r io.Reader) ([]ZIP, error) {
	plain, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(plain).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 2 || len(rows[0]) < 6 {
		return nil, errors.New("it has no rows, or fewer than six columns")
	}
	zips := make([]ZIP, 0, len(rows)-1)
	for _, row := range rows[1:] {
		lat, latErr := strconv.ParseFloat(row[1], 64)
		lon, lonErr := strconv.ParseFloat(row[2], 64)
		if latErr != nil || lonErr != nil {
			continue // a few real codes belong to no place
		}
		zips = append(zips, ZIP{Code: row[0], Lat: lat, Lon: lon, City: row[3], State: row[4], County: row[5]})
	}
	return zips, nil
}

const (
	syntheticCount = 40000 // the real ones are 42,000
	syntheticAreas = 600   // counties; the real ones are 3,000, with fewer ZIP codes in most
	syntheticSeed  = 20120612
)

// synthetic makes up ZIP codes: towns in clusters, as real ones lie, with names
// that no map has. The same on every machine.
func synthetic() []ZIP {
	rng := rand.New(rand.NewPCG(syntheticSeed, 0))
	states := []string{"AL", "CA", "CO", "FL", "GA", "IL", "MA", "MI", "MN", "NY", "OH", "OR", "PA", "TX", "UT", "WA"}
	first := []string{"Ash", "Birch", "Clear", "Deer", "Elm", "Fair", "Glen", "Hazel", "Iron", "Lake", "Maple", "North", "Oak", "Pine", "Stone", "Willow"}
	last := []string{"bridge", "brook", "dale", "field", "ford", "haven", "mill", "mont", "port", "ridge", "ton", "view", "ville", "wood"}
	name := func() string { return first[rng.IntN(len(first))] + last[rng.IntN(len(last))] }
	type area struct {
		county, state string
		lat, lon      float64
	}
	areas := make([]area, syntheticAreas)
	for i := range areas {
		areas[i] = area{name(), states[rng.IntN(len(states))], 26 + 22*rng.Float64(), -123 + 54*rng.Float64()}
	}
	zips := make([]ZIP, syntheticCount)
	for i := range zips {
		a := areas[i*len(areas)/len(zips)]
		zips[i] = ZIP{
			Code:   fmt.Sprintf("%05d", 501+i*2+rng.IntN(2)),
			City:   name(),
			State:  a.state,
			County: a.county,
			Lat:    round(a.lat + rng.NormFloat64()*0.2),
			Lon:    round(a.lon + rng.NormFloat64()*0.25),
		}
	}
	return zips
}

func round(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }
