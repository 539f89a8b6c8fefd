package host

// What the tests of this package share: a real service on a real socket.

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// A running is a service under test.
type running struct {
	t       *testing.T
	url     string
	addr    string
	service *Service
	log     *lockedBuffer
	stop    context.CancelFunc // as SIGTERM does
	stopped chan error         // what Run returned
}

// start serves routes until the test ends.
func start(t *testing.T, limits Limits, routes ...Route) *running {
	t.Helper()
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	return startOn(t, ln, limits, routes...)
}

// startOn is start with a listener.
func startOn(t *testing.T, ln net.Listener, limits Limits, routes ...Route) *running {
	t.Helper()
	log := new(lockedBuffer)
	service, err := New(routes, limits, NewLog(log))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &running{t, "http://" + ln.Addr().String(), ln.Addr().String(), service, log, stop, make(chan error, 1)}
	go func() { r.stopped <- Run(ctx, ln, service); close(r.stopped) }()
	t.Cleanup(func() {
		stop()
		<-r.stopped
	})
	return r
}

// logged returns the log so far.
func (r *running) logged() string {
	r.service.log.Close()
	return r.log.String()
}

// do sends a request and returns its answer with the body read.
func (r *running) do(method, path, body string, header ...string) (*http.Response, string) {
	r.t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, r.url+path, content)
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Add(header[i], header[i+1])
	}
	resp, err := noRedirects.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp, string(answer)
}

var noRedirects = &http.Client{
	Timeout:       time.Minute,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// refused checks that an answer has the status, and our form with kind and a
// message that contains text.
func refused(t *testing.T, resp *http.Response, body string, status int, kind, text string) {
	t.Helper()
	var f failure
	decoder := json.NewDecoder(strings.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		t.Errorf("the answer is not in our form: %v: %q", err, body)
	}
	if resp.StatusCode != status || string(f.Error.Kind) != kind || !strings.Contains(f.Error.Message, text) || f.Error.Request == "" {
		t.Errorf("answered %d %s, want %d, kind %s, a message with %q", resp.StatusCode, body, status, kind, text)
	}
}

// raw sends text over a connection of its own and returns the answer.
func (r *running) raw(text string) *http.Response {
	r.t.Helper()
	conn := r.dial()
	go io.WriteString(conn, text) // the service may answer before it has read everything
	return r.read(conn)
}

func (r *running) dial() net.Conn {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(time.Minute))
	return conn
}

func (r *running) read(conn net.Conn) *http.Response {
	r.t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp
}

// A lockedBuffer collects a log.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// get is a read route that returns what f does.
func get(pattern string, f func(*Request) (any, error)) Route {
	return Route{Flow: "test.Get", Method: "GET", Pattern: pattern, Read: true, Cache: Public, Call: f}
}

// post is a route of a flow that writes.
func post(pattern string, f func(*Request) (any, error)) Route {
	return Route{Flow: "test.Post", Method: "POST", Pattern: pattern, Call: f}
}

// bound returns v unless the binding failed.
func bound(r *Request, v any) (any, error) {
	if err := r.Err(); err != nil {
		return nil, err
	}
	return v, nil
}
