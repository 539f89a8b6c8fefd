package sim

import (
	"bytes"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/tracetest"
)

const flowName = "example.com/weather.Weather"

// planned is the weather under lines of a plan.
func planned(t *testing.T, lines string) map[graph.FlowName]*graph.Graph {
	t.Helper()
	f, err := plan.Parse("", []byte("fluxo 1\n\nflow "+flowName+" (\n"+lines+"\n)\n"))
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.Parse(tracetest.Weather)
	if err != nil {
		t.Fatal(err)
	}
	p, problems := plan.Apply(g, f.Decisions(flowName))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return map[graph.FlowName]*graph.Graph{flowName: p}
}

func run(t *testing.T, trace *Trace, o Options) *Outcome {
	t.Helper()
	out, err := Run(trace, o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func read(t *testing.T, p *profile.Trace) *Trace {
	t.Helper()
	trace, err := Read(p)
	if err != nil {
		t.Fatal(err)
	}
	return trace
}

// A trace that is read from a stream for each replay gives what one in memory does.
func TestStream(t *testing.T) {
	recorded := tracetest.WeatherTrace(tracetest.Zipf(2000, 200, 1), 1)
	var b bytes.Buffer
	w, err := profile.NewWriter(&b, recorded)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range recorded.Runs {
		if err := w.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	source, err := profile.NewStream(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b.Bytes())), nil })
	if err != nil {
		t.Fatal(err)
	}
	streamed := read(t, recorded).From(source)
	for _, o := range []Options{{}, {Plans: planned(t, "store Locate\nparallel Observe Alerts\nstore Observe")}} {
		if got, want := run(t, streamed, o), run(t, read(t, recorded), o); !reflect.DeepEqual(got, want) {
			t.Errorf("mean %v, and in memory %v", mean(got), mean(want))
		}
	}
	b.Truncate(b.Len() - 3)
	if _, err := Run(streamed, Options{}); err == nil {
		t.Error("a stream that was cut off is replayed without an error")
	}
}

func mean(o *Outcome) time.Duration {
	sum := time.Duration(0)
	for _, r := range o.Requests {
		sum += r.Took
	}
	return sum / time.Duration(len(o.Requests))
}

// The structure of one trace, recorded beside upstreams that took no time, with the times of another.
func TestTimesOfAnotherTrace(t *testing.T) {
	asks := tracetest.Zipf(3000, 200, 1)
	costs := tracetest.WeatherTrace(asks[:500], 7)
	structure := tracetest.WeatherTrace(asks, 7)
	for _, r := range structure.Runs {
		for i := range r.Visits {
			r.Visits[i].Took = 0
		}
	}
	drawn, err := read(t, structure).WithTimes(read(t, costs))
	if err != nil {
		t.Fatal(err)
	}
	for _, plans := range []map[graph.FlowName]*graph.Graph{nil, planned(t, "store Locate\nparallel Observe Alerts\nstore Observe")} {
		got := run(t, drawn, Options{Plans: plans})
		want := run(t, read(t, tracetest.WeatherTrace(asks, 7)), Options{Plans: plans})
		if g, w := mean(got), mean(want); g < w*95/100 || g > w*105/100 {
			t.Errorf("mean %v with drawn times, %v with the run's own", g, w)
		}
		if !reflect.DeepEqual(got, run(t, drawn, Options{Plans: plans})) {
			t.Error("one seed draws two times")
		}
		if reflect.DeepEqual(got, run(t, drawn, Options{Plans: plans, Seed: 1})) {
			t.Error("two seeds draw the same")
		}
	}
	other := tracetest.WeatherTrace(asks[:1], 7)
	other.Flows[0].Graph = string(bytes.Replace([]byte(tracetest.Weather), []byte("volatile 2m"), []byte("volatile 3m"), 1))
	if _, err := read(t, structure).WithTimes(read(t, other)); err == nil {
		t.Error("times of another version of the flow are taken")
	}
	other.Flows[0].Graph = strings.Replace(tracetest.Weather, "{volatile 2m}", "@weather.go:99 {volatile 2m}", 1)
	if _, err := read(t, structure).WithTimes(read(t, other)); err != nil || other.Flows[0].Graph == tracetest.Weather {
		t.Errorf("of a flow that stands elsewhere in its file: %v", err)
	}
}

// Draws are independent of each other, and of successes those of successes.
func TestDraws(t *testing.T) {
	fast, slow := 10*time.Millisecond, 100*time.Millisecond
	costs := tracetest.WeatherTrace(tracetest.Zipf(1000, 50, 1), 3)
	for i, r := range costs.Runs {
		for k := range r.Visits {
			r.Visits[k].Took = []time.Duration{fast, slow}[i%2]
		}
		if i < 100 { // fails at once
			r.Visits = r.Visits[:2]
			r.Visits[0].Took, r.Visits[0].Kind = time.Hour, profile.AnyError
			r.Visits[0].Sets[1].Hash = 1
			r.Visits[1].Exit = 1
			r.Visits[1].Sets = []profile.Value{{Var: 6}, {Var: 7, Hash: 1}}
		}
	}
	drawn, err := read(t, tracetest.WeatherTrace(tracetest.Zipf(4000, 50, 2), 3)).WithTimes(read(t, costs))
	if err != nil {
		t.Fatal(err)
	}
	times := map[time.Duration]int{}
	for _, r := range run(t, drawn, Options{Cores: 64}).Requests {
		times[r.Took.Round(fast)]++
	}
	// Three steps and the return take 10 ms or 100 ms each: five sums, if one is drawn without the others.
	if len(times) != 5 || times[time.Hour] > 0 {
		t.Errorf("requests take %v", times)
	}
}

// Requests before Options.From fill the stores and count for nothing.
func TestFrom(t *testing.T) {
	trace := read(t, tracetest.WeatherTrace(tracetest.Zipf(2000, 100, 1), 1))
	all, counted := 0, 0
	o := Options{From: 12 * time.Hour, Rate: 2, Called: func(step string, at time.Duration) {
		if step != "example.com/weather.Locate" {
			return
		}
		if all++; at >= 6*time.Hour {
			counted++
		}
	}}
	got := run(t, trace, o)
	if got.Calls["example.com/weather.Locate"] != len(got.Requests) || len(got.Requests) == 2000 || len(got.Requests) == 0 {
		t.Errorf("%d requests count, and %d calls", len(got.Requests), got.Calls["example.com/weather.Locate"])
	}
	if all != 2000 || counted != len(got.Requests) {
		t.Errorf("of %d calls %d are told of behind the beginning, of %d requests", all, counted, len(got.Requests))
	}
}

// A clock that goes back does not stop a replay, nor take it back.
func TestClockGoesBack(t *testing.T) {
	recorded := tracetest.WeatherTrace(tracetest.Zipf(200, 20, 1), 1)
	for i, r := range recorded.Runs {
		if i%3 == 0 {
			r.At -= time.Hour
		}
	}
	got := run(t, read(t, recorded), Options{})
	if len(got.Requests) != 200 || slices.ContainsFunc(got.Requests, func(r Request) bool { return r.Took < 0 || r.Took > time.Minute }) {
		t.Errorf("%d requests, mean %v", len(got.Requests), mean(got))
	}
}

// What no visit shows is added where it is known.
func TestCosts(t *testing.T) {
	recorded := tracetest.WeatherTrace(tracetest.Zipf(200, 20, 1), 1)
	before := run(t, read(t, recorded), Options{})
	recorded.Costs = profile.Costs{Request: 50 * time.Microsecond, Call: 30 * time.Microsecond}
	after := run(t, read(t, recorded), Options{})
	if got, want := after.Busy-before.Busy, 200*140*time.Microsecond; got < want*99/100 || got > want*101/100 {
		t.Errorf("processors are busy for %v more, want %v", got, want)
	}
}

// What the process used while requests were recorded is what they cost, as written, and what a plan saves of it follows from
// the calls that it saves. The time of a request as written grows by what it costs around its flow alone.
func TestCostsOfWhatWasUsed(t *testing.T) {
	recorded := tracetest.WeatherTrace(tracetest.Zipf(2000, 20, 1), 1)
	before := run(t, read(t, recorded), Options{Cores: 1 << 10})
	const each = 800 * time.Microsecond
	for _, r := range recorded.Runs {
		r.Busy = each
	}
	trace := read(t, recorded)
	written := run(t, trace, Options{Cores: 1 << 10})
	if got := written.Busy / 2000; got < each*99/100 || got > each*101/100 {
		t.Errorf("a request costs %v, want %v", got, each)
	}
	if got, want := mean(written)-mean(before), trace.costs.Request; got < want*95/100 || got > want*105/100 {
		t.Errorf("a request takes %v longer, want %v", got, want)
	}
	planned := run(t, trace, Options{Cores: 1 << 10, Plans: planned(t, "answer")})
	calls := 0
	for _, n := range planned.Calls {
		calls += n
	}
	if got, want := planned.Busy, trace.costs.Request*2000+trace.costs.Call*time.Duration(calls); got < want || got > want*11/10 {
		t.Errorf("under a plan processors are busy for %v, want %v", got, want)
	}
}

// As written a request takes what it was recorded to take, however many are under way.
func TestAsWritten(t *testing.T) {
	recorded := tracetest.WeatherTrace(tracetest.Zipf(3000, 100, 1), 1)
	for i, r := range run(t, read(t, recorded), Options{Rate: 50, Cores: 1 << 10}).Requests {
		want := recorded.Runs[i].Took + time.Microsecond // to return
		if r.Took != want {
			t.Fatalf("request %d takes %v, recorded %v", i, r.Took, want)
		}
	}
}
