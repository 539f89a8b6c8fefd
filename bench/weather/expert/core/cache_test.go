package core

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A fake is all providers at once: every ZIP code has a place, a point, a station and a cell of its own.
type fake struct {
	mu    sync.Mutex
	asked map[string]int // calls by path
	fail  string         // what begins like this is out of order
	takes func(path string, n int) time.Duration
}

func (f *fake) fetch(ctx context.Context, p Provider, path string) ([]byte, error) {
	f.mu.Lock()
	f.asked[path]++
	n, fails := f.asked[path], f.fail != "" && strings.HasPrefix(path, f.fail)
	f.mu.Unlock()
	if f.takes != nil {
		timer := time.NewTimer(f.takes(path, n))
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return nil, Unavailable(ctx.Err())
		}
	}
	if fails {
		return nil, unavailable.errorf("out of order")
	}
	part := strings.Split(path, "/")
	switch part[1] {
	case "zip":
		if part[2] == "00000" {
			return nil, notFound.errorf("no such ZIP code")
		}
		return json.Marshal(place{ZIP: part[2], County: "Oak", State: "IL", Lat: 41, Lon: float64(len(part[2])) + number(part[2])})
	case "points":
		return json.Marshal(point{Office: "ABC", X: 1, Y: int(number(part[2][3:])), Station: "S" + part[2][3:], Zone: "America/Chicago"})
	case "stations":
		return fmt.Appendf(nil, `{"at":"2026-03-01T12:00:00Z","sky":"clear","temp_c":%d}`, n), nil
	case "gridpoints":
		return fmt.Appendf(nil, `[{"begin":"2026-03-01T12:00:00Z","rain":%d}]`, n), nil
	}
	return []byte(`[{"event":"Flood Watch","counties":["Oak"],"until":"2026-03-01T12:00:00Z"},{"event":"Heat Advisory","counties":["Elm"],"until":"2026-03-01T12:00:00Z"}]`), nil
}

func number(s string) (n float64) {
	fmt.Sscanf(s, "%g", &n)
	return n
}

// calls counts those of paths that begin so.
func (f *fake) calls(prefix string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for path, times := range f.asked {
		if strings.HasPrefix(path, prefix) {
			n += times
		}
	}
	return n
}

// newFake returns a service over fake providers, without survey.
func newFake(t *testing.T, change func(*Settings)) (*Weather, *fake) {
	text, err := os.ReadFile("../settings.json")
	if err != nil {
		t.Fatal(err)
	}
	settings, err := ParseSettings(text)
	if err != nil {
		t.Fatal(err)
	}
	settings.Survey = false
	if change != nil {
		change(&settings)
	}
	f := &fake{asked: map[string]int{}}
	w, err := New(settings, NewClock(), At(func(string) string { return "x" }), f.fetch)
	if err != nil {
		t.Fatal(err)
	}
	return w, f
}

func report(t *testing.T, w *Weather, zip string) string {
	t.Helper()
	body, err := w.Report(context.Background(), zip)
	if err != nil {
		t.Fatalf("%s: %v", zip, err)
	}
	return string(body)
}

// Every step is asked again when its bound is reached, and not before.
func TestExpiry(t *testing.T) {
	w, f := newFake(t, nil)
	first := report(t, w, "60601")
	if want := `"temp_c":1,`; !strings.Contains(first, want) || !strings.HasSuffix(first, "\"alerts\":[{\"event\":\"Flood Watch\",\"counties\":[\"Oak\"],\"until\":\"2026-03-01T12:00:00Z\"}]}\n") {
		t.Fatalf("got %s", first)
	}
	const early = 2 * time.Second
	at := time.Duration(0)
	for _, step := range []struct {
		until time.Duration
		path  string
		want  int // calls so far, when it has just expired
	}{
		{2 * time.Minute, "/alerts", 2}, {10 * time.Minute, "/stations", 2}, {time.Hour, "/gridpoints", 2},
		{24 * time.Hour, "/zip", 2}, {24*time.Hour + early, "/points", 2},
	} {
		if move := step.until - early - at; move > 0 {
			w.Clock.Move(move)
			at += move
		}
		report(t, w, "60601")
		if n := f.calls(step.path); step.path != "/points" && n != step.want-1 {
			t.Errorf("%s: %d calls shortly before it expires", step.path, n)
		}
		w.Clock.Move(early)
		at += early
		report(t, w, "60601")
		if n := f.calls(step.path); n != step.want {
			t.Errorf("%s: %d calls when it has expired, want %d", step.path, n, step.want)
		}
	}
	if body := report(t, w, "60601"); body == first {
		t.Error("after a day the answer is the first one")
	}
}

// That there is no such ZIP code is kept for a day; that a provider is out of order is not kept.
func TestFaults(t *testing.T) {
	w, f := newFake(t, nil)
	ask := func(zip string) *kind {
		_, failed := w.answer(context.Background(), zip)
		if failed == nil {
			return nil
		}
		return failed.kind
	}
	for range 3 {
		if k := ask("00000"); k != notFound {
			t.Fatalf("got %v", k)
		}
	}
	w.Clock.Move(24*time.Hour - time.Minute)
	if ask("00000"); f.calls("/zip/00000") != 1 {
		t.Errorf("%d calls within a day", f.calls("/zip/00000"))
	}
	w.Clock.Move(time.Minute)
	if ask("00000"); f.calls("/zip/00000") != 2 {
		t.Errorf("%d calls after a day", f.calls("/zip/00000"))
	}
	f.fail = "/gridpoints"
	if k := ask("60601"); k != unavailable || f.calls("/gridpoints") != tries {
		t.Errorf("got %v after %d calls", k, f.calls("/gridpoints"))
	}
	f.fail = ""
	report(t, w, "60601")
}

// An observation stands in for one that cannot be had, for six hours; a forecast does not.
func TestStaleOnError(t *testing.T) {
	w, f := newFake(t, nil)
	first := report(t, w, "60601")
	f.fail = "/stations"
	w.Clock.Move(10 * time.Minute)
	if again := report(t, w, "60601"); again != first {
		t.Errorf("got %s, want %s", again, first)
	}
	asked := f.calls("/stations")
	if report(t, w, "60601"); f.calls("/stations") != asked {
		t.Error("a station that fails is asked at once again")
	}
	w.Clock.Move(standIn)
	if report(t, w, "60601"); f.calls("/stations") == asked {
		t.Error("a station that failed is not asked again")
	}
	w.Clock.Move(6*time.Hour - 10*time.Minute)
	if _, err := w.Report(context.Background(), "60601"); err == nil {
		t.Error("an observation stands in after six hours")
	}
	f.fail = ""
	report(t, w, "60601")
	f.fail = "/gridpoints"
	w.Clock.Move(time.Hour)
	if _, err := w.Report(context.Background(), "60601"); err == nil {
		t.Error("a forecast stands in after its hour")
	}
}

// However many ask at once, each provider is asked once; what does not depend on each other is asked at the same time.
func TestCoalescing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, f := newFake(t, func(s *Settings) {
			for name := range bounds {
				s.alter(name, func(o *StepSettings) { o.HedgeMS = 0 })
			}
		})
		f.takes = func(string, int) time.Duration { return 50 * time.Millisecond }
		begun := time.Now()
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() { report(t, w, "60601") })
		}
		wg.Wait()
		if n := f.calls("/"); n != 5 || time.Since(begun) != 150*time.Millisecond {
			t.Errorf("%d calls in %v, want 5 in three times 50ms", n, time.Since(begun))
		}
	})
}

// Who goes away does not take the call along that others wait for.
func TestCallOutlivesWhoBeganIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, f := newFake(t, nil)
		f.takes = func(string, int) time.Duration { return 50 * time.Millisecond }
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
		defer cancel()
		if _, failed := w.answer(ctx, "60601"); failed == nil || failed.kind != timeout {
			t.Errorf("got %v", failed)
		}
		report(t, w, "60601")
		if n := f.calls("/zip"); n != 1 {
			t.Errorf("%d calls", n)
		}
	})
}

// What is kept stays within its bounds, whatever is asked for.
func TestBoundedMemory(t *testing.T) {
	w, _ := newFake(t, func(s *Settings) {
		s.AnswersMiB = 1
		for name := range bounds {
			s.alter(name, func(o *StepSettings) { o.MiB = 1 })
		}
	})
	for i := range 6000 {
		report(t, w, fmt.Sprint(10000+i))
		w.answer(context.Background(), fmt.Sprint("00000", strings.Repeat("x", i%100)))
	}
	for name, size := range map[string]interface {
		CleanUp()
		WeightedSize() uint64
		EstimatedSize() int
	}{"answers": w.answers, "places": w.places.shelf, "points": w.points.shelf, "observations": w.observations.shelf, "forecasts": w.forecasts.shelf} {
		size.CleanUp()
		if bytes := size.WeightedSize(); bytes > 1<<20 || bytes < 1<<19 || size.EstimatedSize() > 6000 {
			t.Errorf("%s: %d bytes, %d entries", name, bytes, size.EstimatedSize())
		}
	}
	report(t, w, "10000")
}
