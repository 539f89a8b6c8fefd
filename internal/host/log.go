package host

// What a service writes to its log: one line a request, and panics whole.

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"time"
	"unicode/utf8"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/request"
)

// A Log is a service's log. Its request lines have the form of its slog handler; they
// are made here because slog's way costs more than the rest of a small request.
type Log struct {
	*slog.Logger
	out  *batch
	json bool
}

// NewLog returns a log that writes text if w is a terminal and JSON otherwise.
func NewLog(w io.Writer) *Log {
	l := &Log{out: &batch{to: w}, json: !isTerminal(w)}
	if l.json {
		l.Logger = slog.New(slog.NewJSONHandler(l.out, nil))
	} else {
		l.Logger = slog.New(slog.NewTextHandler(l.out, nil))
	}
	return l
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Close writes what is still held back.
func (l *Log) Close() { l.out.flush() }

// routeFields returns the part of a request's line that is the same for all requests of a route: the
// pattern, and not what clients put in its place, which may be a secret.
func (l *Log) routeFields(r *Route) string {
	b := l.field(nil, "route", r.Pattern)
	return string(l.field(b, "flow", r.Flow))
}

// request writes the line of a request.
func (l *Log) request(x *exchange) {
	if x.route != nil && x.route.probe {
		return
	}
	failed, took := x.status >= http.StatusInternalServerError, time.Since(x.start)
	var space [512]byte
	b := l.begin(space[:0], x.start.Add(took), failed)
	b = l.field(b, "method", x.method)
	if x.route != nil {
		b = append(b, x.route.logged...)
	} else {
		const shown = 100 // bytes of a path that has no route
		b = l.field(b, "path", x.path[:min(len(x.path), shown)])
	}
	b = strconv.AppendInt(l.name(b, "status"), int64(x.status), 10)
	b = strconv.AppendInt(l.name(b, "bytes"), int64(x.bytes), 10)
	b = strconv.AppendFloat(l.name(b, "ms"), float64(took.Microseconds())/1000, 'f', 3, 64)
	b = l.name(b, "request")
	if l.json {
		b = append(x.info.AppendID(append(b, '"')), '"')
	} else {
		b = x.info.AppendID(b)
	}
	if x.failed != nil {
		b = l.field(b, "kind", string(fluxo.KindOf(x.failed)))
	}
	if failed && x.failed != nil {
		b = l.field(b, "error", x.failed.Error())
	}
	if l.json {
		b = append(b, '}')
	}
	l.out.add(append(b, '\n'), failed)
}

// begin begins a line as slog's handlers do.
func (l *Log) begin(b []byte, now time.Time, failed bool) []byte {
	level := "INFO"
	if failed {
		level = "ERROR"
	}
	if !l.json {
		b = now.AppendFormat(append(b, "time="...), "2006-01-02T15:04:05.000Z07:00")
		return append(append(append(b, " level="...), level...), " msg=request"...)
	}
	b = now.AppendFormat(append(b, `{"time":"`...), time.RFC3339Nano)
	return append(append(append(b, `","level":"`...), level...), `","msg":"request"`...)
}

// name appends what stands before a value.
func (l *Log) name(b []byte, name string) []byte {
	if l.json {
		return append(append(append(b, ',', '"'), name...), '"', ':')
	}
	return append(append(append(b, ' '), name...), '=')
}

// field appends a name and a text.
func (l *Log) field(b []byte, name, text string) []byte {
	b = l.name(b, name)
	plain := true
	for i := 0; i < len(text); i++ {
		if c := text[i]; c <= ' ' || c == '"' || c == '\\' || c == '=' || c >= utf8.RuneSelf || c == 0x7f {
			plain = false
			break
		}
	}
	switch {
	case plain && l.json:
		return append(append(append(b, '"'), text...), '"')
	case plain && text != "":
		return append(b, text...)
	case l.json:
		quoted, _ := json.Marshal(text) // a string always has a form
		return append(b, quoted...)
	}
	return strconv.AppendQuote(b, text)
}

// errExited is the failure of a flow that ended its goroutine.
var errExited = errors.New("a step called runtime.Goexit, or a test's FailNow")

// panicked logs a panic with its stack and returns the failure to answer with. It
// must be called by the function that recovered. A handler's wish to abort is passed on.
func (s *Service) panicked(x *exchange, v any) error {
	if v == http.ErrAbortHandler {
		panic(v)
	}
	return s.raised(v, x.route.Flow, &x.info)
}

// raised logs a panic, or the end of a goroutine if v is nil, with its stack and returns it as an error.
func (s *Service) raised(v any, flow string, info *request.Request) error {
	err := errExited
	if v != nil {
		err = fluxo.Internal.Errorf("panic: %v", v)
	}
	s.log.Error("the flow panicked", "flow", flow, "request", info.ID(), "panic", err.Error(), "stack", string(debug.Stack()))
	return &fluxo.Error{Flow: flow, Kind: fluxo.Internal, Err: err}
}
