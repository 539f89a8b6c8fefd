package control

// Spans: what is observed of the process goes to a collector of OpenTelemetry, if the environment names one.

import (
	"context"
	"log/slog"
	"os"

	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/otlp"
	"fluxo.dev/fluxo/rt"
)

func startSpans() {
	c, ok, err := otlp.FromEnvironment(os.Getenv, rt.Service())
	if err != nil {
		slog.Warn("fluxo: no spans are sent", slog.Any("error", err))
	}
	if !ok {
		return
	}
	e := &otlp.Exporter{Config: c, Began: clock.Began(), GraphOf: rt.GraphOf}
	go e.Run(context.Background(), rt.Spans(otlp.MaxPending))
	slog.Info("fluxo: spans", slog.String("url", c.URL))
}
