package core

import (
	"context"
	"sync/atomic"
	"time"
)

// tries is how often one thing is asked for at most.
const tries = 2

// An outcome is what one try came to.
type outcome[V any] struct {
	value V
	err   error
}

// try asks once, and a second time if the first fails or takes longer than hedge (unless that is 0).
// The first good answer counts; one that says that there is no such thing is good, too. A try that lost
// is let finish, which keeps its connection.
func try[V any](parent context.Context, hedge time.Duration, calls *atomic.Int64, ask func(context.Context) (V, error)) (V, error) {
	ctx, cancel := context.WithTimeout(parent, callTime)
	if hedge <= 0 || hedge >= callTime { // no goroutines, no timers
		defer cancel()
		var value V
		var err error
		for range tries {
			calls.Add(1)
			if value, err = ask(ctx); err == nil || !again(ctx, err) {
				break
			}
		}
		return value, err
	}
	results := make(chan outcome[V], tries)
	var under atomic.Int32
	begin := func() {
		calls.Add(1)
		under.Add(1)
		go func() {
			value, err := ask(ctx)
			results <- outcome[V]{value, err}
			if under.Add(-1) == 0 {
				cancel()
			}
		}()
	}
	under.Add(1) // this function's own, until it knows that there will be no further try
	defer func() {
		if under.Add(-1) == 0 {
			cancel()
		}
	}()
	begin()
	begun, ended := 1, 0
	timer := time.NewTimer(hedge)
	defer timer.Stop()
	for {
		select {
		case o := <-results:
			ended++
			if o.err == nil || !again(ctx, o.err) {
				return o.value, o.err
			}
			if begun < tries {
				begin()
				begun++
			} else if ended == begun {
				return o.value, o.err
			}
		case <-timer.C:
			if begun < tries {
				begin()
				begun++
			}
		}
	}
}

// again says whether asking again may help.
func again(ctx context.Context, err error) bool {
	return ctx.Err() == nil && faultOf(err).passes()
}
