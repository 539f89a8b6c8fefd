package serve

// Requests that their connections answer: nobody can tell them from others, and the profile counts them as it counts others.

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/host"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/rt"
)

// Runs that are looked at more closely are whole ones, however many are ready.
func TestReadyAnswersLeaveTheSample(t *testing.T) {
	counting(t)
	url, _ := servingUnder(t, host.DefaultLimits(), "fluxo 1\n"+planOf(skyOf.flow(), "answer"), []Route{skyOf.route()})
	ask(t, "GET", url+"/SkyOf/x")
	var drawn atomic.Int64
	p := skyOf.slot.Plan()
	p.Sample(&engine.Arms{Sampled: true, Draw: func(uint64) int { drawn.Add(1); return engine.NoArm }}, []*engine.Plan{p})
	for range 1000 {
		ask(t, "GET", url+"/SkyOf/x")
	}
	if n := drawn.Load(); n < 4 || n > 40 {
		t.Errorf("%d of 1000 runs were looked at", n)
	}
}

func TestReadyAnswersAreCounted(t *testing.T) {
	const asked = 400
	type outcome struct {
		told  []string
		stats []profile.FlowStatistics
		calls int64 // of routes
		again int64 // likewise, of 40, after the plan was put in place once more
	}
	live := func(t *testing.T, header func(i int) string) (o outcome) {
		posts, skies := counting(t)
		var calls atomic.Int64
		text, all := "fluxo 1\n", []Route(nil)
		for _, p := range []*page{skyOf, postOf} {
			text += planOf(p.flow(), "answer")
			r := p.route()
			call := r.Call
			r.Call = func(r *Request) (any, error) { calls.Add(1); return call(r) }
			all = append(all, r)
		}
		url, c := servingUnder(t, host.DefaultLimits(), text, all)
		for i := range asked {
			switch i % 50 {
			case 20:
				c.pass(life)
			case 40:
				publish("x", func() {})
			default:
				c.pass(time.Second / 4)
			}
			resp, body := ask(t, "GET", url+[]string{"/SkyOf/", "/PostOf/"}[i%2]+[]string{"x", "y"}[i/2%2], "Mark", header(i))
			o.told = append(o.told, fmt.Sprint(resp.StatusCode, body, resp.Header["Cache-Control"], resp.Header["Etag"], resp.Header["Content-Type"]))
		}
		before := calls.Load()
		if _, err := rt.Apply("fluxo.plan", []byte(text), rt.Strict); err != nil {
			t.Fatal(err)
		}
		for i := range 40 {
			ask(t, "GET", url+"/SkyOf/x", "Mark", header(i))
		}
		o.again = calls.Load() - before
		o.stats, o.calls = engine.Current().Statistics(), calls.Load()
		for i := range o.stats {
			o.stats[i].Runs = profile.RunStatistics{} // of short runs several are counted together
		}
		o.told = append(o.told, fmt.Sprint(posts.Load(), skies.Load()))
		return o
	}
	var ready, others outcome
	t.Run("ready", func(t *testing.T) { ready = live(t, func(int) string { return "same" }) })
	t.Run("others", func(t *testing.T) { others = live(t, func(i int) string { return fmt.Sprint(i) }) })
	if others.calls != asked+40 || ready.calls > asked/4 || ready.again > 5 {
		t.Errorf("routes were called %d times for requests that are alike, %d times for others; under the plan once more %d times", ready.calls, others.calls, ready.again)
	}
	for i := range others.told {
		if ready.told[i] != others.told[i] {
			t.Fatalf("request %d: %s; others %s", i, ready.told[i], others.told[i])
		}
	}
	if got, want := fmt.Sprintf("%+v", ready.stats), fmt.Sprintf("%+v", others.stats); got != want {
		t.Errorf("counted\n%s\nof others\n%s", got, want)
	}
}
