// Package metrics writes the statistics of a process in the text format of Prometheus, version 0.0.4.
package metrics

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"fluxo.dev/fluxo/internal/profile"
)

// ContentType is that of the text.
const ContentType = "text/plain; version=0.0.4; charset=utf-8"

// bounds are those of the buckets of times.
var bounds = []time.Duration{
	10 * time.Microsecond, 100 * time.Microsecond, time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond,
	10 * time.Millisecond, 25 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond,
	500 * time.Millisecond, time.Second, 2500 * time.Millisecond, 5 * time.Second, 10 * time.Second, time.Minute,
}

// Write writes s.
func Write(w io.Writer, s *profile.Statistics) error {
	t := &text{bufio.NewWriter(w)}
	t.process(s)
	t.runs(s)
	for _, m := range decisionMetrics {
		t.decisions(s, m)
	}
	t.queues(s)
	return t.Flush()
}

type text struct{ *bufio.Writer }

// family begins a metric.
func (t *text) family(name, kind, help string) {
	fmt.Fprintf(t, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// sample writes one value. labels are names and values in turn.
func (t *text) sample(name string, value float64, labels ...string) {
	t.WriteString(name)
	for i := 0; i < len(labels); i += 2 {
		sep := ","
		if i == 0 {
			sep = "{"
		}
		t.WriteString(sep + labels[i] + `="` + escape.Replace(strings.ToValidUTF8(labels[i+1], "\uFFFD")) + `"`)
	}
	if len(labels) > 0 {
		t.WriteByte('}')
	}
	t.WriteString(" " + strconv.FormatFloat(value, 'g', -1, 64) + "\n")
}

var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// one writes a metric that has one value.
func (t *text) one(name, kind, help string, value float64) {
	t.family(name, kind, help)
	t.sample(name, value)
}

func (t *text) process(s *profile.Statistics) {
	t.family("fluxo_info", "gauge", "The service that this process is.")
	t.sample("fluxo_info", 1, "service", s.Service)
	t.one("fluxo_start_time_seconds", "gauge", "When the process began, since 1970.", float64(s.Began.UnixMilli())/1000)
	if s.Processor > 0 {
		t.one("fluxo_processor_seconds_total", "counter", "Processor time that the process used.", s.Processor.Seconds())
	}
	t.one("fluxo_observed_seconds_total", "counter", "How long flows that run as written were observed.", s.Windows.Seconds())
	t.one("fluxo_stored_bytes", "gauge", "Bytes of all stored results.", float64(s.Bytes))
	t.one("fluxo_early", "gauge", "Pieces of work that have begun early and are not over.", float64(s.Early))
	t.one("fluxo_early_most", "gauge", "How many of those there may be.", float64(s.MostEarly))
}

// runs writes what became of runs of flows: under a plan, and as written as far as those were observed.
func (t *text) runs(s *profile.Statistics) {
	each := func(f func(flow, how string, runs profile.RunStatistics)) {
		for _, fl := range s.Flows {
			f(string(fl.Flow), "planned", fl.Runs)
			f(string(fl.Flow), "observed", fl.Written)
		}
	}
	t.family("fluxo_run_failures_total", "counter", "Runs of a flow that failed: under a plan, or observed as written.")
	each(func(flow, how string, runs profile.RunStatistics) {
		t.sample("fluxo_run_failures_total", float64(runs.Failed), "flow", flow, "how", how)
	})
	t.family("fluxo_run_seconds", "histogram", "Times of runs of a flow: under a plan, or observed as written.")
	each(func(flow, how string, runs profile.RunStatistics) {
		t.histogram("fluxo_run_seconds", runs.Took, "flow", flow, "how", how)
	})
}

func (t *text) histogram(name string, s profile.Sketch, labels ...string) {
	for _, b := range bounds {
		t.sample(name+"_bucket", float64(s.CountBelow(b)), append(labels, "le", strconv.FormatFloat(b.Seconds(), 'g', -1, 64))...)
	}
	t.sample(name+"_bucket", float64(s.Count()), append(labels, "le", "+Inf")...)
	t.sample(name+"_sum", s.Sum.Seconds(), labels...)
	t.sample(name+"_count", float64(s.Count()), labels...)
}

// A decisionMetric is one number of decisions of one kind.
type decisionMetric struct {
	verb, name, kind, help string
	value                  func(*profile.DecisionStatistics) int64
}

var decisionMetrics = []decisionMetric{
	{"store", "fluxo_store_hits_total", "counter", "Results taken from the store.", func(d *profile.DecisionStatistics) int64 { return d.Hits }},
	{"store", "fluxo_store_misses_total", "counter", "Results that were not there.", func(d *profile.DecisionStatistics) int64 { return d.Misses }},
	{"store", "fluxo_store_fills_total", "counter", "Times that results were computed to be kept.", func(d *profile.DecisionStatistics) int64 { return d.Fills }},
	{"store", "fluxo_store_kept_total", "counter", "Of those, the ones that were kept.", func(d *profile.DecisionStatistics) int64 { return d.Kept }},
	{"store", "fluxo_store_refreshes_total", "counter", "Of those, the ones ahead of an expiry.", func(d *profile.DecisionStatistics) int64 { return d.Refreshes }},
	{"store", "fluxo_store_evicted_total", "counter", "Results that left for want of memory.", func(d *profile.DecisionStatistics) int64 { return d.Evicted }},
	{"store", "fluxo_store_expired_total", "counter", "Results that left past their time.", func(d *profile.DecisionStatistics) int64 { return d.Expired }},
	{"store", "fluxo_store_entries", "gauge", "Results that are kept.", func(d *profile.DecisionStatistics) int64 { return d.Entries }},
	{"store", "fluxo_store_entry_bytes", "gauge", "Their bytes.", func(d *profile.DecisionStatistics) int64 { return d.Bytes }},
	{"coalesce", "fluxo_coalesce_flights_total", "counter", "Times that a shared block ran.", func(d *profile.DecisionStatistics) int64 { return d.Flights }},
	{"coalesce", "fluxo_coalesce_joined_total", "counter", "Callers that took what another one's flight found.", func(d *profile.DecisionStatistics) int64 { return d.Joined }},
	{"parallel", "fluxo_parallel_started_total", "counter", "Pieces of work that began early.", func(d *profile.DecisionStatistics) int64 { return d.Started }},
	{"parallel", "fluxo_parallel_taken_total", "counter", "Of those, the ones that were of use.", func(d *profile.DecisionStatistics) int64 { return d.Taken }},
	{"parallel", "fluxo_parallel_refused_total", "counter", "Pieces that could not begin early, because enough had.", func(d *profile.DecisionStatistics) int64 { return d.Refused }},
	{"answer", "fluxo_answer_hits_total", "counter", "Encoded answers taken from the store.", func(d *profile.DecisionStatistics) int64 { return d.Hits }},
	{"answer", "fluxo_answer_misses_total", "counter", "Encoded answers that were not there.", func(d *profile.DecisionStatistics) int64 { return d.Misses }},
	{"answer", "fluxo_answer_entries", "gauge", "Encoded answers that are kept.", func(d *profile.DecisionStatistics) int64 { return d.Entries }},
	{"answer", "fluxo_answer_entry_bytes", "gauge", "Their bytes.", func(d *profile.DecisionStatistics) int64 { return d.Bytes }},
	{"hedge", "fluxo_hedge_started_total", "counter", "Second tries.", func(d *profile.DecisionStatistics) int64 { return d.Started }},
	{"hedge", "fluxo_hedge_taken_total", "counter", "Of those, the ones that came first.", func(d *profile.DecisionStatistics) int64 { return d.Taken }},
	{"hedge", "fluxo_hedge_refused_total", "counter", "Second tries that the budget, or the process's early starts, had no room for.", func(d *profile.DecisionStatistics) int64 { return d.Refused }},
}

func (t *text) decisions(s *profile.Statistics, m decisionMetric) {
	t.family(m.name, m.kind, m.help)
	for _, f := range s.Flows {
		for i := range f.Decisions {
			if d := &f.Decisions[i]; d.Verb == m.verb {
				t.sample(m.name, float64(m.value(d)), "flow", string(f.Flow), "decision", d.Line, "region", d.Region)
			}
		}
	}
}

func (t *text) queues(s *profile.Statistics) {
	for _, m := range []struct {
		name, kind, help string
		value            func(*profile.QueueStatistics) int64
	}{
		{"fluxo_limit", "gauge", "Calls of a step that may run at once.", func(q *profile.QueueStatistics) int64 { return int64(q.Limit) }},
		{"fluxo_limit_active", "gauge", "Calls that run.", func(q *profile.QueueStatistics) int64 { return int64(q.Active) }},
		{"fluxo_limit_waiting", "gauge", "Callers that wait.", func(q *profile.QueueStatistics) int64 { return int64(q.Waiting) }},
		{"fluxo_limit_calls_total", "counter", "Calls of the step.", func(q *profile.QueueStatistics) int64 { return q.Calls }},
		{"fluxo_limit_left_total", "counter", "Callers that gave up waiting.", func(q *profile.QueueStatistics) int64 { return q.Left }},
	} {
		t.family(m.name, m.kind, m.help)
		for i := range s.Queues {
			t.sample(m.name, float64(m.value(&s.Queues[i])), "step", s.Queues[i].Step)
		}
	}
	t.family("fluxo_limit_wait_seconds", "histogram", "Times that callers waited who had to.")
	for i := range s.Queues {
		t.histogram("fluxo_limit_wait_seconds", s.Queues[i].Waited, "step", s.Queues[i].Step)
	}
}
