package host

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// TestMain lets the test binary be a service of its own, to be sent real signals.
func TestMain(m *testing.M) {
	if os.Getenv("HOST_TEST_SERVICE") == "" {
		os.Exit(m.Run())
	}
	var done atomic.Int64
	program := Program{
		Log:  NewLog(os.Stderr),
		Plan: unplanned,
		Routes: []Route{
			get("/work", func(*Request) (any, error) {
				<-time.After(20 * time.Millisecond) // what the service is busy with
				return done.Add(1), nil
			}),
		},
	}
	os.Exit(program.Main(os.Args[1:], os.Getenv, os.Stderr))
}

func unplanned(bool) []PlannedFlow { return nil }

// service starts the test binary as a service and returns its URL and the rest of
// its log, which ends with it.
func service(t *testing.T, args ...string) (cmd *exec.Cmd, url string, log *bufio.Reader) {
	t.Helper()
	cmd = exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "HOST_TEST_SERVICE=1")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	log = bufio.NewReader(stderr)
	for url == "" {
		text, err := log.ReadBytes('\n')
		if err != nil {
			t.Fatalf("the service ended before it listened: %s", text)
		}
		var line struct{ URL string }
		if err := json.Unmarshal(text, &line); err != nil {
			t.Fatalf("not JSON: %s", text)
		}
		url = line.URL
	}
	return cmd, url, log
}

// TestTermUnderLoad sends SIGTERM while clients ask without pause: no request that the service
// took may be lost.
func TestTermUnderLoad(t *testing.T) {
	cmd, url, log := service(t, "-addr", "localhost:0")
	var (
		clients  sync.WaitGroup
		answered atomic.Int64
		warm     = make(chan struct{})
	)
	for range 20 {
		clients.Go(func() {
			transport := &http.Transport{DisableKeepAlives: true} // a kept connection may be closed at any time, by HTTP's own rules
			client := &http.Client{Transport: transport}
			for {
				resp, err := client.Get(url + "/work")
				if err != nil {
					if !strings.Contains(err.Error(), "connect: connection refused") && !strings.Contains(err.Error(), "connection reset by peer") {
						t.Errorf("a request was lost: %v", err)
					}
					return
				}
				body, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || resp.StatusCode != 200 {
					t.Errorf("half an answer: %d %q %v", resp.StatusCode, body, err)
				}
				if answered.Add(1) == 100 {
					close(warm)
				}
			}
		})
	}
	<-warm
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	rest, _ := io.ReadAll(log)
	clients.Wait()
	if err := cmd.Wait(); err != nil {
		t.Errorf("exit status: %v\n%s", err, rest)
	}
	for _, want := range []string{"stopping: no new connections", "stopped: every request was finished"} {
		if !bytes.Contains(rest, []byte(want)) {
			t.Errorf("the log lacks %q", want)
		}
	}
	if served := bytes.Count(rest, []byte(`"route":"/work"`)); int64(served) != answered.Load() {
		t.Errorf("%d requests were served, %d answers arrived", served, answered.Load())
	}
}

func TestStopCutsOffWhatDoesNotEnd(t *testing.T) {
	limits := DefaultLimits()
	limits.Shutdown = 50 * time.Millisecond
	entered, leave := make(chan struct{}), make(chan struct{})
	s := start(t, limits, get("/for-ever", func(*Request) (any, error) { close(entered); <-leave; return nil, nil }))
	go http.Get(s.url + "/for-ever")
	<-entered
	s.stop()
	err := <-s.stopped
	if want := "stopped: 1 requests were cut off, they did not finish within 50ms"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	close(leave)
}

// Idle connections do not hold up the end of a service, nor those on which nothing arrives: only
// requests get its grace, which would be an hour here.
func TestStopDoesNotWaitForIdleConnections(t *testing.T) {
	limits := DefaultLimits()
	limits.Shutdown, limits.ReadHeader = time.Hour, 100*time.Millisecond
	entered, leave := make(chan struct{}), make(chan struct{})
	s := start(t, limits,
		get("/x", func(*Request) (any, error) { return 1, nil }),
		get("/slow", func(*Request) (any, error) { close(entered); <-leave; return 2, nil }))
	if resp, _ := s.do("GET", "/x", ""); resp.StatusCode != 200 { // its connection is kept
		t.Fatal(resp.Status)
	}
	silent, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	answer := make(chan string)
	go func() {
		_, body := s.do("GET", "/slow", "")
		answer <- body
	}()
	<-entered
	s.stop()
	for { // until it has begun to stop
		conn, err := net.Dial("tcp", s.addr)
		if err != nil {
			break
		}
		conn.Close()
	}
	close(leave)
	if body := <-answer; body != "2\n" {
		t.Errorf("the request in flight got %q", body)
	}
	if err := <-s.stopped; err != nil {
		t.Error(err)
	}
	if log := s.logged(); !strings.Contains(log, `"requests":1,"at most":"1h0m0s"`) {
		t.Errorf("the log does not say how many requests are waited for:\n%s", log)
	}
}

// A connection that becomes idle while the service stops is closed, too.
func TestDrainClosesIdleConnectionsAgain(t *testing.T) {
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	limited := limit(ln, 1, never)
	if _, err := net.Dial("tcp", ln.Addr().String()); err != nil {
		t.Fatal(err)
	}
	conn, err := limited.Accept()
	if err != nil {
		t.Fatal(err)
	}
	limited.Close()
	calls := 0
	drained := limited.drain(t.Context(), func() bool {
		if calls++; calls == 2 { // not idle yet when it is first asked
			conn.Close()
		}
		return true
	})
	if !drained {
		t.Error("the connection was not drained")
	}
}

// A connection that a handler has taken over is its own: the service waits for the handler, and not for the connection.
func TestStopBesideATakenConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := DefaultLimits()
		limits.Shutdown = time.Hour
		leave := make(chan struct{})
		take := Route{Flow: "test.Take", Method: "GET", Pattern: "/take", Read: true, Handler: func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			io.WriteString(conn, "taken")
			<-leave
		}}
		service, err := New([]Route{take}, limits, NewLog(io.Discard))
		if err != nil {
			t.Fatal(err)
		}
		ln := newPipes()
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error)
		go func() { stopped <- Run(ctx, ln, service) }()
		for range 2 {
			conn := ln.dial()
			io.WriteString(conn, "GET /take HTTP/1.1\r\nHost: x\r\n\r\n")
			if _, err := io.ReadFull(conn, make([]byte, len("taken"))); err != nil {
				t.Fatal(err)
			}
		}
		stop()
		select {
		case err := <-stopped:
			t.Fatalf("it did not wait for the handlers: %v", err)
		case <-time.After(limits.Shutdown / 2):
		}
		close(leave)
		over := time.Now()
		if err := <-stopped; err != nil || time.Since(over) > drainEvery {
			t.Errorf("%v after the last handler: %v", time.Since(over), err)
		}
	})
}

// While the service stops, requests that are in flight see it through and new ones on their
// connections learn that it is not ready.
func TestReadiness(t *testing.T) {
	s := start(t, DefaultLimits(), get("/x", func(*Request) (any, error) { return 1, nil }))
	if resp, body := s.do("GET", "/readyz", ""); resp.StatusCode != 200 || body != `{"status":"ready"}`+"\n" {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	s.service.stopping.Store(true)
	resp, body := s.do("GET", "/readyz", "")
	refused(t, resp, body, 503, "Unavailable", "")
}

func TestMainRefuses(t *testing.T) {
	route := get("/x", func(*Request) (any, error) { return 1, nil })
	busy := start(t, DefaultLimits(), route)
	for _, test := range []struct {
		routes []Route
		args   []string
		status int
		want   string
	}{
		{[]Route{route}, []string{"-port", "1"}, 2, "flag provided but not defined"},
		{[]Route{route}, []string{"stray"}, 2, `unexpected argument \"stray\"`},
		{[]Route{route}, []string{"-h"}, 0, "where to listen"},
		{[]Route{route}, []string{"-addr", "nonsense"}, 1, "choose another address with -addr"},
		{[]Route{route}, []string{"-addr", busy.addr}, 1, "address already in use"},
		{nil, nil, 1, "no flow of this program has a trigger"},
		{[]Route{route, route}, nil, 1, "both answer GET /x"},
	} {
		var out bytes.Buffer
		p := &Program{Routes: test.routes, Log: NewLog(&out), Plan: unplanned}
		status := p.Main(test.args, func(string) string { return "" }, &out)
		if said := out.String() + strings.ReplaceAll(out.String(), `"`, `\"`); status != test.status || !strings.Contains(said, test.want) {
			t.Errorf("%v: exit %d, %s; want %d, %s", test.args, status, out.String(), test.status, test.want)
		}
	}
}

func TestPlanInTheLog(t *testing.T) {
	busy := start(t, DefaultLimits(), get("/x", func(*Request) (any, error) { return 1, nil }))
	for _, test := range []struct {
		args []string
		want bool
	}{{nil, true}, {[]string{"-plain"}, false}} {
		var out bytes.Buffer
		p := &Program{Routes: []Route{get("/x", nil)}, Log: NewLog(&out), Plan: func(plain bool) []PlannedFlow {
			if plain {
				return nil
			}
			return []PlannedFlow{{"shop.Page", []string{"store Find", "coalesce Find"}}}
		}}
		p.Main(append(test.args, "-addr", busy.addr), func(string) string { return "" }, &out) // ends at once: the address is taken
		if got := strings.Contains(out.String(), `"msg":"planned","flow":"shop.Page","decisions":"store Find; coalesce Find"`); got != test.want {
			t.Errorf("%v:\n%s", test.args, out.String())
		}
	}
}

func TestAddress(t *testing.T) {
	for _, test := range [][4]string{ // flag, ADDR, PORT, want
		{"", "", "", "localhost:8080"},
		{"", "", "90", ":90"},
		{"", "h:1", "90", "h:1"},
		{"f:2", "h:1", "90", "f:2"},
		{"", "h:1", "", "h:1"},
	} {
		env := map[string]string{"ADDR": test[1], "PORT": test[2]}
		if got := Address(test[0], func(name string) string { return env[name] }); got != test[3] {
			t.Errorf("%v: got %s", test, got)
		}
	}
}
