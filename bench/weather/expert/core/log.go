package core

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"log/slog"
	"strconv"
	"time"
)

// A Log writes JSON lines through a buffer, which is flushed four times a second.
type Log struct {
	lines *lines
	run   string // of this process: the first part of requests' names
}

const (
	logBuffer = 64 << 10
	logFlush  = 250 * time.Millisecond
)

// An Entry is what is logged of one request.
type Entry struct {
	Began               time.Time
	Method, Route, Path string
	Status, Bytes       int
	Number              uint64
	Kind, Fault         string
}

// NewLog returns a log that writes to out.
func NewLog(out io.Writer) *Log {
	var run [8]byte
	rand.Read(run[:]) // never fails
	return &Log{lines: newLines(out), run: hex.EncodeToString(run[:])}
}

// Logger is for what is logged besides requests.
func (l *Log) Logger() *slog.Logger { return slog.New(l.lines) }

// Name is how a request is called.
func (l *Log) Name(number uint64) string { return l.run + "-" + strconv.FormatUint(number, 10) }

// Request logs a request.
func (l *Log) Request(e *Entry) {
	now := time.Now()
	level := slog.LevelInfo
	if e.Status >= 500 {
		level = slog.LevelError
	}
	r := slog.NewRecord(now, level, "request", 0)
	where := slog.String("route", e.Route)
	if e.Route == "" {
		where = slog.String("path", e.Path)
	}
	r.AddAttrs(slog.String("method", e.Method), where, slog.Int("status", e.Status), slog.Int("bytes", e.Bytes),
		slog.Float64("ms", float64(now.Sub(e.Began).Microseconds())/1000))
	if e.Kind != "" || e.Status >= 400 {
		r.AddAttrs(slog.String("request", l.Name(e.Number)), slog.String("kind", e.Kind), slog.String("error", e.Fault))
	}
	_ = l.lines.Handle(context.Background(), r) // there is nowhere to say that the log is lost
}

// Run flushes the log until ctx is done, and once more.
func (l *Log) Run(ctx context.Context) {
	tick := time.NewTicker(logFlush)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			l.Flush()
		case <-ctx.Done():
			l.Flush()
			return
		}
	}
}

// Flush writes what is in the buffer.
func (l *Log) Flush() { l.lines.flush() }
