package engine_test

// Runs under a plan, told as spans.

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

// told compiles a flow whose runs are told. It returns what runs it, for the nth time with the argument that arg returns, until
// so many are told, and what they say.
func (k *kit) told(name, body string) func(n int, arg func(int) string) (says []string) {
	var runs []*profile.Run
	p := k.plan(name, body)
	k.engine.NoteSpans()
	p.TellTo(func(r *profile.Run) { runs = append(runs, r) })
	return func(n int, arg func(int) string) (says []string) {
		i := 0
		for ; len(runs) < n; i++ {
			k.begin(p, background, arg(i))()
		}
		if i < n*10 || i > n*2000 { // each goroutine has a sample of its own, of one in 128
			k.t.Errorf("%d of %d runs were told", n, i)
		}
		for _, r := range runs {
			says = append(says, tale(k, r))
		}
		if k.engine.IsFilling() {
			k.t.Error("flows go on to look for who tells them")
		}
		return says
	}
}

// tale is a run with its visits, each with what it is within, in milliseconds.
func tale(k *kit, r *profile.Run) string {
	l := r.Live()
	if len(l.Starts) != len(r.Visits) || len(l.Within) != len(r.Visits) {
		k.t.Fatalf("%d visits, %+v", len(r.Visits), l)
	}
	s := fmt.Sprint(r.Took.Milliseconds(), " ", l.Failure)
	for i, v := range r.Visits {
		name := fmt.Sprint("node ", v.Node)
		if d := l.Decided[i]; d != nil {
			name = d.Line + " " + d.Outcome
		}
		at := r.At
		if r.At == 0 { // it was called
			at = l.Starts[0]
		}
		s += fmt.Sprintf("; %s %d+%d in %d %s", name, (l.Starts[i] - at).Milliseconds(), v.Took.Milliseconds(), l.Within[i], v.Kind)
		if v.Run != nil {
			s += "(" + strings.TrimSpace(tale(k, v.Run)) + ")"
		}
	}
	return strings.ReplaceAll(s, " ;", ";")
}

// A sample of the runs is told: what they waited for, for how long, and what was spared.
func TestRunsAreTold(t *testing.T) {
	steps := map[string]stepFunc{"A": takes("a", 100*time.Millisecond), "B": takes("b", 300*time.Millisecond)}
	oneSeed(t, 1, steps, func(k *kit) {
		run := k.told("F", `start b0 twice..twice
stored kept {
shared joined {
step A s.A (ctx arg) -> (a err) err=err {volatile 10h}
}
}
fail A.fail (err) -> (out.0 out.1) err=err exit=return
hedged twice after=200ms budget=100 {
step B s.B (ctx) -> (b err) err=err {volatile 10h}
}
fail B.fail (err) -> (out.0 out.1) err=err exit=return
result return (a b) -> (out.0 out.1) exit=return`)
		k.run(k.plans["example.com/test.F"], background, "x")
		const hit = "300; store A hit 0+0 in 0; hedge B first 0+300 in 0; node 2 0+300 in 2"
		for _, s := range run(5, func(int) string { return "x" }) {
			if strings.TrimSpace(s) != hit {
				t.Errorf("%q\nwant %q", s, hit)
			}
		}
	})
}

// A miss has within it what was computed, and a flight, on a goroutine of its own, what it called.
func TestMissesAreTold(t *testing.T) {
	steps := map[string]stepFunc{"A": func(ctx context.Context, arg string) (string, error) {
		if err := kitOf(ctx).nap(ctx, 100*time.Millisecond); err != nil {
			return "", err
		}
		return "", errAbsent
	}}
	oneSeed(t, 1, steps, func(k *kit) {
		run := k.told("F", `stored kept {
shared joined {
step A s.A (ctx arg) -> (a err) err=err {volatile 10h}
}
}
fail A.fail (err) -> (out.0 out.1) err=err exit=return
result return (a) -> (out.0 out.1) exit=return`)
		const want = "100 NotFound; store A miss 0+100 in 0; coalesce A led 0+100 in 1; node 0 0+100 in 2 NotFound"
		if got := run(1, func(i int) string { return fmt.Sprint("x", i) }); strings.TrimSpace(got[0]) != want {
			t.Errorf("%q\nwant %q", got, want)
		}
	})
}

// A flow that is called is told within the run that calls it, and by itself where nobody is told who calls it.
func TestCalledFlowsAreTold(t *testing.T) {
	oneSeed(t, 1, map[string]stepFunc{"A": takes("a", 100*time.Millisecond)}, func(k *kit) {
		k.told("Inner", "stored kept {\nstep A s.A (ctx arg) -> (a err) err=err {volatile 10h}\n}"+tell)
		var inner []*profile.Run
		k.plans["example.com/test.Inner"].TellTo(func(r *profile.Run) { inner = append(inner, r) })
		run := k.told("Outer", "call I example.com/test.Inner (ctx arg) -> (a err) err=err"+tell)
		got := run(4, func(int) string { return "x" })
		if strings.TrimSpace(got[3]) != "0; node 0 0+0 in 0 (0; store A hit 0+0 in 0)" {
			t.Errorf("outer %q", got)
		}
		for _, r := range inner {
			if s := tale(k, r); !strings.Contains(s, "; store A ") {
				t.Errorf("inner %q", s)
			}
		}
	})
}

// Who joins a flight made no call, and who was answered by a second try is told that.
func TestOutcomesAreTold(t *testing.T) {
	n := 0
	steps := map[string]stepFunc{"A": takes("a", 100*time.Millisecond), "B": func(ctx context.Context, arg string) (string, error) {
		if n++; n%2 == 1 {
			return "b", kitOf(ctx).nap(ctx, time.Hour)
		}
		return "b", nil
	}}
	oneSeed(t, 1, steps, func(k *kit) {
		says := map[string]bool{}
		p := k.plan("F", `shared joined {
step A s.A (ctx arg) -> (a err) err=err {volatile 10h}
}
hedged twice after=200ms budget=100 {
step B s.B (ctx) -> (b err) err=err {volatile 10h}
}
result return (a b) -> (out.0 out.1) exit=return`)
		k.engine.NoteSpans()
		p.TellTo(func(r *profile.Run) { says[strings.TrimSpace(tale(k, r))] = true })
		const b = "; hedge B second 100+200 in 0; node 1 300+0 in "
		led, joined := "300; coalesce A led 0+100 in 0; node 0 0+100 in 1"+b+"3", "300; coalesce A joined 0+100 in 0"+b+"2"
		for n := 0; n < 50_000 && !(says[led] && says[joined]); n++ { // a sample is told
			first, second := k.begin(p, background, "x"), k.begin(p, background, "x")
			first()
			second()
		}
		if !says[led] || !says[joined] {
			t.Errorf("nobody says %q or %q, but %v", led, joined, says)
		}
	})
}
