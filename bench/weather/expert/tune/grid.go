package main

import (
	"fmt"
	"maps"

	"fluxo.dev/fluxo/bench/weather/expert/core"
)

// An option is one point of the grid.
type option struct {
	name     string
	settings core.Settings
}

const head = "| settings | day | mean ms | p50 | p90 | p99 | calls/request | score |\n| --- | --- | --- | --- | --- | --- | --- | --- |"

// callPrice is how many milliseconds of the mean one call per request more is worth.
const callPrice = 40

func (r result) score() float64 { return r.mean + 0.05*r.p99 + callPrice*r.calls }

func (o option) row(day string, r result) string {
	return fmt.Sprintf("| %s | %s | %.1f | %.1f | %.1f | %.0f | %.3f | %.1f |", o.name, day, r.mean, r.p50, r.p90, r.p99, r.calls, r.score())
}

// medians are the providers' usual latencies in milliseconds, by step.
var medians = map[string]float64{"place": 30, "point": 25, "observation": 40, "forecast": 35, "alerts": 25}

// vary changes settings: hedges after so many medians (0: never), thresholds of renewal, memory in minutes.
func vary(s core.Settings, survey bool, hedge, observation, forecast, alerts, halfLife float64) option {
	s.Steps = maps.Clone(s.Steps)
	s.Survey, s.HalfLifeMin = survey, halfLife
	for name, step := range s.Steps {
		step.HedgeMS = int(hedge * medians[name])
		switch name {
		case "observation":
			step.Renew = observation
		case "forecast":
			step.Renew = forecast
		case "alerts":
			step.Renew = alerts
		}
		s.Steps[name] = step
	}
	return option{fmt.Sprintf("survey %v, hedge at %v medians, renew %v %v %v, half-life %v min", survey, hedge, observation, forecast, alerts, halfLife), s}
}

func grid(s core.Settings) []option {
	const never = 2
	var all []option
	all = append(all, vary(s, false, 0, never, never, never, 30))
	all = append(all, vary(s, true, 0, never, never, never, 30))
	for _, hedge := range []float64{1.5, 2, 3, 4} {
		all = append(all, vary(s, true, hedge, never, never, never, 30))
	}
	for _, at := range []float64{0.3, 0.5, 0.7, 0.85} {
		all = append(all, vary(s, true, 3, at, never, never, 30))
		all = append(all, vary(s, true, 3, never, at, never, 30))
		all = append(all, vary(s, true, 3, never, never, at, 30))
	}
	for _, life := range []float64{10, 60, 120} {
		all = append(all, vary(s, true, 3, 0.5, 0.5, 0.5, life))
	}
	return all
}
