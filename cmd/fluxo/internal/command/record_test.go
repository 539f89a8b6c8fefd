package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/recorded"
	"fluxo.dev/fluxo/rt/control"
)

// recordings are streams of a trace and of requests as a service sends them.
func recordings(t *testing.T, n int) (trace, requests []byte) {
	t.Helper()
	var runs, asked bytes.Buffer
	w, err := profile.NewWriter(&runs, &profile.Trace{Service: "example.com/shop"})
	if err != nil {
		t.Fatal(err)
	}
	q, err := recorded.NewWriter(&asked, "example.com/shop", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		if err := w.Add(&profile.Run{Flow: "example.com/shop.Page"}); err != nil {
			t.Fatal(err)
		}
		if err := q.Add(&recorded.Request{Method: "GET", URL: "/"}); err != nil {
			t.Fatal(err)
		}
	}
	return runs.Bytes(), asked.Bytes()
}

// A service that goes away leaves the requests before, and an error; one whose time is over, none.
func TestServiceThatGoesAway(t *testing.T) {
	trace, requests := recordings(t, 3)
	for _, c := range []struct {
		name   string
		cut    int // bytes at the end
		values bool
		end    func()
		want   int    // requests
		says   string // the error; "" for none
	}{
		{"between two", 0, false, abort, 3, "3 requests in FILE, which can be used: the service ended after"},
		{"in the middle of one", 2, false, abort, 2, "2 requests in FILE, which can be used: the service ended after"},
		{"both", 2, true, abort, 2, "2 requests in FILE.requests, which can be used: the service ended after"},
		{"half a request, and its time is over", 2, true, over, 2, "2 requests in FILE.requests, which can be used: the service ended after"},
		{"its time is over", 0, true, over, 3, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			serve := func(text []byte) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					w.Write(text[:len(text)-c.cut])
					w.(http.Flusher).Flush()
					c.end()
				}
			}
			mux := http.NewServeMux()
			mux.Handle("/trace", serve(trace))
			mux.Handle("/requests", serve(requests))
			file := filepath.Join(t.TempDir(), "x.trace")
			var said bytes.Buffer
			r := &recorder{console: console{err: &said}, service: serveSocket(t, mux), file: file, wait: "15s", values: c.values}
			err := r.record(context.Background())
			text := strings.ReplaceAll(fmt.Sprint(err), file, "FILE")
			if (err != nil) != (c.says != "") || !strings.Contains(text, c.says) && c.says != "" {
				t.Errorf("%s, want %q; said %s", text, c.says, said.String())
			}
			if both := err != nil && c.values; strings.Contains(said.String(), "fluxo: recording ended early, with 2 requests in "+file+", which can be used: ") != both || strings.Contains(text, "\n") {
				t.Errorf("each file's end is told by itself: %s, said %s", text, said.String())
			}
			checkRecorded(t, file, c.values, c.want)
		})
	}
}

// What came and is not in the file is told.
func TestLostRequests(t *testing.T) {
	trace, _ := recordings(t, 3)
	for lost, says := range map[string]string{"0": "", "7": "warning: 7 more came and are not in it"} {
		mux := http.NewServeMux()
		mux.HandleFunc("/trace", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Trailer", control.LostTrailer)
			w.Write(trace)
			w.Header().Set(control.LostTrailer, lost)
		})
		var said bytes.Buffer
		r := &recorder{console: console{err: &said}, service: serveSocket(t, mux), file: filepath.Join(t.TempDir(), "x.trace"), wait: "15s"}
		if err := r.record(context.Background()); err != nil || !strings.Contains(said.String(), says) || strings.Contains(said.String(), "warning") != (says != "") {
			t.Errorf("%s lost: %v; said %s", lost, err, said.String())
		}
	}
}

// An interrupt ends a recording, and is no error.
func TestInterruptedRecording(t *testing.T) {
	trace, requests := recordings(t, 3)
	r := &recorder{console: console{err: io.Discard}}
	for text, record := range map[string]func(*stream) error{string(trace): r.runs, string(requests): r.requests} {
		f, err := os.Create(filepath.Join(t.TempDir(), "x"))
		if err != nil {
			t.Fatal(err)
		}
		from := io.MultiReader(strings.NewReader(text), iotest.ErrReader(context.Canceled))
		if err := record(&stream{from: io.NopCloser(from), file: f, began: time.Now()}); err != nil {
			t.Error(err)
		}
	}
}

// A filling file stands on a disk that has room for so many bytes more.
type filling struct {
	*os.File
	room int
}

func (f *filling) Write(b []byte) (int, error) {
	n, err := f.File.Write(b[:min(f.room, len(b))])
	if f.room -= n; err == nil && n < len(b) {
		err = &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	return n, err
}

// A disk that becomes full ends a recording with an error that says so, and where; what came before can be read.
func TestDiskThatBecomesFull(t *testing.T) {
	const asked = 20
	trace, requests := recordings(t, asked)
	r := &recorder{console: console{err: io.Discard}}
	counts := map[int]bool{}
	for _, kind := range []struct {
		from   []byte
		record func(*stream) error
		read   func([]byte) int
	}{
		{trace, r.runs, func(b []byte) int { got, _ := profile.Read(bytes.NewReader(b)); return len(got.Runs) }},
		{requests, r.requests, func(b []byte) int { _, all, _ := recorded.Read(bytes.NewReader(b)); return len(all) }},
	} {
		for room := 0; room < len(kind.from); room += 7 {
			f, err := os.Create(filepath.Join(t.TempDir(), "x"))
			if err != nil {
				t.Fatal(err)
			}
			err = kind.record(&stream{from: io.NopCloser(bytes.NewReader(kind.from)), file: &filling{f, room}, began: time.Now()})
			if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), f.Name()) {
				t.Fatalf("with room for %d bytes: %v", room, err)
			}
			left, err2 := os.ReadFile(f.Name())
			if errors.Is(err2, fs.ErrNotExist) && strings.Contains(err.Error(), "nothing was recorded") {
				counts[0] = true
				continue
			}
			n := kind.read(left)
			if bytes.HasSuffix(left, []byte("}")) { // of the last line nothing but its end is missing
				n--
			}
			if want := fmt.Sprintf("with %s in ", counted(n, "request")); !strings.Contains(err.Error(), want) {
				t.Errorf("with room for %d bytes: %d requests can be read, and %v", room, n, err)
			}
			counts[n] = true
		}
	}
	if !counts[0] || !counts[asked-1] {
		t.Errorf("it became full behind %v requests", counts)
	}
}

// Nothing is left of a recording without a request.
func TestNoRequest(t *testing.T) {
	trace, requests := recordings(t, 0)
	r := &recorder{console: console{err: io.Discard}}
	for text, record := range map[string]func(*stream) error{string(trace): r.runs, string(requests): r.requests} {
		f, err := os.Create(filepath.Join(t.TempDir(), "x"))
		if err != nil {
			t.Fatal(err)
		}
		err = record(&stream{from: io.NopCloser(strings.NewReader(text)), file: f, began: time.Now()})
		if _, gone := os.Stat(f.Name()); !errors.Is(err, errNoRequest) || !errors.Is(gone, fs.ErrNotExist) {
			t.Errorf("%v; %v", err, gone)
		}
	}
}

func abort() { panic(http.ErrAbortHandler) }
func over()  {}

// serveSocket is a service that listens until the test is over.
func serveSocket(t *testing.T, h http.Handler) *running {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "s.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: h, ErrorLog: log.New(io.Discard, "", 0)}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return &running{"s", socket}
}

// checkRecorded checks that files have so many requests.
func checkRecorded(t *testing.T, file string, values bool, want int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := profile.Read(bytes.NewReader(text)); err != nil || len(got.Runs) != want {
		t.Errorf("%+v, %v", got, err)
	}
	if !values {
		return
	}
	if text, err = os.ReadFile(file + requestsSuffix); err != nil {
		t.Fatal(err)
	}
	if _, all, err := recorded.Read(bytes.NewReader(text)); err != nil || len(all) != want {
		t.Errorf("%d requests, %v", len(all), err)
	}
}

// Flows that cannot be recorded under their plan are told.
func TestRecordingUnderAPlan(t *testing.T) {
	var b, said bytes.Buffer
	if _, err := profile.NewWriter(&b, &profile.Trace{Service: "example.com/shop", Missing: []profile.Missing{{Flow: "example.com/shop.Page", Why: "it is given w, which cannot be copied"}}}); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "x.trace"))
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{console: console{err: &said}}
	if err := r.runs(&stream{from: io.NopCloser(&b), file: f, began: time.Now()}); !errors.Is(err, errNoRequest) || !strings.Contains(said.String(), "it is given w, which cannot be copied; to record it, start the service without its plan") {
		t.Errorf("%v; said %s", err, said.String())
	}
}
