package core

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"
)

// Lines is a [slog.Handler] for flat records: JSON, straight into a buffer. A record with groups or
// other things goes through slog's own handler into the same buffer.
type lines struct {
	mu   sync.Mutex
	to   io.Writer
	buf  []byte
	rest slog.Handler // writes to buf, with mu held
}

func newLines(to io.Writer) *lines {
	l := &lines{to: to, buf: make([]byte, 0, logBuffer+4<<10)}
	l.rest = slog.NewJSONHandler(buffer{l}, nil)
	return l
}

// A buffer is how slog's own handler writes.
type buffer struct{ l *lines }

func (b buffer) Write(p []byte) (int, error) {
	b.l.buf = append(b.l.buf, p...)
	return len(p), nil
}

func (l *lines) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelInfo }

// WithAttrs and WithGroup give up speed.
func (l *lines) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &slowLines{l, l.rest.WithAttrs(attrs)}
}
func (l *lines) WithGroup(name string) slog.Handler { return &slowLines{l, l.rest.WithGroup(name)} }

// Handle writes one line.
func (l *lines) Handle(ctx context.Context, r slog.Record) error {
	flat := true
	r.Attrs(func(a slog.Attr) bool {
		switch a.Value.Kind() {
		case slog.KindString, slog.KindInt64, slog.KindFloat64:
		default:
			flat = false
		}
		return flat
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	if !flat {
		return l.handle(ctx, l.rest, r)
	}
	b := append(l.buf, `{"time":"`...)
	b = r.Time.AppendFormat(b, time.RFC3339Nano)
	b = append(append(b, `","level":"`...), r.Level.String()...)
	b = appendText(append(b, `","msg":`...), r.Message)
	r.Attrs(func(a slog.Attr) bool {
		b = append(appendText(append(b, ','), a.Key), ':')
		switch a.Value.Kind() {
		case slog.KindString:
			b = appendText(b, a.Value.String())
		case slog.KindInt64:
			b = strconv.AppendInt(b, a.Value.Int64(), 10)
		default:
			b = strconv.AppendFloat(b, a.Value.Float64(), 'f', 3, 64)
		}
		return true
	})
	l.buf = append(b, '}', '\n')
	return l.full()
}

// handle has slog's own handler write a record.
func (l *lines) handle(ctx context.Context, h slog.Handler, r slog.Record) error {
	if err := h.Handle(ctx, r); err != nil {
		return err
	}
	return l.full()
}

// full writes the buffer out when there is enough in it.
func (l *lines) full() error {
	if len(l.buf) < logBuffer {
		return nil
	}
	return l.write()
}

func (l *lines) write() error {
	_, err := l.to.Write(l.buf)
	l.buf = l.buf[:0]
	return err
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.buf) > 0 {
		_ = l.write() // there is nowhere to say that the log is lost
	}
}

// SlowLines are lines with attributes or groups of their own.
type slowLines struct {
	l *lines
	h slog.Handler
}

func (s *slowLines) Enabled(ctx context.Context, level slog.Level) bool {
	return s.l.Enabled(ctx, level)
}
func (s *slowLines) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &slowLines{s.l, s.h.WithAttrs(attrs)}
}
func (s *slowLines) WithGroup(name string) slog.Handler { return &slowLines{s.l, s.h.WithGroup(name)} }

func (s *slowLines) Handle(ctx context.Context, r slog.Record) error {
	s.l.mu.Lock()
	defer s.l.mu.Unlock()
	return s.l.handle(ctx, s.h, r)
}

// appendText appends a JSON string.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			text, err := json.Marshal(s)
			if err != nil {
				panic("bug: " + err.Error())
			}
			return append(b, text...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
