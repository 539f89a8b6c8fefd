// Package otlp sends noted runs as spans to a collector: OTLP over HTTP, in JSON, as the specification of OpenTelemetry
// has it. It waits for nobody: what comes faster than it can be sent is dropped, and counted.
package otlp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/feed"
	"fluxo.dev/fluxo/internal/profile"
)

// Bounds of what is sent.
const (
	MaxPending = 1 << 11          // runs that wait
	maxBatch   = 256              // runs of one message
	interval   = 5 * time.Second  // after which a batch is sent, however small
	timeout    = 10 * time.Second // of one message
	logEvery   = time.Minute      // what was lost is logged
)

// A Config says where spans go.
type Config struct {
	URL     string
	Header  http.Header
	Service string
}

// FromEnvironment reads the variables of OpenTelemetry; ok is false if they ask for no spans. service is the name of a process
// that OTEL_SERVICE_NAME does not name.
func FromEnvironment(getenv func(string) string, service string) (c Config, ok bool, err error) {
	c = Config{URL: getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), Header: http.Header{}, Service: service}
	if base := getenv("OTEL_EXPORTER_OTLP_ENDPOINT"); c.URL == "" && base != "" {
		c.URL = strings.TrimSuffix(base, "/") + "/v1/traces"
	}
	if c.URL == "" || getenv("OTEL_SDK_DISABLED") == "true" || getenv("OTEL_TRACES_EXPORTER") == "none" {
		return c, false, nil
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return c, false, fmt.Errorf("OTEL_EXPORTER_OTLP_ENDPOINT is an address like http://localhost:4318, not %q", c.URL)
	}
	if name := getenv("OTEL_SERVICE_NAME"); name != "" {
		c.Service = name
	}
	headers := getenv("OTEL_EXPORTER_OTLP_HEADERS")
	for pair := range strings.SplitSeq(headers, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, found := strings.Cut(pair, "=")
		plain, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); !found || name == "" || err != nil {
			return c, false, fmt.Errorf("OTEL_EXPORTER_OTLP_HEADERS is a list like name=value,other=value; its part that begins with %q is none", name)
		}
		c.Header.Add(name, plain)
	}
	return c, true, nil
}

// An Exporter sends the runs that a listener hears.
type Exporter struct {
	Config
	Began   time.Time // what the times of runs count from
	GraphOf func(graph.FlowName) string
	Log     *slog.Logger // nil for slog.Default

	client http.Client
	flows  map[graph.FlowName][]*graph.Node // by number; of flows that were sent so far
	failed int                              // runs that no collector took since that was last logged
	logged time.Time
}

// Run sends until ctx ends; what waits then is sent before it returns.
func (e *Exporter) Run(ctx context.Context, heard *feed.Listener[*profile.Run]) {
	e.client.Timeout, e.flows = timeout, map[graph.FlowName][]*graph.Node{}
	tick := time.NewTicker(interval)
	defer tick.Stop()
	var batch []*profile.Run
	for {
		select {
		case r := <-heard.Values():
			if batch = append(batch, r); len(batch) < maxBatch {
				continue
			}
		case <-tick.C:
		case <-ctx.Done():
			e.lost(heard.Stop(), nil)
			for r := range heard.Values() {
				batch = append(batch, r)
			}
			e.send(context.WithoutCancel(ctx), batch)
			return
		}
		e.send(ctx, batch)
		batch = nil
		e.lost(heard.Lost(), nil)
	}
}

// send sends runs in one message.
func (e *Exporter) send(ctx context.Context, runs []*profile.Run) {
	message := e.message(runs)
	if message == nil {
		return
	}
	text, err := json.Marshal(message)
	if err == nil {
		err = e.post(ctx, text)
	}
	if err != nil {
		e.lost(len(runs), err)
	}
}

func (e *Exporter) post(ctx context.Context, text []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(text))
	if err != nil {
		return err
	}
	maps.Copy(req.Header, e.Header)
	req.Header.Set("Content-Type", "application/json")
	resp, err := e.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16)) // so that the connection can be used again
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("the collector answers %s", resp.Status)
	}
	return nil
}

// lost counts runs that were not sent, and logs that now and then.
func (e *Exporter) lost(runs int, why error) {
	e.failed += runs
	if e.failed == 0 || !e.logged.IsZero() && time.Since(e.logged) < logEvery {
		return
	}
	log := e.Log
	if log == nil {
		log = slog.Default()
	}
	if why == nil {
		why = fmt.Errorf("more than %d waited", MaxPending)
	}
	log.Warn("fluxo: noted runs were not sent as spans", slog.Int("runs", e.failed), slog.Any("error", why))
	e.failed, e.logged = 0, time.Now()
}
