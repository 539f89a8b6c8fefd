package rt

import (
	"context"
	"errors"
)

// First is how a forked function of a flow ends: err becomes *to unless an
// earlier one, in the order of the source, has failed.
func First(to *error, err error, x Exit) Exit {
	if *to == nil {
		*to = err
	}
	return x
}

// FirstStops is [First] for a group with a context, which a failure ends. A function that
// fails since that context has ended is not the first to fail: whoever ended it was.
func FirstStops(to *error, err error, stop func(), x Exit) Exit {
	if err != nil {
		stop()
		if errors.Is(*to, context.Canceled) && !errors.Is(err, context.Canceled) {
			*to = err
		}
	}
	return First(to, err, x)
}

// FirstEnds is [First] for one return of several of a function of a group with a context.
func FirstEnds(to *error, err error, group context.Context, x Exit) Exit {
	Ends(group, err)
	return First(to, err, x)
}

// stopKey asks the context of a group for the function that ends it.
type stopKey struct{}

type groupContext struct {
	context.Context
	stop context.CancelFunc
}

func (c *groupContext) Value(key any) any {
	if key == (stopKey{}) {
		return c.stop
	}
	return c.Context.Value(key)
}

// WithGroup derives the context of a group from its parent.
func WithGroup(parent context.Context) (context.Context, func()) {
	ctx, stop := context.WithCancel(parent)
	return &groupContext{ctx, stop}, stop
}

// Ends ends the context of a group if one of its functions has failed with err. Those in
// front of it in the source may still run, and wait for nothing else.
func Ends(ctx context.Context, err error) {
	if stop, ok := ctx.Value(stopKey{}).(context.CancelFunc); ok && err != nil {
		stop()
	}
}
