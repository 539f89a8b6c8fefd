package core

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// running has f live beside a service that renews; calls of providers take 50 milliseconds.
func running(t *testing.T, change func(*Settings), f func(w *Weather, p *fake)) {
	synctest.Test(t, func(t *testing.T) {
		w, p := newFake(t, change)
		p.takes = func(string, int) time.Duration { return 50 * time.Millisecond }
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			w.Run(ctx)
			close(ended)
		}()
		f(w, p)
		stop()
		<-ended
		<-time.After(2 * callTime) // for renewals under way
	})
}

// What is asked for all the time is always ready; what nobody asks for any more is given up.
func TestRenewal(t *testing.T) {
	running(t, nil, func(w *Weather, p *fake) {
		report(t, w, "60601")
		report(t, w, "10001")
		known := 0 // calls of the popular station in the first two hours, in which it becomes known as that
		for minute := range 181 {
			if minute == 120 {
				known = p.calls("/stations/S" + stationOf("60601"))
			}
			<-time.After(time.Minute)
			begun := time.Now()
			if report(t, w, "60601"); time.Since(begun) > 0 && minute > 120 {
				t.Errorf("waited %v after %d minutes", time.Since(begun), minute)
			}
		}
		popular, other := p.calls("/stations/S"+stationOf("60601"))-known, p.calls("/stations/S"+stationOf("10001"))
		if popular < 6 || popular > 7 || other != 1 {
			t.Errorf("the popular station was asked %d times in an hour, the other %d times in three", popular, other)
		}
		before := p.calls("/stations")
		<-time.After(48 * time.Hour)
		if n := p.calls("/stations") - before; n > 40 {
			t.Errorf("%d calls when nobody asks any more", n)
		}
	})
}

func stationOf(zip string) string {
	return strings.TrimPrefix(degrees(float64(len(zip))+number(zip)), "-")
}

// The clock's being moved is as good as time that passes.
func TestRenewalWhenTheClockIsMoved(t *testing.T) {
	running(t, nil, func(w *Weather, p *fake) {
		for range 20 {
			report(t, w, "60601")
			w.Clock.Move(time.Minute)
			<-time.After(time.Second)
		}
		before := p.calls("/stations")
		w.Clock.Move(10 * time.Minute)
		<-time.After(time.Second)
		if n := p.calls("/stations") - before; n != 1 {
			t.Errorf("%d calls after the clock was moved, want 1", n)
		}
	})
}

// Renewals under way are bounded.
func TestRenewalsAreBounded(t *testing.T) {
	const atOnce, towns = 4, 60
	running(t, func(s *Settings) {
		s.Refreshes = atOnce
		s.alter("observation", func(o *StepSettings) { o.Renew = 0 })
		s.alter("forecast", func(o *StepSettings) { o.Renew = 2 })
		s.alter("alerts", func(o *StepSettings) { o.Renew = 2 })
	}, func(w *Weather, p *fake) {
		for i := range towns {
			report(t, w, fmt.Sprint(20000+i))
		}
		before := p.calls("/stations")
		<-time.After(w.settings.Steps["observation"].ttl() - 9*time.Second - time.Duration(w.settings.MarginMS)*time.Millisecond)
		w.Clock.Move(time.Minute) // all are due at once
		<-time.After(120 * time.Millisecond)
		if n := p.calls("/stations") - before; n != 3*atOnce {
			t.Errorf("%d calls within 120 ms of calls that take 50, want three times %d", n, atOnce)
		}
	})
}

// A second try is begun when the first takes long, and when it fails; what comes first counts.
func TestSecondTry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, p := newFake(t, func(s *Settings) {
			s.alter("place", func(o *StepSettings) { o.HedgeMS = 100 })
		})
		p.takes = func(path string, n int) time.Duration {
			switch {
			case path == "/zip/60601" && n == 1:
				return time.Minute // longer than a call may take
			case path == "/zip/60602":
				return 99 * time.Millisecond
			case path == "/zip/60603":
				return time.Minute
			}
			return time.Millisecond
		}
		for _, test := range []struct {
			zip   string
			calls int
			takes time.Duration
			kind  *kind
		}{
			{"60601", 2, 101 * time.Millisecond, nil}, {"60602", 1, 99 * time.Millisecond, nil}, {"60603", 2, callTime, timeout},
		} {
			begun := time.Now()
			_, failed := w.places.at(placePath(test.zip)).get(context.Background())
			if failed != nil && failed.kind != test.kind || failed == nil && test.kind != nil {
				t.Errorf("%s: got %v, want %v", test.zip, failed, test.kind)
			}
			if took := time.Since(begun); took != test.takes || p.calls("/zip/"+test.zip) != test.calls {
				t.Errorf("%s: %d calls in %v, want %d in %v", test.zip, p.calls("/zip/"+test.zip), took, test.calls, test.takes)
			}
		}
		p.fail = "/zip/60604"
		if _, failed := w.places.at("/zip/60604").get(context.Background()); failed == nil || failed.kind != unavailable || p.calls("/zip/60604") != 2 {
			t.Errorf("%v after %d calls", failed, p.calls("/zip/60604"))
		}
		<-time.After(2 * callTime)
	})
}
