package main

// The request log: one slog line a request, written in batches.

import (
	"bufio"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

func logged(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &response{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		log.LogAttrs(r.Context(), slog.LevelInfo, "request",
			slog.String("method", r.Method), slog.String("route", r.Pattern),
			slog.Int("status", seen.status), slog.Int("bytes", seen.bytes),
			slog.Float64("ms", float64(time.Since(start).Microseconds())/1000))
	})
}

// A response notes what was answered.
type response struct {
	http.ResponseWriter
	status, bytes int
}

func (r *response) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *response) Write(b []byte) (int, error) {
	n, err := r.ResponseWriter.Write(b)
	r.bytes += n
	return n, err
}

// lines holds lines back for at most 0.1 s.
type lines struct {
	mu    sync.Mutex
	out   *bufio.Writer
	armed bool
}

func newLines(w io.Writer) *lines { return &lines{out: bufio.NewWriterSize(w, 64<<10)} }

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.armed {
		l.armed = true
		time.AfterFunc(100*time.Millisecond, l.flush)
	}
	return l.out.Write(line)
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.armed = false
	_ = l.out.Flush()
}
