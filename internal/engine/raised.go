package engine

// What code raised on one goroutine, to be raised again on another.

import (
	"log/slog"
	"runtime"
	"runtime/debug"
	"sync"
)

// A raised is a panic or a call of runtime.Goexit.
type raised struct {
	value any
	stack []byte
	exit  bool // Goexit
	log   sync.Once
}

// outcome makes a raised of what recover returned to a deferred function whose
// caller did not return.
func outcome(recovered any) *raised {
	if recovered == nil {
		return &raised{exit: true}
	}
	return &raised{value: recovered, stack: debug.Stack()}
}

// capture calls f and returns the panic that ended it; nil if it returned.
func capture(f func()) (r *raised) {
	defer func() {
		if v := recover(); v != nil {
			r = outcome(v)
		}
	}()
	f()
	return nil
}

// again raises r on the goroutine of t, with the identical value. The original
// stack is logged where the walk itself raises it.
func (r *raised) again(t *Thread) {
	if r.exit {
		runtime.Goexit()
	}
	if t.fork != nil {
		t.fork.replay = r
	} else {
		r.log.Do(func() {
			t.plan.engine.logger().Error("a step panicked on a goroutine of the engine; it panics again for its caller",
				slog.String("flow", string(t.plan.flow)), slog.Any("panic", r.value), slog.String("stack", string(r.stack)))
		})
	}
	panic(r.value)
}
