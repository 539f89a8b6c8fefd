package command

// Linux has a device that is always full.

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// A disk that is full ends a recording with an error that says so, and where; what was written can be read.
func TestFullDisk(t *testing.T) {
	trace, requests := recordings(t, 3)
	r := &recorder{console: console{err: io.Discard}}
	for name, record := range map[string]func(*stream) error{"trace": r.runs, "requests": r.requests} {
		full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		from := trace
		if name == "requests" {
			from = requests
		}
		err = record(&stream{io.NopCloser(bytes.NewReader(from)), full, time.Now()})
		if err == nil || strings.Contains(err.Error(), "no trace") || !strings.Contains(err.Error(), "no space left") || !strings.Contains(err.Error(), "0 requests in /dev/full") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
