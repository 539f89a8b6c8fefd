package rt_test

// A service whose requests are verified.

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"fluxo.dev/fluxo/rt"
)

// verifying verifies requests until the test is over.
func verifying(t *testing.T) {
	t.Helper()
	if err := rt.Verify(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.StopVerifying(); err != nil {
			t.Error(err)
		}
	})
}

func found(t *testing.T) rt.Verified {
	t.Helper()
	v, err := rt.VerifiedSoFar()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Whatever fails, and whenever, nothing that a plan may do is a difference, whatever time passes.
func TestVerifyService(t *testing.T) {
	for name, lines := range map[string][]string{
		"as written": nil,
		"everything": {"parallel Observe Alerts", "store Locate", "coalesce Locate", "store Observe..Observe.fail"},
		"the whole":  {"store Locate..Alerts"},
	} {
		t.Run(name, func(t *testing.T) {
			text := "fluxo 1\n"
			if lines != nil {
				text = planOf(lines...)
			}
			under(t, text)
			verifying(t)
			var n atomic.Int64
			changing := func(context.Context, string, string) error {
				if n.Add(1)%7 == 0 {
					return fmt.Errorf("failure %d", n.Load())
				}
				return nil
			}
			upstream.Store(&changing)
			defer upstream.Store(nil)
			for i := range 60 {
				Weather(context.Background(), few(i))
				if _, err := rt.Advance(5 * time.Minute); err != nil {
					t.Fatal(err)
				}
			}
			if v := found(t); v.Requests != 60 || v.Alike != 60 {
				t.Errorf("%+v", v)
			}
		})
	}
}
