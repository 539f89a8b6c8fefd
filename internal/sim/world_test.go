package sim

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"
)

// In virtual time a context ends a sleep, and the wait for a gate, when it ends.
func TestWaitsEndWithContexts(t *testing.T) {
	w := newWorld(1, 1)
	ctx, cancel := context.WithCancel(context.Background())
	g := w.NewGate()
	var got []time.Duration
	w.Go(func() {
		if w.sleepUntil(time.Hour, ctx.Done()) {
			t.Error("a sleep goes on behind the end of its context")
		}
		got = append(got, w.now)
	})
	w.Go(func() {
		if g.Wait(ctx.Done()) {
			t.Error("nobody opened the gate")
		}
		got = append(got, w.now)
	})
	w.Go(func() {
		w.sleep(time.Minute)
		cancel()
	})
	w.Go(func() {
		w.sleep(2 * time.Minute)
		g.Open()
		if !g.Wait(ctx.Done()) || !w.sleepUntil(time.Second, nil) {
			t.Error("an open gate is closed")
		}
		got = append(got, w.now)
	})
	if err := w.run(); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{time.Minute, time.Minute, 2*time.Minute + time.Second}; !slices.Equal(got, want) {
		t.Errorf("tasks went on at %v, want %v", got, want)
	}
}

// A gate and a context that end a wait at one time wake the task once.
func TestGateAndContextAtOnce(t *testing.T) {
	w := newWorld(1, 1)
	ctx, cancel := context.WithCancel(context.Background())
	g := w.NewGate()
	slept := time.Duration(0)
	w.Go(func() {
		if !g.Wait(ctx.Done()) {
			t.Error("the gate was opened")
		}
		began := w.now
		w.sleep(time.Minute)
		slept = w.now - began
	})
	w.Go(func() {
		w.sleep(time.Second)
		g.Open()
		cancel()
	})
	if err := w.run(); err != nil || slept != time.Minute {
		t.Errorf("a sleep of a minute took %v: %v", slept, err)
	}
}

// An overloaded world leaves nobody behind.
func TestOverload(t *testing.T) {
	before := runtime.NumGoroutine()
	w := newWorld(1, 1)
	cleaned := 0
	w.Go(func() {
		for {
			w.Go(func() {
				defer func() { cleaned++ }()
				w.sleep(time.Hour)
			})
			w.sleep(time.Nanosecond)
		}
	})
	if err := w.run(); err != ErrOverload {
		t.Errorf("without end: %v", err)
	}
	if n := runtime.NumGoroutine(); n > before+8 || cleaned != maxTasks-1 {
		t.Errorf("%d goroutines are left, %d before; %d of %d tasks ended", n, before, cleaned, maxTasks-1)
	}
}

// Events happen in the order of their times, and of one time in that in which they were made.
func TestEvents(t *testing.T) {
	w := newWorld(1, 1)
	var got []int
	for i := range 500 {
		at := time.Duration(i*7919%101) * time.Second
		w.at(at, &event{f: func() { got = append(got, int(at/time.Second)*1000+i) }})
	}
	if err := w.run(); err != nil || len(got) != 500 || !slices.IsSorted(got) {
		t.Errorf("%d events, %v: %v", len(got), err, got)
	}
}
