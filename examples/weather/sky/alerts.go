package sky

import "time"

// An Alert is an official warning in force in some counties of a state.
type Alert struct {
	Event    string    `json:"event"`
	Counties []string  `json:"counties"`
	Until    time.Time `json:"until"`
}

// A county is warned for six hours at a time, of each event at minutes of its own.
const (
	alertPeriod = 6 * time.Hour
	alertChance = 0.08 // that a county is warned of anything
)

var events = []string{"High Wind Warning", "Flood Watch", "Heat Advisory"}

// Alerts returns the warnings in force in counties of a state as of t, in the order of the counties;
// never nil. It changes on full minutes only.
func Alerts(state string, counties []string, t time.Time) []Alert {
	alerts := []Alert{}
	for _, event := range events {
		for _, county := range counties {
			if since, warned := warning(event, state, county, t); warned {
				alerts = append(alerts, Alert{Event: event, Counties: []string{county}, Until: since.Add(alertPeriod)})
			}
		}
	}
	return alerts
}

// warning says whether there is one, and since when.
func warning(event, state, county string, t time.Time) (since time.Time, warned bool) {
	who := event + "\x00" + state + "\x00" + county
	since = latest(t, alertPeriod, who)
	return since, chances("alert", who, since.Unix())() < alertChance/float64(len(events))
}
