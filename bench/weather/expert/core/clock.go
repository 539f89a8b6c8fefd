package core

import (
	"sync/atomic"
	"time"
)

// A Clock is what expiry goes by: the time since it was made, and as much ahead of that as it was moved.
type Clock struct {
	begun time.Time
	ahead atomic.Int64
	moved chan struct{} // wakes who sleeps by this clock
}

// NewClock returns a clock that shows zero.
func NewClock() *Clock { return &Clock{begun: time.Now(), moved: make(chan struct{}, 1)} }

// Now is what the clock shows.
func (c *Clock) Now() time.Duration { return time.Since(c.begun) + time.Duration(c.ahead.Load()) }

// At is what the clock shows at a time that was just read.
func (c *Clock) At(now time.Time) time.Duration {
	return now.Sub(c.begun) + time.Duration(c.ahead.Load())
}

// Move puts the clock ahead by so much more.
func (c *Clock) Move(by time.Duration) {
	c.ahead.Add(int64(by))
	select {
	case c.moved <- struct{}{}:
	default: // it will wake anyway
	}
}
