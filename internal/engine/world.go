package engine

// The world outside the engine: time, concurrency and chance.

import (
	"context"
	"time"
)

// A World is all that the engine has of the outside. Whatever it waits for, it
// waits for through its World, so that a simulated one can order everything.
type World interface {
	// Now returns the time, and Elapsed that since a moment of the world's own, at which
	// it stays: a steady clock is read faster than the time is told.
	Now() time.Time
	Elapsed() time.Duration

	// Machine returns the time of the machine's own clock, on which the deadlines of contexts are.
	// Now may be moved ahead of it, so that results age; what waits does not get less time by that.
	Machine() time.Time

	// Go calls f on a goroutine of its own.
	Go(f func())

	// After calls f once d has passed, unless stop is called first. f does not wait.
	After(d time.Duration, f func()) (stop func())

	// At calls f on a goroutine of its own once Elapsed has reached d.
	At(d time.Duration, f func())

	// NewGate returns a closed gate.
	NewGate() Gate

	// Random returns a uniformly distributed number.
	Random() uint64
}

// A Gate is opened once, and stays open.
type Gate interface {
	// Open lets everyone through, now and later. Opening an open gate does nothing.
	Open()

	// Wait returns true once the gate is open, or false once done is closed if
	// that comes first. A nil done waits for the gate alone.
	Wait(done <-chan struct{}) bool
}

// sleep waits for d and returns true, or false at once when ctx ends first.
func sleep(ctx context.Context, w World, d time.Duration) bool {
	g := w.NewGate()
	stop := w.After(d, g.Open)
	defer stop()
	return g.Wait(ctx.Done())
}
