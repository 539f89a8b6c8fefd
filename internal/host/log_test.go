package host

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/request"
)

func TestBatch(t *testing.T) {
	var out bytes.Buffer
	b := &batch{to: &out}
	b.add([]byte("held\n"), false)
	if out.Len() > 0 {
		t.Error("a request line is not held back")
	}
	b.Write([]byte("said\n"))
	if out.String() != "held\nsaid\n" {
		t.Errorf("after a line of slog: %q", out.String())
	}
	out.Reset()
	b.add([]byte("failed\n"), true)
	if out.String() != "failed\n" {
		t.Errorf("after a failure: %q", out.String())
	}
	out.Reset()
	line := bytes.Repeat([]byte("x"), 1000)
	for range batchBytes/len(line) + 1 {
		b.add(line, false)
	}
	if out.Len() < batchBytes {
		t.Errorf("%d of more than %d bytes are written", out.Len(), batchBytes)
	}
}

// Request lines are read by what reads the lines of slog.
func TestRequestLines(t *testing.T) {
	var out bytes.Buffer
	for _, path := range []string{"/plain", "/with space", `/"quoted"\`, "/a=b", "/☃\xff\x00\n", strings.Repeat("/long", 100), ""} {
		x := &exchange{method: "GET", path: path, start: time.Now(), info: request.Request{Number: 7}, status: 404, bytes: 12}
		out.Reset()
		asJSON := NewLog(&out)
		asJSON.request(x)
		asJSON.Close()
		var line map[string]any
		if err := json.Unmarshal(out.Bytes(), &line); err != nil {
			t.Errorf("%q: %v: %s", path, err, out.String())
		}
		if line["path"] != strings.ToValidUTF8(path[:min(len(path), 100)], "\uFFFD") || line["status"] != 404.0 || line["bytes"] != 12.0 || line["msg"] != "request" || line["request"] != x.info.ID() {
			t.Errorf("%q: %v", path, line)
		}
		if _, err := time.Parse(time.RFC3339Nano, line["time"].(string)); err != nil {
			t.Error(err)
		}

		// The text form, held against slog's own for the same fields.
		out.Reset()
		asText := &Log{Logger: slog.New(slog.NewTextHandler(&out, nil)), out: &batch{to: &out}}
		asText.request(x)
		asText.Close()
		var wanted bytes.Buffer
		slog.New(slog.NewTextHandler(&wanted, nil)).Info("request", "method", "GET", "path", path[:min(len(path), 100)], "status", 404, "bytes", 12)
		after := func(s string) string {
			_, s, _ = strings.Cut(s, " level=")
			s, _, _ = strings.Cut(s, " ms=")
			return strings.TrimSpace(s)
		}
		if after(out.String()) != after(wanted.String()) {
			t.Errorf("%q:\n%s is not\n%s", path, after(out.String()), after(wanted.String()))
		}
	}
}
