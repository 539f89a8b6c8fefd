package host

// What a service writes to its log: one line a request, and panics whole.

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"fluxo.dev/fluxo"
)

// NewLogger returns a logger that writes text if w is a terminal and JSON otherwise.
func NewLogger(w io.Writer) *slog.Logger {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return slog.New(slog.NewTextHandler(w, nil))
		}
	}
	return slog.New(slog.NewJSONHandler(w, nil))
}

// logRequest writes the line of a request: the route's pattern and not what the
// client put in its place, which may be a secret.
func (s *Service) logRequest(x *exchange) {
	const shownPath = 100 // bytes of a path that has no route
	level := slog.LevelInfo
	attrs := make([]slog.Attr, 0, 8)
	attrs = append(attrs, slog.String("method", x.method))
	switch {
	case x.route == nil:
		attrs = append(attrs, slog.String("path", x.path[:min(len(x.path), shownPath)]))
	case x.route.Handler != nil && isProbe(x.route.Pattern):
		level = slog.LevelDebug
	default:
		attrs = append(attrs, slog.String("route", x.route.Pattern), slog.String("flow", x.route.Flow))
	}
	attrs = append(attrs,
		slog.Int("status", x.status),
		slog.Int("bytes", x.bytes),
		slog.Duration("took", time.Since(x.start)),
		slog.String("request", x.id))
	if x.failed != nil {
		attrs = append(attrs, slog.String("kind", string(fluxo.KindOf(x.failed))))
		if x.status >= http.StatusInternalServerError {
			level = slog.LevelError
			attrs = append(attrs, slog.String("error", x.failed.Error()))
		}
	}
	s.log.LogAttrs(context.Background(), level, "request", attrs...)
}

// errExited is the failure of a flow that ended its goroutine.
var errExited = errors.New("a step called runtime.Goexit, or a test's FailNow")

// panicked logs a panic with its stack and returns the failure to answer with. It
// must be called by the function that recovered. A handler's wish to abort is passed on.
func (s *Service) panicked(x *exchange, v any) error {
	if v == http.ErrAbortHandler {
		panic(v)
	}
	err := errExited
	if v != nil {
		err = fluxo.Internal.Errorf("panic: %v", v)
	}
	s.log.Error("the flow panicked", "flow", x.route.Flow, "request", x.id, "panic", err.Error(), "stack", string(debug.Stack()))
	return &fluxo.Error{Flow: x.route.Flow, Kind: fluxo.Internal, Err: err}
}
