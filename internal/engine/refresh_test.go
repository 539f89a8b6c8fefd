package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"
)

// ahead is A, computed again once eight minutes of its ten are over.
const ahead = `stored kept refresh=80 {
step A s.A (ctx arg) -> (a err) err=err {volatile 10m}
}
fail A.fail (err) -> (out.1) err=err exit=return
result return (a) -> (out.0 out.1) exit=return`

func TestHitHasAnOldResultComputedAgain(t *testing.T) {
	dialogue(t, map[string]stepFunc{"A": counted("A")}, ahead, `
		0s A1
		7m A1
		8m1s A1
		8m2s A1
		8m4s A2
		17m A2
		18m3s A3`) // the second expired at 18m1s, and was computed again at 17m
}

func TestRefreshThatFailsDoesNotExtendALife(t *testing.T) {
	failing := func(ctx context.Context, arg string) (string, error) {
		k := kitOf(ctx)
		if k.calls["s.A"] > 1 {
			return "", errors.New("down")
		}
		return "A1", k.nap(ctx, time.Second)
	}
	dialogue(t, map[string]stepFunc{"A": failing}, ahead, `
		0s A1
		9m A1
		9m30s A1
		10m1s error: down`)
}
