package otlp

// Runs as spans.

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

// The messages of OTLP, as far as they are used. Numbers of 64 bits are strings in JSON, and IDs hexadecimal.
type (
	message struct {
		ResourceSpans []resourceSpans `json:"resourceSpans"`
	}
	resourceSpans struct {
		Resource   resource     `json:"resource"`
		ScopeSpans []scopeSpans `json:"scopeSpans"`
	}
	resource struct {
		Attributes []attribute `json:"attributes"`
	}
	scopeSpans struct {
		Scope scope  `json:"scope"`
		Spans []span `json:"spans"`
	}
	scope struct {
		Name string `json:"name"`
	}
	attribute struct {
		Key   string `json:"key"`
		Value value  `json:"value"`
	}
	value struct {
		StringValue string `json:"stringValue"`
	}
	status struct {
		Code    int    `json:"code,omitempty"`
		Message string `json:"message,omitempty"`
	}
	span struct {
		TraceID           string      `json:"traceId"`
		SpanID            string      `json:"spanId"`
		ParentSpanID      string      `json:"parentSpanId,omitempty"`
		Name              string      `json:"name"`
		Kind              int         `json:"kind"`
		StartTimeUnixNano string      `json:"startTimeUnixNano"`
		EndTimeUnixNano   string      `json:"endTimeUnixNano"`
		Attributes        []attribute `json:"attributes"`
		Status            status      `json:"status"`
	}
)

// Numbers of the specification.
const (
	kindInternal = 1
	kindServer   = 2
	statusError  = 2
)

func text(key, v string) attribute { return attribute{key, value{v}} }

// message returns what is sent of runs; nil if that is nothing.
func (e *Exporter) message(runs []*profile.Run) *message {
	var spans []span
	for _, r := range runs {
		l := r.Live()
		if l == nil || len(l.Starts) != len(r.Visits) {
			continue
		}
		trace, parent, wanted := continued(l.Parent)
		if wanted {
			spans = e.run(spans, r, trace, parent, r.At, kindServer)
		}
	}
	if len(spans) == 0 {
		return nil
	}
	return &message{[]resourceSpans{{
		Resource:   resource{[]attribute{text("service.name", e.Service)}},
		ScopeSpans: []scopeSpans{{scope{"fluxo.dev/fluxo"}, spans}},
	}}}
}

// continued returns the trace and the span that a header traceparent names (W3C, Trace Context), a new trace if it names
// none; wanted is false if it says that the trace is not sampled.
func continued(header string) (trace, parent string, wanted bool) {
	f := strings.Split(strings.TrimSpace(header), "-")
	valid := len(f) >= 4 && len(f[0]) == 2 && f[0] != "ff" && (len(f) == 4 || f[0] != "00") && isID(f[1], 16) && isID(f[2], 8) && isHex(f[3], 1)
	if !valid {
		return newID(16), "", true
	}
	flags, _ := hex.DecodeString(f[3])
	return f[1], f[2], flags[0]&1 == 1
}

func isHex(s string, bytes int) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == bytes && s == strings.ToLower(s)
}

func isID(s string, bytes int) bool { return isHex(s, bytes) && strings.Trim(s, "0") != "" }

// newID returns a random ID.
func newID(bytes int) string {
	b := make([]byte, bytes)
	for i := 0; i < bytes; i += 8 {
		binary.LittleEndian.PutUint64(b[i:], rand.Uint64()|1)
	}
	return hex.EncodeToString(b)
}

// run adds the spans of a run that began at, and of the steps and flows that it called.
func (e *Exporter) run(spans []span, r *profile.Run, trace, parent string, at time.Duration, kind int) []span {
	own := e.span(trace, parent, string(r.Flow), kind, at, r.Took)
	own.Attributes = []attribute{text("code.function.name", string(r.Flow))}
	if r.Failed {
		own.Status = status{statusError, "panic"}
	}
	here, failure := len(spans), ""
	spans = append(spans, own)
	nodes, l := e.nodes(r.Flow), r.Live()
	if l.Failure != "" {
		spans[here].Status = status{statusError, l.Failure}
	}
	ids := make([]string, len(r.Visits)) // of the spans of visits
	for i := range r.Visits {
		v, up := &r.Visits[i], own.SpanID
		if i < len(l.Within) && l.Within[i] > 0 {
			up = ids[l.Within[i]-1]
		}
		if d := l.Decided[i]; d != nil {
			s := e.span(trace, up, d.Line, kindInternal, l.Starts[i], v.Took)
			s.Attributes = []attribute{text("fluxo.decision", d.Line), text("fluxo.outcome", d.Outcome)}
			ids[i], spans = s.SpanID, append(spans, s)
			continue
		}
		if v.Node < 0 || int(v.Node) >= len(nodes) {
			continue
		}
		n := nodes[v.Node]
		if v.Kind != "" {
			failure = v.Kind
		}
		if n.Kind == graph.Fail && v.Exit != 0 && i == len(r.Visits)-1 {
			spans[here].Status = status{statusError, failure} // the flow returned it
		}
		if c := v.Run; c != nil && c.Live() != nil && len(c.Live().Starts) == len(c.Visits) {
			spans = e.run(spans, c, trace, up, l.Starts[i], kindInternal)
			continue
		}
		if n.Kind == graph.Step || n.Kind == graph.Call {
			s := e.step(n, v, trace, up, l.Starts[i])
			ids[i], spans = s.SpanID, append(spans, s)
		}
	}
	return spans
}

func (e *Exporter) step(n *graph.Node, v *profile.Visit, trace, parent string, at time.Duration) span {
	s := e.span(trace, parent, n.Callee, kindInternal, at, v.Took)
	s.Attributes = []attribute{text("code.function.name", n.Callee), text("fluxo.node", string(n.ID))}
	switch {
	case v.Exit == profile.Raised:
		s.Status = status{statusError, "panic"}
	case v.Kind != "":
		s.Status = status{statusError, v.Kind}
		s.Attributes = append(s.Attributes, text("error.type", v.Kind))
	}
	return s
}

func (e *Exporter) span(trace, parent, name string, kind int, at, took time.Duration) span {
	nanos := func(d time.Duration) string { return strconv.FormatInt(e.Began.Add(d).UnixNano(), 10) }
	return span{TraceID: trace, SpanID: newID(8), ParentSpanID: parent, Name: name, Kind: kind, StartTimeUnixNano: nanos(at), EndTimeUnixNano: nanos(at + max(took, 0))}
}

// nodes returns the nodes of a flow by number.
func (e *Exporter) nodes(flow graph.FlowName) []*graph.Node {
	if nodes, ok := e.flows[flow]; ok {
		return nodes
	}
	var nodes []*graph.Node
	if g, err := graph.Parse(e.GraphOf(flow)); err == nil {
		for at := range g.Places() {
			nodes = append(nodes, at.Node)
		}
	}
	e.flows[flow] = nodes
	return nodes
}
