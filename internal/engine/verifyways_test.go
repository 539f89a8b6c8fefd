package engine_test

// Services whose steps return something else every time: many noted calls may answer each step, and few ways to choose
// among them are those of the plan.

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

// The steps of a flow that has four, one after the other.
const (
	stepA = "step A s.A (ctx arg) -> (a err) err=err {volatile 1m}\n"
	stepB = "step B s.B (ctx arg) -> (b err) err=err {volatile 3s}\n"
	stepC = "step C s.C (ctx arg) -> (c err) err=err {volatile 10s onerror=1m}\n"
	stepD = "step D s.D (ctx b) -> (d err) err=err {volatile 20s}\n"
	four  = "result return (a b c d) -> (out.0 out.1) exit=return"
)

// quotes are plans of that flow.
var quotes = map[string]string{
	"as written":    stepA + stepB + stepC + stepD,
	"stored":        "stored ka {\n" + stepA + "}\nstored kb {\n" + stepB + "}\nstored kc {\n" + stepC + "}\nstored kd {\n" + stepD + "}\n",
	"refreshed":     "stored ka refresh=80 {\n" + stepA + "}\nstored kb refresh=50 {\n" + stepB + "}\nstored kc refresh=70 {\n" + stepC + "}\nstored kd refresh=80 {\n" + stepD + "}\n",
	"together":      "stored kept refresh=60 {\n" + stepA + stepB + stepC + stepD + "}\n",
	"nested":        "stored kept {\nstored ka {\n" + stepA + "}\nstored kb refresh=60 {\n" + stepB + "}\nstored kc {\n" + stepC + "}\n}\n" + stepD,
	"shared":        "stored kept {\nshared joined {\n" + stepA + stepB + "}\n}\nshared joined2 {\n" + stepC + "}\n" + stepD,
	"hedged":        "hedged ha after=20ms budget=100 {\n" + stepA + "}\nhedged hb after=40ms budget=100 {\n" + stepB + "}\n" + stepC + "hedged hd after=30ms budget=100 {\n" + stepD + "}\n",
	"hedged, kept":  "stored ka refresh=80 {\nhedged ha after=20ms budget=100 {\n" + stepA + "}\n}\nstored kb refresh=50 {\nhedged hb after=20ms budget=100 {\n" + stepB + "}\n}\n" + stepC + stepD,
	"begun early":   "start b0 B..B\nstart c0 C..C\n" + stepA + stepB + stepC + stepD,
	"early, stored": "start b0 kb..kb\nstart c0 kc..kc\n" + stepA + "stored kb refresh=60 {\n" + stepB + "}\nstored kc refresh=70 {\n" + stepC + "}\nstored kd {\n" + stepD + "}\n",
}

// differs returns a step whose every call returns something else after another time; every fourth one fails if it may.
func differs(name string, fails bool) stepFunc {
	n := 0
	return func(ctx context.Context, arg string) (string, error) {
		n++
		got, k := n, kitOf(ctx)
		if err := k.nap(ctx, time.Duration(3+k.Random()%97)*time.Millisecond); err != nil {
			return "", err
		}
		if fails && got%4 == 0 {
			return "", errors.New("down")
		}
		return fmt.Sprint(name, got, " "), nil
	}
}

// ask sends 60 requests to a flow, some of them at once.
func ask(k *kit, p *engine.Plan, pause time.Duration) {
	var waits []func() ended
	for i := range 60 {
		waits = append(waits, k.begin(p, background, fmt.Sprint("S", i/50)))
		if i%5 > 0 {
			k.nap(background, time.Duration(k.Random()%uint64(2*pause)))
		}
	}
	for _, wait := range waits {
		wait()
	}
}

func quoteSteps() map[string]stepFunc {
	return map[string]stepFunc{"A": differs("A", false), "B": differs("B", false), "C": differs("C", true), "D": differs("D", false)}
}

func TestVerifyManyWays(t *testing.T) {
	for name, body := range quotes {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(3) {
				for _, pause := range []time.Duration{50 * time.Millisecond, time.Second, 9 * time.Second} {
					world(t, seed, 8, quoteSteps(), func(k *kit) {
						j := k.engine.NewJournal()
						ask(k, k.verified(j, "F", body+four), pause)
						if r := j.Report(); r.Requests != 60 || r.Alike != 60 || r.Reached["example.com/test.F"] != 60 {
							t.Errorf("%v apart: %+v", pause, r)
						}
					})
				}
			}
		})
	}
}

// An engine that keeps results for ever is found, however many ways there are.
func TestVerifyFindsAmongManyWays(t *testing.T) {
	for _, name := range []string{"stored", "together", "early, stored"} {
		world(t, 1, 8, quoteSteps(), func(k *kit) {
			k.engine = engine.New(engine.Options{World: forgetful{k.World}, Early: 8})
			j := k.engine.NewJournal()
			ask(k, k.verified(j, "F", strings.ReplaceAll(quotes[name], " onerror=1m", "")+four), 9*time.Second)
			if r := j.Report(); r.Different < 30 {
				t.Errorf("%s: %+v", name, r)
			}
		})
	}
}
