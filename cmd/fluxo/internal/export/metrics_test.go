package export_test

// Metrics, read by the parser that Prometheus uses.

import (
	"bytes"
	"math"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"fluxo.dev/fluxo/internal/metrics"
	"fluxo.dev/fluxo/internal/profile"
)

func parse(t *testing.T, s *profile.Statistics) map[string]*dto.MetricFamily {
	t.Helper()
	var b bytes.Buffer
	if err := metrics.Write(&b, s); err != nil {
		t.Fatal(err)
	}
	p := expfmt.NewTextParser(model.LegacyValidation)
	families, err := p.TextToMetricFamilies(&b)
	if err != nil {
		t.Fatal(err)
	}
	return families
}

func TestMetrics(t *testing.T) {
	var took profile.Sketch
	took.Add(3*time.Millisecond, 90)
	took.Add(2*time.Second, 10)
	const flow = "example.com/shop.Page[\"odd\\name\n\"]"
	got := parse(t, &profile.Statistics{
		Service: "example.com/shop", Began: time.Unix(1e9, 0), Bytes: 4096, Early: 1, MostEarly: 1024, Windows: time.Minute,
		Flows: []profile.FlowStatistics{{
			Flow: flow, Planned: true,
			Runs: profile.RunStatistics{Count: 100, Failed: 7, Took: took},
			Decisions: []profile.DecisionStatistics{
				{Verb: "store", Region: "Price", Line: "store Price", Hits: 80, Misses: 20, Fills: 21, Kept: 19, Refreshes: 1},
				{Verb: "coalesce", Region: "Price", Line: "coalesce Price", Flights: 20, Joined: 3},
				{Verb: "hedge", Region: "Price", Line: "hedge Price after=5ms budget=5%", Started: 6, Taken: 4, Refused: 2},
				{Verb: "answer", Line: "answer", Hits: 31, Misses: 9, Entries: 8, Bytes: 512},
			},
		}},
		Queues: []profile.QueueStatistics{{Step: "example.com/shop.Price", Limit: 4, Active: 4, Waiting: 2, Calls: 100, Waited: took}},
	})
	value := func(name string, of func(*dto.Metric) float64, labels ...string) float64 {
		t.Helper()
		f := got[name]
		if f == nil {
			t.Errorf("no %s", name)
			return math.NaN()
		}
		for _, m := range f.Metric {
			found := map[string]string{}
			for _, l := range m.Label {
				found[l.GetName()] = l.GetValue()
			}
			match := true
			for i := 0; i < len(labels); i += 2 {
				match = match && found[labels[i]] == labels[i+1]
			}
			if match {
				return of(m)
			}
		}
		t.Errorf("no %s with %q", name, labels)
		return math.NaN()
	}
	counter := func(m *dto.Metric) float64 { return m.GetCounter().GetValue() }
	gauge := func(m *dto.Metric) float64 { return m.GetGauge().GetValue() }
	for _, c := range []struct {
		got, want float64
		what      string
	}{
		{value("fluxo_run_failures_total", counter, "flow", flow, "how", "planned"), 7, "failures"},
		{value("fluxo_store_hits_total", counter, "decision", "store Price"), 80, "hits"},
		{value("fluxo_coalesce_joined_total", counter, "decision", "coalesce Price"), 3, "joined"},
		{value("fluxo_hedge_started_total", counter, "decision", "hedge Price after=5ms budget=5%"), 6, "second tries"},
		{value("fluxo_hedge_taken_total", counter, "decision", "hedge Price after=5ms budget=5%"), 4, "second tries that were taken"},
		{value("fluxo_hedge_refused_total", counter, "decision", "hedge Price after=5ms budget=5%"), 2, "second tries that were refused"},
		{value("fluxo_answer_hits_total", counter, "decision", "answer"), 31, "answers"},
		{value("fluxo_answer_entries", gauge, "decision", "answer"), 8, "answers kept"},
		{value("fluxo_limit_waiting", gauge, "step", "example.com/shop.Price"), 2, "waiting"},
		{value("fluxo_stored_bytes", gauge), 4096, "bytes"},
		{value("fluxo_start_time_seconds", gauge), 1e9, "began"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
	value("fluxo_run_seconds", func(m *dto.Metric) float64 {
		h := m.GetHistogram()
		if h.GetSampleCount() != 100 || math.Abs(h.GetSampleSum()-20.27) > 1e-6 {
			t.Errorf("%d runs, %v s", h.GetSampleCount(), h.GetSampleSum())
		}
		before := uint64(0)
		for _, b := range h.Bucket {
			want := uint64(0)
			if b.GetUpperBound() >= .003 {
				want += 90
			}
			if b.GetUpperBound() >= 2.5 {
				want += 10
			}
			if b.GetCumulativeCount() != want || want < before {
				t.Errorf("%d runs up to %v s, want %d", b.GetCumulativeCount(), b.GetUpperBound(), want)
			}
			before = want
		}
		return 0
	}, "flow", flow, "how", "planned")
}

// A process that has done nothing yet has metrics that parse.
func TestMetricsOfNothing(t *testing.T) {
	if got := parse(t, &profile.Statistics{}); got["fluxo_info"] == nil {
		t.Errorf("%v", got)
	}
}
