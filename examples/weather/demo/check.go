package main

// Whether an answer could have been given: the place is the one asked for, and the weather is
// what it truly was, at most as long ago as the author of the service allows.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"example.com/weather"
	"example.com/weather/sky"
	"example.com/weather/stations"
	"example.com/weather/zips"
)

// How old results may be: the promises in examples/weather/steps.go. Stand-ins for
// failed stations may be older, but the demo is over before one could be.
const (
	observationAge = 10 * time.Minute
	forecastAge    = time.Hour
	alertsAge      = 2 * time.Minute
)

// A truth knows what the weather is everywhere and at any time.
type truth struct {
	stations *stations.Index
}

func newTruth() (*truth, error) {
	measuring, _, err := stations.Load(os.Getenv("FLUXO_DATA"))
	if err != nil {
		return nil, err
	}
	return &truth{stations.NewIndex(measuring)}, nil
}

// check checks the answer to a request about z that was sent at begin and answered at end.
func (t *truth) check(z zips.ZIP, body []byte, begin, end time.Time) error {
	var r weather.Report
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return err
	}
	want := weather.Place{ZIP: z.Code, City: z.City, County: z.County, State: z.State, Lat: z.Lat, Lon: z.Lon}
	if r.Place != want {
		return fmt.Errorf("the place is %+v, want %+v", r.Place, want)
	}
	if zone := t.stations.Nearest(z.Lat, z.Lon).Zone; r.Zone != zone {
		return fmt.Errorf("the time zone is %s, want %s", r.Zone, zone)
	}
	if err := t.checkObservation(r.Place, r.Now, begin, end); err != nil {
		return err
	}
	if err := checkForecast(r, begin, end); err != nil {
		return err
	}
	return checkAlerts(r, begin, end)
}

func (t *truth) checkObservation(at weather.Place, now weather.Observation, begin, end time.Time) error {
	if truth := t.observation(at, now.At); now != truth {
		return fmt.Errorf("at %s it is said to be %+v, it was %+v", at.ZIP, now, truth)
	}
	if now.At.After(end) || now.At.Add(sky.Period).Before(begin.Add(-observationAge)) {
		return fmt.Errorf("the observation is of %v, asked for between %v and %v", now.At, begin, end)
	}
	return nil
}

func checkForecast(r weather.Report, begin, end time.Time) error {
	for _, t := range []time.Time{begin.Add(-forecastAge), begin, end} { // there is a new one every hour
		if slices.Equal(r.Forecast, forecastAt(r.Place, t)) {
			return nil
		}
	}
	return fmt.Errorf("the forecast is %v, want %v", r.Forecast, forecastAt(r.Place, end))
}

func checkAlerts(r weather.Report, begin, end time.Time) error {
	same := func(a, b weather.Alert) bool {
		return a.Event == b.Event && a.Until.Equal(b.Until) && slices.Equal(a.Counties, b.Counties)
	}
	for t := begin.Add(-alertsAge).Truncate(time.Minute); !t.After(end); t = t.Add(time.Minute) { // they change on full minutes
		if slices.EqualFunc(r.Alerts, alertsAt(r.Place, t), same) {
			return nil
		}
	}
	return fmt.Errorf("the alerts are %v, %v are in force", r.Alerts, alertsAt(r.Place, end))
}

func (t *truth) observation(at weather.Place, asOf time.Time) weather.Observation {
	s := t.stations.Nearest(at.Lat, at.Lon)
	return weather.Observation(sky.Observe(s.ID, s.Lat, s.Lon, asOf))
}

func forecastAt(at weather.Place, t time.Time) []weather.Span {
	var week []weather.Span
	spans, _ := sky.Forecast(sky.CellAt(at.Lat, at.Lon), t)
	for _, s := range spans {
		week = append(week, weather.Span(s))
	}
	return week
}

func alertsAt(at weather.Place, t time.Time) []weather.Alert {
	var alerts []weather.Alert
	for _, a := range sky.Alerts(at.State, []string{at.County}, t) {
		alerts = append(alerts, weather.Alert(a))
	}
	return alerts
}
