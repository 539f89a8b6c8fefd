package host

// The flow's context is held against context.WithDeadline itself.

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// Whatever is asked, before and after whatever ends it, the answers are those of
// context.WithDeadline.
func TestFlowContext(t *testing.T) {
	type key struct{}
	asks := map[string]func(c context.Context) any{
		"err":      func(c context.Context) any { return c.Err() },
		"value":    func(c context.Context) any { return c.Value(key{}) },
		"deadline": func(c context.Context) any { d, ok := c.Deadline(); return [2]any{d, ok} },
		"done": func(c context.Context) any {
			select {
			case <-c.Done():
				return true
			default:
				return false
			}
		},
		"child": func(c context.Context) any {
			child, cancel := context.WithCancel(c)
			defer cancel()
			return child.Err()
		},
	}
	pass := func() { <-time.After(2 * time.Second) } // of the bubble's time
	ends := map[string]func(parent, flow func()){
		"nothing":            func(_, _ func()) {},
		"parent":             func(parent, _ func()) { parent() },
		"flow":               func(_, flow func()) { flow() },
		"time":               func(_, _ func()) { pass() },
		"flow and then time": func(_, flow func()) { flow(); pass() },
		"time and then flow": func(_, flow func()) { pass(); flow() },
	}
	for what, end := range ends {
		for first, before := range asks {
			for _, after := range asks {
				synctest.Test(t, func(t *testing.T) {
					parent, leave := context.WithCancel(context.WithValue(t.Context(), key{}, "v"))
					defer leave()
					deadline := time.Now().Add(time.Second)
					want, cancel := context.WithDeadline(parent, deadline)
					got := &flowContext{Context: parent, deadline: deadline}
					check := func(when string, ask func(context.Context) any) {
						if g, w := ask(got), ask(want); g != w {
							t.Errorf("%s asked %s %s: got %v, context.WithDeadline says %v", first, when, what, g, w)
						}
					}
					check("before", before)
					end(leave, func() { got.end(); cancel() })
					synctest.Wait()
					if what == "time and then flow" && got.real == nil {
						return // nobody saw that the deadline came first
					}
					check("after", after)
					check("at last after", asks["err"])
					got.end()
					cancel()
				})
			}
		}
	}
}
