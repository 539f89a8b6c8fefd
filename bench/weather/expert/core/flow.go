package core

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
)

// A Weather knows the weather.
type Weather struct {
	Clock *Clock

	settings     Settings
	fetch        Fetcher
	geocoder     Provider
	schedule     *schedule
	places       *step[spot]
	points       *step[desk]
	observations *step[[]byte]
	forecasts    *step[[]byte]
	alerts       *step[[]warning]
	answers      *otter.Cache[string, *answer] // by ZIP code
}

// An answer is a whole one, ready to be written.
type answer struct {
	body    []byte // ends with a line break
	etag    []string
	expires time.Duration

	observation *entry[[]byte]
	forecast    *entry[[]byte]
	alerts      *entry[[]warning]
}

// New makes the service's heart; Run keeps it going.
func New(settings Settings, clock *Clock, at Providers, fetch Fetcher) (*Weather, error) {
	if err := settings.check(); err != nil {
		return nil, err
	}
	w := &Weather{Clock: clock, settings: settings, fetch: fetch, geocoder: at.Geocoder}
	w.schedule = newSchedule(clock, time.Duration(settings.MarginMS)*time.Millisecond, settings.Refreshes)
	text := func(b []byte) int { return len(b) }
	w.places = newStep(w, "place", at.Geocoder, decodePlace, func(s spot) int { return 120 + len(s.text) + len(s.point) + len(s.alerts) })
	w.places.keepNotFound = true
	w.points = newStep(w, "point", at.Points, decodePoint, func(d desk) int { return 100 + len(d.zone) + len(d.observation) + len(d.forecast) })
	w.observations = newStep(w, "observation", at.Stations, recode[observation], text)
	w.observations.stale = staleObservation
	w.forecasts = newStep(w, "forecast", at.Forecasts, recode[[]span], text)
	w.alerts = newStep(w, "alerts", at.Warnings, decodeAlerts, func(all []warning) int {
		size := 0
		for _, a := range all {
			size += 100 + len(a.text) + 40*len(a.counties)
		}
		return size
	})
	w.answers = otter.Must(&otter.Options[string, *answer]{
		MaximumWeight: uint64(settings.AnswersMiB) << 20,
		Weigher:       func(zip string, a *answer) uint32 { return uint32(300 + len(zip) + len(a.body)) },
	})
	return w, nil
}

func newStep[V any](w *Weather, name string, at Provider, decode func([]byte) (V, error), size func(V) int) *step[V] {
	s := &step[V]{
		name: name, provider: at, settings: w.settings.Steps[name], decode: decode, size: size,
		clock: w.Clock, fetch: w.fetch, schedule: w.schedule,
		halfLife: time.Duration(w.settings.HalfLifeMin * float64(time.Minute)),
	}
	return s.open()
}

// Run renews what will expire, until ctx is done.
func (w *Weather) Run(ctx context.Context) {
	var wg sync.WaitGroup
	wg.Go(func() { w.schedule.run(ctx) })
	if w.settings.Survey {
		wg.Go(func() { w.survey(ctx) })
	}
	wg.Wait()
}

// ready returns the answer for a ZIP code if it is there and may be served now.
func (w *Weather) ready(zip string, now time.Duration) *answer {
	a, ok := w.answers.GetIfPresent(zip)
	if !ok || now >= a.expires {
		return nil
	}
	a.touch(now)
	return a
}

// often is how often an answer's accesses are counted at most, for the sake of the busiest.
const often = time.Second

func (a *answer) touch(now time.Duration) {
	if now-time.Duration(a.forecast.asked.Load()) < often {
		return
	}
	a.observation.touch(now)
	a.forecast.touch(now)
	a.alerts.touch(now)
}

// make puts the answer for a ZIP code together, asking whom it must. Should a part expire while
// another is waited for, it begins again.
func (w *Weather) make(ctx context.Context, zip string) (*answer, *fault) {
	for {
		a, failed := w.gather(ctx, zip)
		if failed != nil {
			return nil, failed
		}
		if w.Clock.Now() < a.expires {
			w.answers.Set(zip, a)
			return a, nil
		}
	}
}

// gather gets all parts. As much as possible is asked for at the same time; faults are told in
// the order in which the parts depend on each other.
func (w *Weather) gather(ctx context.Context, zip string) (*answer, *fault) {
	now := w.Clock.Now()
	at, failed := w.places.at(placePath(zip)).get(ctx)
	if failed != nil {
		return nil, failed
	}
	alerts := w.alerts.at(at.value.alerts)
	alerts.touch(now)
	warned := alerts.begin()
	by, failed := w.points.at(at.value.point).get(ctx)
	if failed != nil {
		return nil, failed
	}
	observation, forecast := w.observations.at(by.value.observation), w.forecasts.at(by.value.forecast)
	observation.touch(now)
	forecast.touch(now)
	measured, foreseen := observation.begin(), forecast.begin()
	seen, failed := measured.wait(ctx)
	if failed != nil {
		return nil, failed
	}
	week, failed := foreseen.wait(ctx)
	if failed != nil {
		return nil, failed
	}
	inForce, failed := warned.wait(ctx)
	if failed != nil {
		return nil, failed
	}
	a := &answer{
		body:        append(join(make([]byte, 0, 2048), at.value, by.value, seen.value, week.value, inForce.value), '\n'),
		expires:     min(at.expires, by.expires, seen.expires, week.expires, inForce.expires),
		observation: observation, forecast: forecast, alerts: alerts,
	}
	a.etag = tagOf(a.body)
	return a, nil
}

// tagOf is the entity tag of a body, as a header's value.
func tagOf(body []byte) []string {
	sum := sha256.Sum256(body)
	return []string{`"` + base64.RawURLEncoding.EncodeToString(sum[:16]) + `"`}
}

// answer returns the encoded report on a ZIP code.
func (w *Weather) answer(ctx context.Context, zip string) (*answer, *fault) {
	if a := w.ready(zip, w.Clock.Now()); a != nil {
		return a, nil
	}
	return w.make(ctx, zip)
}

// Report returns the encoded report on a ZIP code, which must not be changed.
func (w *Weather) Report(ctx context.Context, zip string) ([]byte, error) {
	a, failed := w.answer(ctx, zip)
	if failed != nil {
		return nil, failed
	}
	return a.body, nil
}

// Calls is how often providers were asked.
func (w *Weather) Calls() int64 {
	return w.places.calls.Load() + w.points.calls.Load() + w.observations.calls.Load() + w.forecasts.calls.Load() + w.alerts.calls.Load()
}
