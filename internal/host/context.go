package host

// The context of a flow: its request's, with a deadline.

import (
	"context"
	"sync"
	"time"
)

// A flowContext is context.WithDeadline of its parent, made when somebody first wants to
// be told of the end. Most flows whose answers are at hand never ask, and
// a timer and its bookkeeping would cost them more than anything else that the host does.
type flowContext struct {
	context.Context // the parent
	deadline        time.Time

	mu     sync.Mutex
	real   context.Context // nil until somebody waits
	cancel context.CancelFunc
	ended  bool // the flow has returned
}

func (c *flowContext) Deadline() (time.Time, bool) {
	if earlier, ok := c.Context.Deadline(); ok && earlier.Before(c.deadline) {
		return earlier, true
	}
	return c.deadline, true
}

func (c *flowContext) Done() <-chan struct{} { return c.whole().Done() }

// whole returns the context with all that belongs to it.
func (c *flowContext) whole() context.Context {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.real != nil:
	case c.ended: // before its deadline, as far as anybody could see
		c.real, c.cancel = context.WithCancel(c.Context)
		c.cancel()
	default:
		c.real, c.cancel = context.WithDeadline(c.Context, c.deadline)
	}
	return c.real
}

func (c *flowContext) Err() error {
	c.mu.Lock()
	real, ended := c.real, c.ended
	c.mu.Unlock()
	switch {
	case real != nil:
		return real.Err()
	case c.Context.Err() != nil:
		return c.Context.Err()
	case ended, !time.Now().Before(c.deadline):
		return c.whole().Err() // from now on the same
	}
	return nil
}

// Value asks the real context too, since package context finds itself by a key of its own.
func (c *flowContext) Value(key any) any {
	c.mu.Lock()
	real := c.real
	c.mu.Unlock()
	if real != nil {
		return real.Value(key)
	}
	return c.Context.Value(key)
}

// end cancels c.
func (c *flowContext) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	if c.cancel != nil {
		c.cancel()
	}
}
