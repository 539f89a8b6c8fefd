package rt_test

import (
	"context"
	"reflect"
	"runtime"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/request"
	"fluxo.dev/fluxo/rt"
)

// until waits for a condition that comes by itself, within some seconds.
func until(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.After(20 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%s: not within 20 s", what)
		}
	}
}

func nodeOf(p *profile.Profile, flow, node string) *profile.NodeProfile {
	for _, f := range p.Flows {
		for _, n := range f.Nodes {
			if string(f.Flow) == flow && string(n.Node) == node {
				return n
			}
		}
	}
	return &profile.NodeProfile{}
}

// A process that nobody asked for anything sees what its flows do, and they answer as ever.
func TestObservation(t *testing.T) {
	const weather = "example.com/weather.Weather"
	rt.Observe(t)
	want, _ := fluxoPlain_Weather(context.Background(), "73301")
	calls, before := 0, nodeOf(rt.Profile(), weather, "Locate").Count
	until(t, "Weather is observed", func() bool {
		calls++
		got, err := Weather(context.Background(), "73301")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%v, %v; want %v", got, err, want)
		}
		return nodeOf(rt.Profile(), weather, "Locate").Count >= before+100
	})
	p := rt.Profile()
	n := nodeOf(p, weather, "Locate")
	if n.Failures != 0 || n.Reads.Distinct() > 3 || n.Took.Count() != n.Count || len(n.Sets) != 2 || n.Sets[0].Bytes == 0 || n.Count > before+int64(calls) {
		t.Errorf("%d calls, of which was noted: %+v", calls, n)
	}
	if p.Observed <= 0 || p.Observed > time.Since(p.Began) || p.Processes != 1 {
		t.Errorf("observed for %v in %d processes", p.Observed, p.Processes)
	}
	if s := statisticsOf(t, weather); s.Written.Count < n.Count || s.Written.Took.Count() != s.Written.Count {
		t.Errorf("%d runs as written in the statistics, %d in the profile", s.Written.Count, n.Count)
	}
}

// Full windows are closed, and follow one another at a distance: what they cost is a small share of the time.
func TestWindowsAreRare(t *testing.T) {
	rt.Observe(t)
	began, before := time.Now(), rt.ObservedVisits()
	until(t, "windows fill", func() bool {
		for range 1000 {
			if _, err := Weather(context.Background(), "73302"); err != nil {
				t.Fatal(err)
			}
		}
		return rt.ObservedVisits()-before > rt.WindowVisits*3/2
	})
	visits, took := rt.ObservedVisits()-before, time.Since(began)
	if most := int(took/rt.MinPause+2) * 2 * rt.WindowVisits; visits > most {
		t.Errorf("%d visits were noted in %v, want at most %d", visits, took, most)
	}
}

// A plan that is put in place stays there, whatever windows do.
func TestWindowsLeavePlansAlone(t *testing.T) {
	rt.Observe(t)
	until(t, "a window is open", func() bool { return rt.WindowIsOpen() })
	under(t, everything)
	for range 2 * rt.WindowVisits {
		if _, err := Weather(context.Background(), "73303"); err != nil {
			t.Fatal(err)
		}
	}
	before := locates.Load()
	until(t, "windows come and go", rt.CloseWindow)
	until(t, "windows come and go", func() bool { return rt.WindowIsOpen() })
	if _, err := Weather(context.Background(), "73303"); err != nil || locates.Load() != before {
		t.Errorf("Locate was called %d times again under a plan that keeps it: %v", locates.Load()-before, err)
	}
}

// What observation may cost grows with what the process does.
func TestAllowance(t *testing.T) {
	idle, busy := rt.Allowance(0), rt.Allowance(1)
	if all := float64(runtime.GOMAXPROCS(0)); idle <= 0 || idle > all/500 || busy <= idle || busy > all/100 || rt.Allowance(100) > all/100 {
		t.Errorf("%v of %v processors when idle, %v when busy, %v when more than that", idle, all, busy, rt.Allowance(100))
	}
}

// Who exports runs hears of those that are observed, with the times at which visits began and the trace that they are part of.
func TestSpans(t *testing.T) {
	rt.Observe(t)
	heard := rt.Spans(10)
	defer heard.Stop()
	ctx := request.With(context.Background(), &request.Request{Parent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})
	until(t, "a run is heard of", func() bool {
		if _, err := Weather(ctx, "73304"); err != nil {
			t.Fatal(err)
		}
		return len(heard.Values()) > 0
	})
	r := <-heard.Values()
	l := r.Live()
	for i := range r.Visits {
		if l == nil || len(l.Starts) != len(r.Visits) || l.Starts[i] < r.At || l.Starts[i]+r.Visits[i].Took > r.At+r.Took {
			t.Fatalf("visit %d of a run at %v that took %v: %+v, %+v", i, r.At, r.Took, r.Visits[i], l)
		}
	}
	if l.Parent == "" || rt.GraphOf(r.Flow) == "" || rt.GraphOf("nothing") != "" {
		t.Errorf("%+v", l)
	}
}
