package gen

// The errgroup of generated programs. A goroutine of its own would leave the simulated world,
// where tasks take turns, and the judge's replay, where answers are chosen in order. So both
// builds of a generated module have this one in place of golang.org/x/sync: it runs a
// function to its end where it is started. That is source order, one of the orders that a
// fork-join means. Under a plan nothing of it is left: there the engine begins the functions
// together.

// Sync is the module golang.org/x/sync of generated programs, by file.
var Sync = map[string]string{
	"go.mod":               "module golang.org/x/sync\n\ngo 1.26.0\n",
	"errgroup/errgroup.go": errgroupText,
}

const errgroupText = `// Package errgroup runs functions one after the other.
package errgroup

import (
	"context"
	"errors"
)

// A Group is a group of functions.
type Group struct {
	cancel context.CancelCauseFunc
	err    error
}

// WithContext returns a group, and a context that ends with its first failure. The judge
// knows it by its value: a later function may have ended it.
func WithContext(ctx context.Context) (*Group, context.Context) {
	ctx, cancel := context.WithCancelCause(context.WithValue(ctx, "errgroup", true))
	return &Group{cancel: cancel}, ctx
}

// Go runs f. A failure that the end of the group's context may have brought about gives
// way to the one that ended it.
func (g *Group) Go(f func() error) {
	err := f()
	if err == nil {
		return
	}
	ended := g.cancel != nil && errors.Is(g.err, context.Canceled) && !errors.Is(err, context.Canceled)
	if g.err == nil || ended {
		g.err = err
		g.end()
	}
}

// Wait returns the first error.
func (g *Group) Wait() error {
	g.end()
	return g.err
}

// SetLimit bounds how many run at once: one always does.
func (g *Group) SetLimit(int) {}

func (g *Group) end() {
	if g.cancel != nil {
		g.cancel(g.err)
	}
}
`
