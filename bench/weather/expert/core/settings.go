package core

import (
	"encoding/json"
	"fmt"
	"time"
)

// Settings are what can be tuned.
type Settings struct {
	Steps map[string]StepSettings `json:"steps"` // by the names of the steps

	// Margin is how long before its expiry a value is renewed, in milliseconds.
	MarginMS int `json:"margin_ms"`
	// Memory of popularity: an access counts half as much after HalfLife, in minutes.
	HalfLifeMin float64 `json:"half_life_min"`
	// Refreshes is how many renewals may be under way at once.
	Refreshes int `json:"refreshes"`
	// AnswersMiB bounds the encoded answers that are kept.
	AnswersMiB int `json:"answers_mib"`
	// Survey lists all places of the geocoder at start and once a day, in the background.
	Survey bool `json:"survey"`
	// SurveyAtOnce is how many boxes it asks for at once.
	SurveyAtOnce int `json:"survey_at_once"`
}

// StepSettings are those of one step.
type StepSettings struct {
	TTLSeconds int     `json:"ttl_s"`    // at most the declared bound
	HedgeMS    int     `json:"hedge_ms"` // a second try is begun when the first took so long; 0: never
	Renew      float64 `json:"renew"`    // renew what is asked for with at least this probability before it would expire again; over 1: never
	MiB        int     `json:"mib"`      // bound on what is kept
}

// Bounds that the service's author declared.
var bounds = map[string]time.Duration{
	"place": 24 * time.Hour, "point": 24 * time.Hour, "observation": 10 * time.Minute,
	"forecast": time.Hour, "alerts": 2 * time.Minute,
}

const (
	staleObservation = 6 * time.Hour // when the station does not answer
	callTime         = 2 * time.Second
	requestTime      = 30 * time.Second
	maxMiB           = 64 // of everything kept
)

// ParseSettings reads settings and holds them against the bounds.
func ParseSettings(text []byte) (Settings, error) {
	var s Settings
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("settings: %w", err)
	}
	return s, s.check()
}

func (s Settings) check() error {
	sum := s.AnswersMiB
	for name, bound := range bounds {
		step, ok := s.Steps[name]
		if !ok {
			return fmt.Errorf("settings: step %q is missing", name)
		}
		if ttl := step.ttl(); ttl <= 0 || ttl > bound {
			return fmt.Errorf("settings: %s is kept for %v, want at most %v", name, ttl, bound)
		}
		if step.MiB <= 0 || step.HedgeMS < 0 {
			return fmt.Errorf("settings: %s: mib must be positive and hedge_ms not negative", name)
		}
		sum += step.MiB
	}
	if sum > maxMiB || s.AnswersMiB <= 0 {
		return fmt.Errorf("settings: %d MiB are kept, want at most %d", sum, maxMiB)
	}
	if s.HalfLifeMin <= 0 || s.Refreshes <= 0 || s.MarginMS < 0 || s.SurveyAtOnce < 0 || s.Survey && s.SurveyAtOnce == 0 {
		return fmt.Errorf("settings: half_life_min and refreshes must be positive, margin_ms not negative, survey_at_once positive where there is one")
	}
	return nil
}

func (s StepSettings) ttl() time.Duration   { return time.Duration(s.TTLSeconds) * time.Second }
func (s StepSettings) hedge() time.Duration { return time.Duration(s.HedgeMS) * time.Millisecond }
