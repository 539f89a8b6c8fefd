package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

func TestTimeoutEndsTheContextAndWaits(t *testing.T) {
	seeds(t, nil, func(k *kit) {
		a := &engine.Acts{Step: "s.A", Timeout: 2 * time.Second, Engine: k.engine}
		var got error
		a.Do(background, nil, func(ctx context.Context) error {
			got = k.nap(ctx, time.Hour)
			return got
		})
		if got != context.DeadlineExceeded || k.since() != 2*time.Second || k.log.Len() > 0 {
			t.Errorf("%v after %v; log %s", got, k.since(), k.log.String())
		}
		a.Do(background, nil, func(ctx context.Context) error {
			child, cancel := context.WithCancel(ctx)
			defer cancel()
			k.nap(child, 2*time.Second)
			got = child.Err()
			k.nap(background, time.Minute) // slow to end
			return nil
		})
		if got != context.DeadlineExceeded {
			t.Errorf("the child of the context ended with %v", got)
		}
		if k.since() < time.Minute || !strings.Contains(k.log.String(), "s.A") {
			t.Errorf("after %v; log %s", k.since(), k.log.String())
		}
	})
}

func TestRetry(t *testing.T) {
	for name, c := range map[string]struct {
		errs []error // of the attempts
		want int     // attempts
		last error
	}{
		"succeeds at once": {[]error{nil}, 1, nil},
		"succeeds later":   {[]error{errDown, errDown, nil}, 3, nil},
		"never succeeds":   {[]error{errDown, errDown, errDown, errDown, errDown}, 4, errDown},
		"an answer":        {[]error{errAbsent, nil}, 1, errAbsent},
	} {
		t.Run(name, func(t *testing.T) {
			seeds(t, nil, func(k *kit) {
				a := &engine.Acts{Step: "s.A", Retry: 3, Errors: []string{"NotFound"}, Engine: k.engine}
				n := 0
				var last error
				a.Do(background, nil, func(context.Context) error {
					last = c.errs[n]
					n++
					return last
				})
				if n != c.want || last != c.last {
					t.Errorf("%d attempts, %v", n, last)
				}
				if most := time.Duration(n) * 200 * time.Millisecond; k.since() > most || n > 1 && k.since() < 25*time.Millisecond {
					t.Errorf("took %v", k.since())
				}
			})
		})
	}
}

func TestRetryEndsWithItsContext(t *testing.T) {
	seeds(t, nil, func(k *kit) {
		a := &engine.Acts{Step: "s.A", Retry: 10, Engine: k.engine}
		ctx := engine.NewTimed(k, background, k.Now().Add(100*time.Millisecond))
		n := 0
		a.Do(ctx, nil, func(context.Context) error { n++; return errDown })
		if n > 4 || k.since() > 100*time.Millisecond {
			t.Errorf("%d attempts in %v", n, k.since())
		}
	})
}

func TestPanicPassesThroughAndFreesItsPlace(t *testing.T) {
	seeds(t, nil, func(k *kit) {
		a := &engine.Acts{Step: "s.A", Limit: 1, Retry: 3, Timeout: time.Second, Writes: []string{"posts"}, Engine: k.engine}
		for range 2 {
			func() {
				defer func() {
					if r := recover(); r != "step" {
						t.Errorf("recovered %v", r)
					}
				}()
				a.Do(background, nil, func(context.Context) error { panic("step") })
			}()
		}
	})
}

func TestLimit(t *testing.T) {
	seeds(t, nil, func(k *kit) {
		a := &engine.Acts{Step: "s.A", Limit: 3, Engine: k.engine}
		var now, most, done, refused int
		var waits []func()
		for i := range 12 {
			waits = append(waits, k.task(func() {
				ctx := context.Context(background)
				if i%4 == 3 {
					ctx = engine.NewTimed(k, background, k.Now().Add(time.Duration(i)*100*time.Millisecond))
				}
				called := false
				err := a.Do(ctx, nil, func(context.Context) error {
					called = true
					now++
					most = max(most, now)
					k.nap(background, time.Second)
					now--
					done++
					return nil
				})
				if called != (err == nil) || err != nil && !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("called is %v, %v", called, err)
				}
				if err != nil {
					refused++
				}
			}))
		}
		for _, wait := range waits {
			wait()
		}
		if most > 3 || done+refused != 12 || done < 9 {
			t.Errorf("%d at once, %d done, %d refused", most, done, refused)
		}
	})
}

func TestKeysThatPanicBlockTheWholeName(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("A", time.Second)}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", keptRead)
		k.begin(p, background, "x")()
		a := &engine.Acts{Step: "s.Write", Writes: []string{"posts"}, Engine: k.engine}
		a.Do(context.Background(), func() []engine.DataKey { panic("nil pointer") }, func(context.Context) error { return nil })
		k.begin(p, background, "x")()
		if k.calls["s.A"] != 2 {
			t.Errorf("calls %v", k.calls)
		}
	})
}
