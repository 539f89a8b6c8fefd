package engine_test

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func TestLastResultStandsIn(t *testing.T) {
	down := func(k *kit) bool { return k.since() >= 5*time.Minute && k.since() < 25*time.Minute }
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		if down(k) {
			k.nap(ctx, time.Second)
			return "", errDown
		}
		return fmt.Sprint("A@", k.since()), nil
	}}
	body := `stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 1m onerror=30m}
fail A.fail (err) -> (out.1) err=err exit=return
}
result return (a) -> (out.0 out.1) exit=return`
	dialogue(t, steps, body, `
		0s A@0s
		4m30s A@4m30s
		6m0s A@4m30s
		10m A@4m30s
		24m30s A@4m30s
		25m30s A@4m30s
		25m31s A@25m30s
		25m41s A@25m30s
		26m40s A@26m40s`)
}

func TestNothingStandsInForLongerThanPromised(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		if k := kitOf(ctx); k.since() > time.Minute {
			return "", errDown
		}
		return "A", nil
	}}
	dialogue(t, steps, `stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 1m onerror=30m}
fail A.fail (err) -> (out.1) err=err exit=return
}
result return (a) -> (out.0 out.1) exit=return`, `
		0s A
		29m A
		29m59s A
		30m error: down`)
}

const standing = `stored kept {
step A s.A (ctx arg) -> (a err) err=err {volatile 1m onerror=30m}
fail A.fail (err) -> (out.1) err=err exit=return
}
result return (a) -> (out.0 out.1) exit=return`

func TestStepBehindAStandInIsTriedEveryTenSeconds(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		k.nap(ctx, time.Second)
		if k.since() > time.Minute {
			return "", errDown
		}
		return "A", nil
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", standing)
		k.begin(p, background, "x")()
		k.nap(background, 2*time.Minute)
		before := k.calls["s.A"]
		for range 60 {
			if got := k.begin(p, background, "x")(); got.out != "A" {
				t.Errorf("%+v", got)
			}
			k.nap(background, time.Second)
		}
		if n := k.calls["s.A"] - before; n < 5 || n > 7 {
			t.Errorf("tried %d times in a minute", n)
		}
	})
}

func TestNothingStandsInForACallerThatIsGone(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		if k.since() > time.Minute {
			return "", k.nap(ctx, time.Hour)
		}
		return "A", nil
	}}
	seeds(t, steps, func(k *kit) {
		p := k.plan("Flow", standing)
		k.begin(p, background, "x")()
		k.nap(background, 2*time.Minute)
		ctx, cancel := context.WithCancel(background)
		wait := k.begin(p, ctx, "x")
		k.nap(background, time.Minute)
		cancel()
		if got := wait(); got.err != context.Canceled {
			t.Errorf("%+v", got)
		}
	})
}

func TestNothingStandsInForACallThatFailsTooLate(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, _ string) (string, error) {
		k := kitOf(ctx)
		if k.since() > time.Minute {
			k.nap(ctx, 2*time.Minute)
			return "", errDown
		}
		return "A", nil
	}}
	dialogue(t, steps, standing, "0s A\n29m error: down")
}
