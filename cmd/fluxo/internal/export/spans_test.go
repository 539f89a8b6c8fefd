package export_test

// Spans, decoded as the collector of OpenTelemetry does.

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/feed"
	"fluxo.dev/fluxo/internal/otlp"
	"fluxo.dev/fluxo/internal/profile"
)

const page = `flow example.com/shop.Page
param ctx context context.Context
param id data int key copy
var item data Item key copy
var err error error
result out.0 data Page key copy
result out.1 error error
body {
	step Load example.com/shop.Load (ctx id) -> (item err) err=err {volatile 1m}
	fail Load.fail (err) -> (out.0 out.1) err=err exit=return
	call Price example.com/shop.Price (ctx item) -> (out.0 err) err=err {volatile 1m}
	result return (out.0) -> (out.0 out.1) exit=return
}
`

const price = `flow example.com/shop.Price
param ctx context context.Context
param item data Item key copy
var err error error
result out.0 data Page key copy
body {
	step Ask example.com/shop.Ask (ctx item) -> (out.0 err) err=err {volatile 1m}
}
`

func graphOf(name graph.FlowName) string {
	return map[graph.FlowName]string{"example.com/shop.Page": page, "example.com/shop.Price": price}[name]
}

// noted is a run of Page that came at 1 s; kind is that of the error of Load.
func noted(parent, kind string) *profile.Run {
	r := &profile.Run{Flow: "example.com/shop.Page", At: time.Second, Took: 100 * time.Millisecond}
	starts := []time.Duration{time.Second, time.Second + 40*time.Millisecond}
	if kind != "" {
		r.Visits = []profile.Visit{{Node: 0, Took: 40 * time.Millisecond, Kind: kind}, {Node: 1, Exit: 1}}
	} else {
		called := &profile.Run{Flow: "example.com/shop.Price", Took: 50 * time.Millisecond, Visits: []profile.Visit{{Node: 0, Took: 45 * time.Millisecond}}}
		called.SetLive(&profile.Live{Starts: []time.Duration{time.Second + 50*time.Millisecond}})
		r.Visits = []profile.Visit{{Node: 0, Took: 40 * time.Millisecond}, {Node: 1}, {Node: 2, Took: 50 * time.Millisecond, Run: called}, {Node: 3, Exit: 1}}
		starts = append(starts, time.Second+45*time.Millisecond, time.Second+99*time.Millisecond)
	}
	r.SetLive(&profile.Live{Parent: parent, Starts: starts})
	return r
}

// sent exports runs to a server, and returns the spans that the collector's decoder finds.
func sent(t *testing.T, runs ...*profile.Run) (all []ptrace.Span) {
	t.Helper()
	began := time.Date(2024, 5, 12, 8, 0, 0, 0, time.UTC)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.URL.Path != "/base/v1/traces" || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("X-Key") != "a b" {
			t.Errorf("%s %v, %v", r.URL, r.Header, err)
		}
		req := ptraceotlp.NewExportRequest()
		if err := req.UnmarshalJSON(body); err != nil {
			t.Errorf("%v\n%s", err, body)
			return
		}
		for i := range req.Traces().ResourceSpans().Len() {
			rs := req.Traces().ResourceSpans().At(i)
			if name, _ := rs.Resource().Attributes().Get("service.name"); name.AsString() != "shop" {
				t.Errorf("service.name is %q", name.AsString())
			}
			spans := rs.ScopeSpans().At(0).Spans()
			for k := range spans.Len() {
				all = append(all, spans.At(k))
			}
		}
	}))
	defer server.Close()
	env := map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": server.URL + "/base/", "OTEL_SERVICE_NAME": "shop", "OTEL_EXPORTER_OTLP_HEADERS": "x-key=a%20b,",
	}
	c, ok, err := otlp.FromEnvironment(func(name string) string { return env[name] }, "another")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	var f feed.Feed[*profile.Run]
	heard := f.Listen(otlp.MaxPending)
	for _, r := range runs {
		f.Add(r)
	}
	ctx, end := context.WithCancel(t.Context())
	end()
	(&otlp.Exporter{Config: c, Began: began, GraphOf: graphOf}).Run(ctx, heard)
	return all
}

func TestSpans(t *testing.T) {
	const trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	got := sent(t, noted("00-"+trace+"-"+parent+"-01", ""))
	if len(got) != 4 {
		t.Fatalf("%d spans", len(got))
	}
	names, began := []string{"Page", "Load", "Price", "Ask"}, []time.Duration{1000, 1000, 1045, 1050}
	took, up := []time.Duration{100, 40, 50, 45}, []int{-1, 0, 0, 2}
	for i, s := range got {
		above := parent
		if up[i] >= 0 {
			above = got[up[i]].SpanID().String()
		}
		start := s.StartTimestamp().AsTime().Sub(time.Date(2024, 5, 12, 8, 0, 0, 0, time.UTC))
		if s.TraceID().String() != trace || s.ParentSpanID().String() != above || s.Name() != "example.com/shop."+names[i] || s.SpanID().IsEmpty() ||
			start != began[i]*time.Millisecond || s.EndTimestamp().AsTime().Sub(s.StartTimestamp().AsTime()) != took[i]*time.Millisecond ||
			s.Status().Code() != ptrace.StatusCodeUnset {
			t.Errorf("span %d: %s of %s below %s, at %v, status %v", i, s.Name(), s.TraceID(), s.ParentSpanID(), start, s.Status().Code())
		}
	}
	if got[0].Kind() != ptrace.SpanKindServer || got[1].Kind() != ptrace.SpanKindInternal {
		t.Errorf("kinds %v, %v", got[0].Kind(), got[1].Kind())
	}
}

func TestSpansOfFailures(t *testing.T) {
	got := sent(t, noted("", "NotFound"))
	if len(got) != 2 || got[0].Status().Code() != ptrace.StatusCodeError || got[1].Status().Message() != "NotFound" || got[0].ParentSpanID().IsEmpty() == false {
		t.Errorf("%d spans", len(got))
	}
}

// Headers that are none begin a trace; what is not sampled is not sent.
func TestTraceparents(t *testing.T) {
	const trace, parent = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
	for header, want := range map[string]int{
		"": 4, "nonsense": 4, "00-" + trace + "-" + parent + "-00": 0, "00-" + trace + "-" + parent + "-03": 4,
		"00-" + strings.ToUpper(trace) + "-" + parent + "-00": 4, "00-00000000000000000000000000000000-" + parent + "-00": 4,
		"ff-" + trace + "-" + parent + "-00": 4, "cc-" + trace + "-" + parent + "-00-later": 0, "00-" + trace + "-" + parent + "-00-later": 4,
	} {
		if got := sent(t, noted(header, "")); len(got) != want {
			t.Errorf("%q: %d spans, want %d", header, len(got), want)
		}
	}
}

// What a collector does not take is counted and logged, and nobody waits for it.
func TestCollectorThatRefuses(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Error(w, "no", http.StatusServiceUnavailable) }))
	defer server.Close()
	var f feed.Feed[*profile.Run]
	heard := f.Listen(3)
	for range 10 {
		f.Add(noted("", ""))
	}
	var log bytes.Buffer
	ctx, end := context.WithCancel(t.Context())
	end()
	e := otlp.Exporter{Config: otlp.Config{URL: server.URL}, GraphOf: graphOf, Log: slog.New(slog.NewTextHandler(&log, nil))}
	e.Run(ctx, heard)
	if !strings.Contains(log.String(), "runs=7") {
		t.Errorf("logged %s", log.String())
	}
}

func TestSpanVariables(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		ok   bool
		says string
	}{
		"none":         {nil, false, ""},
		"off":          {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x:4318", "OTEL_SDK_DISABLED": "true"}, false, ""},
		"own endpoint": {map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://x/t"}, true, ""},
		"no address":   {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "x:4318"}, false, "http://localhost:4318"},
		"bad headers":  {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_EXPORTER_OTLP_HEADERS": "a=1,b"}, false, `"b"`},
	} {
		_, ok, err := otlp.FromEnvironment(func(name string) string { return c.env[name] }, "s")
		if ok != c.ok || (err != nil) != (c.says != "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, %v", name, ok, err)
		}
	}
}
