package core

import (
	"context"
	"encoding/json"
	"net/url"
	"sync"
	"sync/atomic"
	"time"
)

// The survey: the geocoder lists places by boxes on the map, some twenty at a time. That is fewer
// calls than one for each ZIP code, and none that a request waits for. A box that is full is
// looked at in quarters, until it has room or is too small to be worth it.

const (
	fullBox    = 20             // places; the geocoder lists no more
	leastBox   = 0.02           // degrees
	maxBoxes   = 20_000         // of one survey
	surveyTime = 23 * time.Hour // from one to the next: less than places are kept
	surveyWait = time.Minute    // after one that failed
)

type box struct{ south, west, north, east float64 }

// theCountry has all of its states and territories.
var theCountry = box{-20, -180, 72, -60}

// survey learns all places, again and again until ctx is done.
func (w *Weather) survey(ctx context.Context) {
	for {
		wait := surveyTime
		if !w.surveyOnce(ctx) {
			wait = surveyWait
		}
		until := w.Clock.Now() + wait
		for w.Clock.Now() < until {
			timer := time.NewTimer(min(until-w.Clock.Now(), time.Minute))
			select {
			case <-ctx.Done():
				timer.Stop()
				return
			case <-timer.C:
			}
		}
	}
}

// surveyOnce says whether all boxes could be looked at.
func (w *Weather) surveyOnce(ctx context.Context) bool {
	slots := make(chan struct{}, w.settings.SurveyAtOnce)
	var boxes, failed atomic.Int64
	var wg sync.WaitGroup
	var look func(b box)
	look = func(b box) {
		defer wg.Done()
		slots <- struct{}{}
		full, ok := w.surveyBox(ctx, b)
		<-slots
		if !ok {
			failed.Add(1)
			return
		}
		if !full || b.north-b.south < leastBox || boxes.Add(4) > maxBoxes {
			return
		}
		lat, lon := (b.south+b.north)/2, (b.west+b.east)/2
		for _, q := range []box{{b.south, b.west, lat, lon}, {b.south, lon, lat, b.east}, {lat, b.west, b.north, lon}, {lat, lon, b.north, b.east}} {
			wg.Add(1)
			go look(q)
		}
	}
	wg.Add(1)
	look(theCountry)
	wg.Wait()
	return failed.Load() == 0
}

// surveyBox keeps the places in a box and says whether there may be more.
func (w *Weather) surveyBox(ctx context.Context, b box) (full, ok bool) {
	query := url.Values{
		"south": {degrees(b.south)}, "west": {degrees(b.west)},
		"north": {degrees(b.north)}, "east": {degrees(b.east)},
	}
	fresh := w.Clock.Now()
	places, err := try(ctx, 0, &w.places.calls, func(ctx context.Context) (places []place, err error) {
		body, err := w.fetch(ctx, w.geocoder, "/box?"+query.Encode())
		if err == nil {
			err = json.Unmarshal(body, &places)
		}
		return places, err
	})
	if err != nil {
		return false, false
	}
	for _, p := range places {
		if s, err := p.spot(); err == nil && p.ZIP != "" {
			w.places.put(placePath(p.ZIP), s, fresh)
		}
	}
	return len(places) >= fullBox, true
}
