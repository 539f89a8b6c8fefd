package host

// Raw handlers: ordinary handlers within the host's limits.

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func rawRoute(method, pattern string, h http.HandlerFunc) Route {
	return Route{Flow: "test.Raw", Method: method, Pattern: pattern, Read: true, Handler: h}
}

func TestRawHandlerOfAllMethods(t *testing.T) {
	s := start(t, DefaultLimits(),
		rawRoute("", "/any/{rest...}", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "max-age=5")
			fmt.Fprint(w, r.Method, " ", r.PathValue("rest"))
		}),
		get("/any/flow", func(*Request) (any, error) { return "flow", nil }))
	for _, method := range []string{"GET", "POST", "PUT", "DELETE", "PURGE"} {
		resp, body := s.do(method, "/any/a/b", "")
		if resp.StatusCode != 200 || body != method+" a/b" || resp.Header.Get("Cache-Control") != "max-age=5" || resp.Header.Get("Etag") != "" {
			t.Errorf("%s: %d %q %v", method, resp.StatusCode, body, resp.Header)
		}
	}
	if _, body := s.do("GET", "/any/flow", ""); body != "\"flow\"\n" {
		t.Errorf("the flow's path has %q", body)
	}
	resp, body := s.do("POST", "/any/x", "a=1", "Sec-Fetch-Site", "cross-site", "Content-Type", "text/plain")
	refused(t, resp, body, 403, "Denied", "other origins")
	if log := s.logged(); !strings.Contains(log, `"route":"/any/{rest...}","flow":"test.Raw","status":200`) {
		t.Errorf("logged %s", log)
	}
}

func TestRawHandlerThatPanics(t *testing.T) {
	s := start(t, DefaultLimits(),
		rawRoute("GET", "/early", func(http.ResponseWriter, *http.Request) { panic("boom") }),
		rawRoute("GET", "/late", func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "half")
			_ = http.NewResponseController(w).Flush()
			panic("boom")
		}))
	resp, body := s.do("GET", "/early", "")
	refused(t, resp, body, 500, "Internal", "")
	if resp, err := http.Get(s.url + "/late"); err == nil {
		if _, err := resp.Body.Read(make([]byte, 100)); err == nil {
			_, err = resp.Body.Read(make([]byte, 100))
			if err == nil || err.Error() == "EOF" {
				t.Errorf("half an answer looks like a whole one: %v", err)
			}
		}
		resp.Body.Close()
	}
	if log := s.logged(); strings.Count(log, "panic: boom") < 2 || !strings.Contains(log, "raw_test.go") {
		t.Errorf("logged %s", log)
	}
}

// A raw handler streams, and hears of a client that leaves.
func TestRawHandlerHearsOfItsClient(t *testing.T) {
	left := make(chan error, 1)
	s := start(t, DefaultLimits(), rawRoute("GET", "/events", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "first")
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		<-r.Context().Done()
		left <- r.Context().Err()
	}))
	ctx, leave := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, "GET", s.url+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 10)
	if n, err := resp.Body.Read(b); string(b[:n]) != "first" {
		t.Errorf("%q %v", b[:n], err)
	}
	leave()
	if err := <-left; err != context.Canceled {
		t.Errorf("its context ended with %v", err)
	}
	resp.Body.Close()
}

func TestRawHandlerHasADeadline(t *testing.T) {
	limits := DefaultLimits()
	limits.Flow = 20 * time.Millisecond
	s := start(t, limits, rawRoute("GET", "/slow", func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		fmt.Fprint(w, r.Context().Err())
	}))
	if _, body := s.do("GET", "/slow", ""); body != context.DeadlineExceeded.Error() {
		t.Errorf("answered %q", body)
	}
}
