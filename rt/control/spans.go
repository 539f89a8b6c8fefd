package control

// Spans: what is observed of the process goes to a collector of OpenTelemetry, if the environment names one.

import (
	"context"
	"log/slog"
	"os"
	"time"

	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/feed"
	"fluxo.dev/fluxo/internal/otlp"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/rt"
)

// flushTime bounds how long a process that ends waits for its collector.
const flushTime = 2 * time.Second

// startSpans begins to send what is heard. flush sends what waits, when the process ends.
func startSpans(listen func(pending int) *feed.Listener[*profile.Run]) (flush func()) {
	c, ok, err := otlp.FromEnvironment(os.Getenv, rt.Service())
	if err != nil {
		slog.Warn("fluxo: no spans are sent", slog.Any("error", err))
	}
	if !ok {
		return func() {}
	}
	e := &otlp.Exporter{Config: c, Began: clock.Began(), GraphOf: rt.GraphOf}
	ctx, end := context.WithCancel(context.Background())
	sent := make(chan struct{})
	heard := listen(otlp.MaxPending)
	go func() {
		defer close(sent)
		e.Run(ctx, heard)
	}()
	slog.Info("fluxo: spans", slog.String("url", c.URL))
	return func() {
		end()
		select {
		case <-sent:
		case <-time.After(flushTime):
			slog.Warn("fluxo: the last spans are lost: the collector did not take them in time", slog.Duration("waited", flushTime))
		}
	}
}
