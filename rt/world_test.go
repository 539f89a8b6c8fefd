package rt_test

// The clock moved ahead.

import (
	"context"
	"testing"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/rt"
)

func TestResultsAgeByTheClockThatIsMoved(t *testing.T) {
	under(t, everything)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	calls := func() int64 {
		before := locates.Load()
		if _, err := Weather(ctx, "02139"); err != nil {
			t.Fatal(err)
		}
		return locates.Load() - before
	}
	if n := calls(); n != 1 {
		t.Errorf("Locate was called %d times at first", n)
	}
	for _, move := range []struct {
		by   time.Duration
		want int64
	}{{23 * time.Hour, 0}, {2 * time.Hour, 1}, {0, 0}} {
		before := fluxo.Now(ctx)
		now, err := rt.Advance(move.by)
		if err != nil {
			t.Fatal(err)
		}
		if d := fluxo.Now(ctx).Sub(before); d < move.by || d > move.by+time.Hour || now.Before(before) {
			t.Errorf("moved by %v, and it is %v later", move.by, d)
		}
		if n := calls(); n != move.want {
			t.Errorf("%v later Locate, good for a day, was called %d times, want %d", move.by, n, move.want)
		}
	}
	if _, err := rt.Advance(-time.Second); err == nil {
		t.Error("the clock went back")
	}
}

// The deadline of a request is on the machine's clock, and so is the time that a flight has.
func TestDeadlinesKeepTheirTime(t *testing.T) {
	under(t, "fluxo 1\nflow example.com/weather.Weather (\n\tcoalesce Observe\n)\n")
	if _, err := rt.Advance(48 * time.Hour); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	wait := func(ctx context.Context, step, _ string) error {
		if step != "Observe" {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(20 * time.Millisecond):
		}
		return ctx.Err()
	}
	upstream.Store(&wait)
	defer upstream.Store(nil)
	if _, err := Weather(ctx, "02140"); err != nil {
		t.Errorf("a flight of a request that has a minute: %v", err)
	}
}
