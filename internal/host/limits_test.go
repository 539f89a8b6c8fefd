package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/request"
)

// echoItem is a flow that needs its body.
func echoItem(r *Request) (any, error) { return bound(r, Body[order](r).Item) }

func TestLargeBody(t *testing.T) {
	s := start(t, DefaultLimits(), post("/orders", echoItem),
		Route{Flow: "test.Handler", Method: "POST", Pattern: "/handler", Handler: func(w http.ResponseWriter, r *http.Request) {
			n, err := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, n, err)
		}})
	large := strings.Repeat("x", 10<<20)
	announced := fmt.Sprintf("POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(large), large)
	chunked := "POST /orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat(fmt.Sprintf("%x\r\n%s\r\n", 1<<20, large[:1<<20]), 10) + "0\r\n\r\n"
	for name, text := range map[string]string{"announced": announced, "chunked": chunked} {
		resp := s.raw(text)
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		refused(t, resp, string(body), http.StatusRequestEntityTooLarge, "Invalid", "body: it is larger than 1048576 bytes")
		if !resp.Close {
			t.Errorf("%s: the connection stays open for the other 9 MB", name)
		}
	}
	resp := s.raw(strings.Replace(chunked, "/orders", "/handler", 1))
	if body, _ := io.ReadAll(resp.Body); !strings.HasPrefix(string(body), "1048576 http: request body too large") {
		t.Errorf("a handler reads %s", body)
	}
}

func TestSlowClients(t *testing.T) {
	limits := DefaultLimits()
	limits.ReadHeader, limits.Read = 50*time.Millisecond, 50*time.Millisecond
	s := start(t, limits, post("/orders", echoItem), get("/", func(r *Request) (any, error) { return 1, nil }))

	// A body of which one byte came, and then nothing for as long as we like.
	resp := s.raw("POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
	body, _ := io.ReadAll(resp.Body)
	refused(t, resp, string(body), http.StatusRequestTimeout, "Invalid", "body: it did not arrive within 50ms")

	// A header that never ends: the connection does.
	conn := s.dial()
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	if rest, err := io.ReadAll(conn); err != nil {
		t.Errorf("after %q: %v", rest, err)
	}

	// A body that the flow does not want and that never comes.
	conn = s.dial()
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
	if rest, err := io.ReadAll(conn); err != nil || !strings.HasPrefix(string(rest), "HTTP/1.1 200") {
		t.Errorf("got %q, %v", rest, err)
	}
}

// A client that always sends one more byte just in time gets no more time than one that sends none.
func TestByteByByte(t *testing.T) {
	limits := DefaultLimits()
	limits.ReadHeader, limits.Read = 100*time.Millisecond, 100*time.Millisecond
	s := start(t, limits, post("/orders", echoItem))
	for name, test := range map[string]struct{ head, want string }{
		"body":   {"POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", "HTTP/1.1 408"},
		"header": {"POST /orders HTTP/1.1\r\nX-Slow: ", ""},
	} {
		conn := s.dial()
		io.WriteString(conn, test.head)
		tick := time.NewTicker(5 * time.Millisecond)
		over := make(chan struct{})
		go func() {
			defer close(over)
			for range tick.C {
				if _, err := io.WriteString(conn, "x"); err != nil {
					return
				}
			}
		}()
		began := time.Now()
		answer, _ := io.ReadAll(conn) // the connection may be reset on bytes that nobody reads
		if took := time.Since(began); !strings.HasPrefix(string(answer), test.want) || took > 10*time.Second {
			t.Errorf("%s: after %v %q, want %s", name, took, answer, test.want)
		}
		conn.Close()
		<-over
		tick.Stop()
	}
}

func TestClosedBody(t *testing.T) {
	s := start(t, DefaultLimits(), post("/orders", echoItem))
	conn := s.dial().(*net.TCPConn)
	io.WriteString(conn, "POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"item\"")
	conn.CloseWrite()
	resp := s.read(conn)
	body, _ := io.ReadAll(resp.Body)
	refused(t, resp, string(body), 400, "Invalid", "body: it ends after 7 bytes")
}

// The time that a body may take must not end a flow that has its body.
func TestReadDeadlineEndsWithTheBody(t *testing.T) {
	limits := DefaultLimits()
	limits.Read = 50 * time.Millisecond
	slow := func(r *Request) (any, error) {
		item := Body[order](r).Item
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-time.After(4 * limits.Read):
			return bound(r, item)
		}
	}
	s := start(t, limits, Route{Flow: "test.Search", Method: "POST", Pattern: "/search", Read: true, Call: slow})
	for range 2 { // the second on the same connection
		if resp, body := s.do("POST", "/search", `{"item":"tea"}`); resp.StatusCode != 200 {
			t.Errorf("got %d %s", resp.StatusCode, body)
		}
	}
}

func TestManyHeaders(t *testing.T) {
	s := start(t, DefaultLimits(), get("/", func(r *Request) (any, error) { return 1, nil }))
	headers := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "X-%d: 1\r\n", i)
		}
		return "GET / HTTP/1.1\r\nHost: x\r\n" + b.String() + "\r\n"
	}
	if resp := s.raw(headers(10_000)); resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("10,000 headers: %s", resp.Status)
	}
	if resp := s.raw(headers(99)); resp.StatusCode != 200 {
		t.Errorf("99 headers: %s", resp.Status)
	}
	if resp := s.raw("GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 100_000) + "\r\n\r\n"); resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a header of 100 kB: %s", resp.Status)
	}
}

func TestOverload(t *testing.T) {
	limits := DefaultLimits()
	limits.Requests = 2
	entered, leave := make(chan struct{}), make(chan struct{})
	s := start(t, limits, get("/wait", func(r *Request) (any, error) {
		entered <- struct{}{}
		<-leave
		return 1, nil
	}))
	var clients sync.WaitGroup
	for range limits.Requests {
		clients.Go(func() {
			if resp, err := http.Get(s.url + "/wait"); err != nil || resp.StatusCode != 200 {
				t.Errorf("a request that was taken: %v", err)
			}
		})
		<-entered
	}
	resp, body := s.do("GET", "/wait", "")
	refused(t, resp, body, 503, "Unavailable", "temporarily unavailable")
	if resp.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
	if resp, body := s.do("GET", "/healthz", ""); resp.StatusCode != 200 || body != `{"status":"ok"}`+"\n" {
		t.Errorf("the health endpoint is refused too: %d %s", resp.StatusCode, body)
	}
	close(leave)
	clients.Wait()
}

func TestConnections(t *testing.T) {
	limits := DefaultLimits()
	limits.Connections = 1
	s := start(t, limits, get("/", func(r *Request) (any, error) { return 1, nil }))
	first, second := s.dial(), s.dial()
	io.WriteString(second, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	io.WriteString(first, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	for _, conn := range []net.Conn{first, second} { // the second is served once the first is gone
		if resp := s.read(conn); resp.StatusCode != 200 {
			t.Errorf("got %s", resp.Status)
		}
	}
}

func TestFlowDeadline(t *testing.T) {
	limits := DefaultLimits()
	limits.Flow = 50 * time.Millisecond
	leave := make(chan struct{})
	s := start(t, limits,
		get("/obedient", func(r *Request) (any, error) { <-r.Context().Done(); return nil, r.Context().Err() }),
		get("/stubborn", func(r *Request) (any, error) { <-leave; return "too late", nil }),
		post("/write", func(r *Request) (any, error) { <-r.Context().Done(); return nil, r.Context().Err() }))
	for _, ask := range []string{"GET /obedient", "GET /stubborn", "POST /write"} {
		method, path, _ := strings.Cut(ask, " ")
		resp, body := s.do(method, path, "")
		refused(t, resp, body, 504, "Timeout", "no result in time")
	}
	close(leave)
	s.stop()
	<-s.stopped
	if log := s.logged(); strings.Contains(log, "superfluous") || strings.Count(log, `"status":504`) != 3 {
		t.Errorf("a request was answered twice:\n%s", log)
	}
}

func TestDisconnect(t *testing.T) {
	left := make(chan error)
	leave := make(chan struct{})
	wait := func(r *Request) (any, error) {
		left <- nil // the flow runs
		select {
		case <-r.Context().Done():
			left <- r.Context().Err()
		case <-leave:
			left <- nil
		}
		return nil, r.Context().Err()
	}
	s := start(t, DefaultLimits(), get("/read", wait), post("/write", wait))
	hangUp := func(method, path string) {
		ctx, cancel := context.WithCancel(context.Background())
		req, _ := http.NewRequestWithContext(ctx, method, s.url+path, nil)
		gone := make(chan struct{})
		go func() { http.DefaultClient.Do(req); close(gone) }()
		<-left
		cancel()
		<-gone
	}
	hangUp("GET", "/read")
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("the read flow of a client that left: %v", err)
	}
	hangUp("POST", "/write")
	leave <- struct{}{} // had the flow been cancelled, nobody would take this
	if err := <-left; err != nil {
		t.Errorf("the write flow of a client that left: %v", err)
	}
}

func TestRequestsHaveTimeAndName(t *testing.T) {
	s := start(t, DefaultLimits(), get("/", func(r *Request) (any, error) {
		info := request.From(r.Context())
		first, second := fluxo.Now(r.Context()), fluxo.Now(r.Context())
		return []any{info.ID(), first == second, time.Since(first) < time.Minute}, nil
	}))
	_, body := s.do("GET", "/", "")
	if !strings.HasSuffix(body, ",true,true]\n") || len(body) < 30 {
		t.Errorf("got %s", body)
	}
}

// The log names routes, never what clients put into them.
func TestLogHoldsNoRequestData(t *testing.T) {
	s := start(t, DefaultLimits(), get("/reset/{token}", func(r *Request) (any, error) { return Path[string](r, "token"), nil }))
	s.do("GET", "/reset/s3cr3t-token?password=hunter2", "", "Authorization", "Bearer t0k3n", "Cookie", "session=c00k1e")
	s.stop()
	<-s.stopped
	log := s.logged()
	if !strings.Contains(log, `"route":"/reset/{token}"`) || !strings.Contains(log, `"status":200`) {
		t.Errorf("the request is not in the log: %s", log)
	}
	for _, secret := range []string{"s3cr3t", "hunter2", "t0k3n", "c00k1e"} {
		if strings.Contains(log, secret) {
			t.Errorf("%s is in the log: %s", secret, log)
		}
	}
}
