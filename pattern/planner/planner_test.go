package planner

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/internal/tracetest"
	"fluxo.dev/fluxo/pattern"
)

// Every pattern of Fluxo's own is asked.
func TestOwnPatternsAreLinked(t *testing.T) {
	dirs, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	linked := map[string]bool{}
	for _, p := range pattern.All() {
		linked[p.Name()] = true
	}
	for _, d := range dirs {
		if d.IsDir() && d.Name() != "planner" && !linked[d.Name()] {
			t.Errorf("pattern/%s is not linked into planners", d.Name())
		}
	}
}

// traceFile writes a trace as fluxo record does.
func traceFile(t *testing.T, trace *profile.Trace) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "day.trace")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w, err := profile.NewWriter(f, trace)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range trace.Runs {
		if err := w.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// A question in, an answer out, as text that another version of the program may read.
func TestAnswer(t *testing.T) {
	file := traceFile(t, tracetest.WeatherTrace(tracetest.Zipf(120, 10, 1), 1))
	ask := func(q Question) (*Answer, error) {
		text, err := json.Marshal(q)
		if err != nil {
			t.Fatal(err)
		}
		out, err := answer(strings.NewReader(string(text)))
		if err != nil {
			return nil, err
		}
		a := &Answer{}
		return a, json.Unmarshal(out, a)
	}
	a, err := ask(Question{Format: Format, Traces: []string{file}, Name: "fluxo.plan", Plan: "fluxo 1\n\nflow example.com/weather.Weather (\n\tnever store Locate\n)\n"})
	if err != nil {
		t.Fatal(err)
	}
	if a.Format != Format || a.Requests != 120 || len(a.Decisions) == 0 || a.Tried == 0 {
		t.Errorf("answer %+v", a)
	}
	if a.Proposed.Mean >= a.Written.Mean || a.Proposed.AllCalls() >= a.Written.AllCalls() {
		t.Errorf("predicted %+v, as written %+v", a.Proposed, a.Written)
	}
	if !strings.Contains(a.Plan, "never store Locate\n") || strings.Contains(a.Plan, "\tstore Locate\n") {
		t.Errorf("what the author forbids is proposed:\n%s", a.Plan)
	}
	if a, err = ask(Question{Format: Format, Traces: []string{file}, Plan: "fluxo 1\n", Scheduled: []string{"example.com/weather.Weather"}}); err != nil {
		t.Fatal(err)
	}
	if a.Requests != 0 || a.Scheduled != 120 || a.Written.Requests != 0 || a.Written.Scheduled != 120 || a.Written.Mean == 0 {
		t.Errorf("of scheduled runs alone: %+v, predicted %+v", a, a.Written)
	}
	for what, q := range map[string]Question{
		"speaks format 1":  {Format: Format + 1, Traces: []string{file}},
		"no such file":     {Format: Format, Traces: []string{file + ".not"}},
		"fluxo.plan:1:1":   {Format: Format, Traces: []string{file}, Name: "fluxo.plan", Plan: "nonsense"},
		"no request in it": {Format: Format, Traces: []string{traceFile(t, &profile.Trace{Service: "a"})}},
	} {
		if _, err := ask(q); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%q: %v", what, err)
		}
	}
	if _, err := answer(strings.NewReader("hello")); err == nil || !strings.Contains(err.Error(), "no question") {
		t.Errorf("garbage: %v", err)
	}
}

// The lines of a plan are explained, each by what it gains.
func TestExplanation(t *testing.T) {
	file := traceFile(t, tracetest.WeatherTrace(tracetest.Zipf(120, 10, 1), 1))
	text := `{"Format": 1, "Explain": true, "Traces": ["` + file + `"], "Plan": "fluxo 1\n\nflow example.com/weather.Weather (\n\tpin store Locate\n\toff store Alerts\n)\n"}`
	out, err := answer(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var a Answer
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatal(err)
	}
	if len(a.Reasons) != 1 || a.Reasons[0].Line != "pin store Locate" || a.Reasons[0].Without <= a.Reached || a.Reasons[0].Next == nil {
		t.Errorf("explained as %s", out)
	}
	if a.Requests != 120 || a.Sampled != 0 {
		t.Errorf("of %d requests, a sample of %d", a.Requests, a.Sampled)
	}
	text = strings.Replace(text, file, traceFile(t, tracetest.WeatherTrace(tracetest.Zipf(8000, 800, 1), 1)), 1)
	if out, err = answer(strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &a); err != nil || a.Requests != 8000 || a.Sampled == 0 || a.Sampled > 4000 {
		t.Errorf("of %d requests, a sample of %d: %v", a.Requests, a.Sampled, err)
	}
}

// A record of several files, or one too large to be held, is replayed as one in memory is.
func TestRecords(t *testing.T) {
	trace := tracetest.WeatherTrace(tracetest.Zipf(120, 10, 1), 1)
	half := len(trace.Runs) / 2
	first, second := *trace, *trace
	first.Runs, second.Runs = trace.Runs[:half], trace.Runs[half:]
	warn := func(w string) { t.Error(w) }
	one, err := Open([]string{traceFile(t, trace)}, warn)
	if err != nil {
		t.Fatal(err)
	}
	two, err := Open([]string{traceFile(t, &second), traceFile(t, &first)}, warn)
	if err != nil {
		t.Fatal(err)
	}
	streamed := &Record{Source: whole{one.Source, 120}}
	var want *Prediction
	for i, r := range []*Record{one, two, streamed} {
		read, err := r.Replays()
		if err != nil {
			t.Fatal(err)
		}
		o, err := sim.Run(read, sim.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := Predict(o); want == nil {
			want = got
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("record %d comes to %+v, want %+v", i, got, want)
		}
	}
}

// Of a trace that is cut off what is whole counts, and somebody is told.
func TestCutTrace(t *testing.T) {
	file := traceFile(t, tracetest.WeatherTrace(tracetest.Zipf(50, 5, 1), 1))
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text[:len(text)*2/3], 0o600); err != nil {
		t.Fatal(err)
	}
	warned := ""
	r, err := Open([]string{file}, func(w string) { warned = w })
	if err != nil || !strings.Contains(warned, "requests before it count (") {
		t.Fatalf("%v, warned %q", err, warned)
	}
	n := 0
	for _, err := range r.Each() {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != r.Requests || n < 20 || n > 40 || !r.Asked["example.com/weather.Weather"] {
		t.Errorf("%d runs are left, of %d that count", n, r.Requests)
	}
}

// Requests that stand in two files would count twice.
func TestSameRequestsTwice(t *testing.T) {
	trace := tracetest.WeatherTrace(tracetest.Zipf(50, 5, 1), 1)
	trace.Began = time.Unix(1e9, 0)
	first, second, later := *trace, *trace, *trace
	first.Runs, second.Runs = trace.Runs[:30], trace.Runs[30:]
	later.Began = trace.Began.Add(time.Hour)
	none := func(string) {}
	all := traceFile(t, trace)
	for name, other := range map[string]string{"the same file": all, "a copy": traceFile(t, trace), "a part": traceFile(t, &second)} {
		if _, err := Open([]string{all, other}, none); err == nil || !strings.Contains(err.Error(), "would count twice") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, other := range map[string]string{"later": traceFile(t, &second), "another process": traceFile(t, &later)} {
		if _, err := Open([]string{traceFile(t, &first), other}, none); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A decision without which more work comes than can be done is told in JSON, too, which has no infinite numbers.
func TestDecisionThatAPlanCannotDoWithout(t *testing.T) {
	text, err := json.Marshal(decision(search.Step{Candidate: &search.Candidate{}, Before: math.Inf(1), After: 0.5}))
	if err != nil {
		t.Fatal(err)
	}
	var d Decision
	if err := json.Unmarshal(text, &d); err != nil || d.Before != Overload || d.After != 0.5 {
		t.Errorf("%+v, %v", d, err)
	}
}
