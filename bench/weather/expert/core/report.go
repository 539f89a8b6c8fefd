package core

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// What providers send, with the fields that answers have. Values are decoded and encoded again once, when
// they arrive, so that an answer is put together from ready pieces.

type place struct {
	ZIP    string  `json:"zip"`
	City   string  `json:"city"`
	County string  `json:"county"`
	State  string  `json:"state"`
	Lat    float64 `json:"lat"`
	Lon    float64 `json:"lon"`
}

type point struct {
	Office  string `json:"office"`
	X       int    `json:"x"`
	Y       int    `json:"y"`
	Station string `json:"station"`
	Zone    string `json:"zone"`
}

type observation struct {
	At       time.Time `json:"at"`
	Sky      string    `json:"sky"`
	TempC    float64   `json:"temp_c"`
	WindKmh  float64   `json:"wind_kmh"`
	Humidity int       `json:"humidity"`
}

type span struct {
	Begin   time.Time `json:"begin"`
	Sky     string    `json:"sky"`
	TempC   float64   `json:"temp_c"`
	WindKmh float64   `json:"wind_kmh"`
	Rain    int       `json:"rain"`
}

type alert struct {
	Event    string    `json:"event"`
	Counties []string  `json:"counties"`
	Until    time.Time `json:"until"`
}

// A spot is a place as far as answers need it.
type spot struct {
	text          []byte
	point, alerts string // paths
	county        string
}

// A desk is who is responsible for a point.
type desk struct {
	zone                  []byte
	observation, forecast string // paths
}

// A warning is an alert, encoded.
type warning struct {
	text     []byte
	counties []string
}

func placePath(zip string) string { return "/zip/" + url.PathEscape(zip) }

func decodePlace(body []byte) (spot, error) {
	var p place
	if err := json.Unmarshal(body, &p); err != nil {
		return spot{}, err
	}
	return p.spot()
}

func (p place) spot() (spot, error) {
	text, err := json.Marshal(p)
	return spot{
		text:   text,
		point:  "/points/" + degrees(p.Lat) + "," + degrees(p.Lon),
		alerts: "/alerts/active/area/" + url.PathEscape(p.State),
		county: p.County,
	}, err
}

func decodePoint(body []byte) (desk, error) {
	var p point
	if err := json.Unmarshal(body, &p); err != nil {
		return desk{}, err
	}
	zone, err := json.Marshal(p.Zone)
	return desk{
		zone:        zone,
		observation: "/stations/" + url.PathEscape(p.Station) + "/observations/latest",
		forecast:    fmt.Sprintf("/gridpoints/%s/%d,%d/forecast", url.PathEscape(p.Office), p.X, p.Y),
	}, err
}

// recode decodes a T and encodes it.
func recode[T any](body []byte) ([]byte, error) {
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

func decodeAlerts(body []byte) ([]warning, error) {
	var alerts []alert
	if err := json.Unmarshal(body, &alerts); err != nil {
		return nil, err
	}
	warnings := make([]warning, len(alerts))
	for i, a := range alerts {
		text, err := json.Marshal(a)
		if err != nil {
			return nil, err
		}
		warnings[i] = warning{text, a.Counties}
	}
	return warnings, nil
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }

// join puts a report together, without a line break at its end.
func join(to []byte, at spot, by desk, now, forecast []byte, alerts []warning) []byte {
	to = append(append(to, `{"place":`...), at.text...)
	to = append(append(to, `,"zone":`...), by.zone...)
	to = append(append(to, `,"now":`...), now...)
	to = append(append(to, `,"forecast":`...), forecast...)
	to = append(to, `,"alerts":[`...)
	first := true
	for _, a := range alerts {
		if !slices.Contains(a.counties, at.county) {
			continue
		}
		if !first {
			to = append(to, ',')
		}
		to, first = append(to, a.text...), false
	}
	return append(to, `]}`...)
}
