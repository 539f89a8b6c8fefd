package control

// What the process measures of itself: its profile and statistics for the command, metrics for Prometheus.

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"fluxo.dev/fluxo/internal/metrics"
	"fluxo.dev/fluxo/rt"
)

// MetricsEnvironment names the variable that says where metrics are served beside the socket: "localhost:9090". They are
// never on the port of the service itself.
const MetricsEnvironment = "FLUXO_METRICS"

func measuredHandlers(mux *http.ServeMux) {
	mux.HandleFunc("GET /statistics", func(w http.ResponseWriter, _ *http.Request) { answer(w, rt.Statistics()) })
	mux.HandleFunc("GET /profile", sendProfile)
	mux.HandleFunc("GET /metrics", sendMetrics)
}

// sendProfile sends what was noted of the process so far.
func sendProfile(w http.ResponseWriter, _ *http.Request) {
	p := rt.Profile()
	if p == nil {
		http.Error(w, fmt.Sprintf("the service does not observe itself: it was started with %s=off, or was not built by fluxo", rt.ObserveEnvironment), http.StatusConflict)
		return
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(b.Bytes()) // nobody else is told of a command that went away
}

func sendMetrics(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", metrics.ContentType)
	_ = metrics.Write(w, rt.Statistics()) // likewise
}

// startMetrics serves metrics until the process ends, if the environment asks for it.
func startMetrics() {
	addr := os.Getenv(MetricsEnvironment)
	if addr == "" {
		return
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		slog.Warn("fluxo: no metrics are served", slog.String("variable", MetricsEnvironment), slog.Any("error", err))
		return
	}
	slog.Info("fluxo: metrics", slog.String("url", "http://"+l.Addr().String()+"/metrics"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", sendMetrics)
	s := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second, MaxHeaderBytes: maxHeader}
	go s.Serve(l)
}
