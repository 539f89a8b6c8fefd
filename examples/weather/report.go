package weather

// What is told about the weather.

import "time"

// A Place is a ZIP code's area.
type Place struct {
	ZIP    string  `json:"zip"`
	City   string  `json:"city"`
	County string  `json:"county"`
	State  string  `json:"state"`
	Lat    float64 `json:"lat"` // degrees north
	Lon    float64 `json:"lon"` // degrees east
}

// A Point says who is responsible for a place.
type Point struct {
	Office  string `json:"office"` // the forecast office
	X       int    `json:"x"`      // the cell of its grid, which is 2.5 km wide
	Y       int    `json:"y"`
	Station string `json:"station"` // the nearest weather station
	Zone    string `json:"zone"`    // of its clocks: America/Chicago
}

// An Observation is what one station measured.
type Observation struct {
	At       time.Time `json:"at"`
	Sky      string    `json:"sky"`
	TempC    float64   `json:"temp_c"`
	WindKmh  float64   `json:"wind_kmh"`
	Humidity int       `json:"humidity"` // percent
}

// A Span is the forecast of half a day.
type Span struct {
	Begin   time.Time `json:"begin"`
	Sky     string    `json:"sky"`
	TempC   float64   `json:"temp_c"`
	WindKmh float64   `json:"wind_kmh"`
	Rain    int       `json:"rain"` // chance in percent
}

// An Alert is an official warning.
type Alert struct {
	Event    string    `json:"event"`
	Counties []string  `json:"counties"`
	Until    time.Time `json:"until"`
}

// A Report is the weather at a place.
type Report struct {
	Place    Place       `json:"place"`
	Zone     string      `json:"zone"` // of clocks there
	Now      Observation `json:"now"`
	Forecast []Span      `json:"forecast"`
	Alerts   []Alert     `json:"alerts"`
}

// A Reading is the weather at one place of a region.
type Reading struct {
	Place Place       `json:"place"`
	Now   Observation `json:"now"`
}
