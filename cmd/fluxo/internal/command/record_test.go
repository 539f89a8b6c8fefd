package command

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/recorded"
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

// A service that goes away in the middle of a request leaves those before it.
func TestServiceThatGoesAway(t *testing.T) {
	trace, requests := recordings(t, 3)
	var said bytes.Buffer
	r := &recorder{console: console{err: &said}}
	file := func(name string) *os.File {
		f, err := os.Create(filepath.Join(t.TempDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	a, b := file("a"), file("b")
	if err := r.runs(&stream{io.NopCloser(bytes.NewReader(trace[:len(trace)-2])), a}); err != nil {
		t.Error(err)
	}
	if err := r.requests(&stream{io.NopCloser(bytes.NewReader(requests[:len(requests)-2])), b}); err != nil {
		t.Error(err)
	}
	if n := strings.Count(said.String(), "2 requests in"); n != 2 {
		t.Errorf("said %s", said.String())
	}
	for _, f := range []*os.File{a, b} {
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if f == a {
			if got, err := profile.Read(bytes.NewReader(text)); err != nil || len(got.Runs) != 2 {
				t.Errorf("%v", err)
			}
		} else if _, all, err := recorded.Read(bytes.NewReader(text)); err != nil || len(all) != 2 {
			t.Errorf("%d requests, %v", len(all), err)
		}
	}
}
