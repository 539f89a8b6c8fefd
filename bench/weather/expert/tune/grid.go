package main

import (
	"fmt"
	"maps"
	"strings"

	"fluxo.dev/fluxo/bench/weather/expert/core"
)

// Knobs are what is turned. Hedges are in medians of the provider, 0 is never; renewals are the
// probabilities above which a value is renewed, 2 is never.
type knobs struct {
	survey                           bool
	hedgePoint, hedgeNow, hedgeWeek  float64
	hedgeAlerts                      float64
	renewNow, renewWeek, renewAlerts float64
	halfLife                         float64 // minutes
}

// plain keeps everything as long as it may be, and no more.
var plain = knobs{renewNow: 2, renewWeek: 2, renewAlerts: 2, halfLife: 30}

// begin is where the search begins.
var begin = knobs{true, 2, 3, 3, 3, 0.6, 0.65, 0.3, 60}

// turns are the settings of each knob that are tried, one knob after another.
var turns = []struct {
	of     func(*knobs) *float64
	values []float64
}{
	{func(k *knobs) *float64 { return &k.renewNow }, []float64{0.5, 0.6, 0.7}},
	{func(k *knobs) *float64 { return &k.hedgePoint }, []float64{1, 1.5, 2}},
	{func(k *knobs) *float64 { return &k.hedgeWeek }, []float64{2, 3}},
	{func(k *knobs) *float64 { return &k.hedgeNow }, []float64{2, 3}},
	{func(k *knobs) *float64 { return &k.renewWeek }, []float64{0.5, 0.65, 0.8}},
	{func(k *knobs) *float64 { return &k.hedgeAlerts }, []float64{0, 3}},
	{func(k *knobs) *float64 { return &k.halfLife }, []float64{60, 90}},
}

// callPrice is how many milliseconds of the mean one call per request more is worth: twice what the slowest
// provider usually takes. At half of it the search doubles the tries and ends with a third more calls.
const callPrice = 80

func (r result) score() float64 { return r.mean + 0.05*r.p99 + callPrice*r.calls }

const head = "| survey | hedge at medians: point, observation, forecast, alerts | renew: observation, forecast, alerts | half-life | quiet: mean, p50, p90, p99 ms, calls/request | busy: the same | score |\n" +
	"| --- | --- | --- | --- | --- | --- | --- |"

func (k knobs) row(results []result, score float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %v | %v, %v, %v, %v | %v, %v, %v | %v min |", k.survey, k.hedgePoint, k.hedgeNow, k.hedgeWeek, k.hedgeAlerts, k.renewNow, k.renewWeek, k.renewAlerts, k.halfLife)
	for _, r := range results {
		fmt.Fprintf(&b, " %.1f, %.1f, %.1f, %.0f, %.3f |", r.mean, r.p50, r.p90, r.p99, r.calls)
	}
	fmt.Fprintf(&b, " %.3f |", score)
	return b.String()
}

// medians are the providers' usual latencies in milliseconds, by step.
var medians = map[string]float64{"place": 30, "point": 25, "observation": 40, "forecast": 35, "alerts": 25}

// settings puts the knobs into settings.
func (k knobs) settings(s core.Settings) core.Settings {
	s.Steps = maps.Clone(s.Steps)
	s.Survey, s.HalfLifeMin = k.survey, k.halfLife
	set := func(name string, hedge, renew float64) {
		step := s.Steps[name]
		step.HedgeMS, step.Renew = int(hedge*medians[name]), renew
		s.Steps[name] = step
	}
	set("place", k.hedgePoint, 2)
	set("point", k.hedgePoint, 2)
	set("observation", k.hedgeNow, k.renewNow)
	set("forecast", k.hedgeWeek, k.renewWeek)
	set("alerts", k.hedgeAlerts, k.renewAlerts)
	return s
}

// search turns one knob after another, and leaves each where the score is best. score lives
// through the days.
func search(from knobs, score func(knobs) (float64, error)) (knobs, error) {
	known := map[knobs]float64{}
	try := func(k knobs) (float64, error) {
		if s, ok := known[k]; ok {
			return s, nil
		}
		s, err := score(k)
		known[k] = s
		return s, err
	}
	best := from
	least, err := try(best)
	for _, turn := range turns {
		for _, value := range turn.values {
			if err != nil {
				return best, err
			}
			k := best
			*turn.of(&k) = value
			var s float64
			if s, err = try(k); err == nil && s < least {
				best, least = k, s
			}
		}
	}
	return best, err
}
