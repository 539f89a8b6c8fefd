package main

// Whether an answer could have been given: the place is the one asked for, and the weather is
// what it truly was, at most as long ago as the author of the service allows.

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"example.com/weather"
	"example.com/weather/sky"
	"example.com/weather/zips"
)

// How old results may be: the promises in examples/weather/steps.go. Stand-ins for
// failed stations may be older, but the demo is over before one could be.
const (
	observationAge = 10 * time.Minute
	alertsAge      = 2 * time.Minute
)

// check checks the answer to a request that was sent at begin and answered at end.
func (a ask) check(body []byte, begin, end time.Time) error {
	switch len(a.about) {
	case 0:
		var readings []weather.Reading
		if err := decode(body, &readings); err != nil {
			return err
		}
		for _, r := range readings {
			if err := checkObservation(r.Place, r.Now, begin, end); err != nil {
				return err
			}
		}
		return nil
	case 1:
		var report weather.Report
		if err := decode(body, &report); err != nil {
			return err
		}
		return checkReport(a.about[0], report, begin, end)
	}
	var reports []weather.Report
	if err := decode(body, &reports); err != nil {
		return err
	}
	if len(reports) != len(a.about) {
		return fmt.Errorf("%d reports on %d ZIP codes", len(reports), len(a.about))
	}
	for i, report := range reports {
		if err := checkReport(a.about[i], report, begin, end); err != nil {
			return err
		}
	}
	return nil
}

func decode(body []byte, v any) error {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	return decoder.Decode(v)
}

func checkReport(z zips.ZIP, r weather.Report, begin, end time.Time) error {
	if want := (weather.Place{ZIP: z.Code, City: z.City, State: z.State, Lat: z.Lat, Lon: z.Lon}); r.Place != want {
		return fmt.Errorf("the place is %+v, want %+v", r.Place, want)
	}
	if err := checkObservation(r.Place, r.Now, begin, end); err != nil {
		return err
	}
	for _, t := range []time.Time{begin.Add(-alertsAge), begin, end} { // it changes at most once in that time
		if slices.Equal(r.Alerts, alertsAt(r.Place, t)) {
			return nil
		}
	}
	return fmt.Errorf("the alerts are %v, %v are in force", r.Alerts, alertsAt(r.Place, end))
}

func checkObservation(at weather.Place, now weather.Observation, begin, end time.Time) error {
	if truth := weather.Observation(sky.Observe(at.Lat, at.Lon, now.At)); now != truth {
		return fmt.Errorf("at %s it is said to be %+v, it was %+v", at.ZIP, now, truth)
	}
	if now.At.After(end) || now.At.Add(sky.Period).Before(begin.Add(-observationAge)) {
		return fmt.Errorf("the observation is of %v, asked for between %v and %v", now.At, begin, end)
	}
	return nil
}

func alertsAt(at weather.Place, t time.Time) []weather.Alert {
	var alerts []weather.Alert
	for _, a := range sky.Alerts(at.Lat, at.Lon, t) {
		alerts = append(alerts, weather.Alert(a))
	}
	return alerts
}
