package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"fluxo.dev/fluxo/bench/weather/expert/core"
)

// over returns a client that talks through one kind of connection.
func over(network, address string) *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}}}
}

// Who may open the socket moves the clock, and never back.
func TestControl(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control")
	for range 2 { // the second finds a socket that is left over
		clock := core.NewClock()
		stop, err := control(path, clock)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		client := over("unix", path)
		for _, test := range []struct {
			query  string
			status int
		}{{"ahead=90s", 204}, {"ahead=1h", 204}, {"ahead=-1s", 400}, {"ahead=9000h", 400}, {"ahead=soon", 400}, {"", 400}} {
			resp, err := client.Post("http://control/clock?"+test.query, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			if resp.Body.Close(); resp.StatusCode != test.status {
				t.Errorf("%q: %s", test.query, resp.Status)
			}
		}
		want := time.Hour + 90*time.Second
		if now := clock.Now(); now < want || now > want+time.Minute {
			t.Errorf("the clock is %v ahead", now)
		}
		client.CloseIdleConnections()
		stop()
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := control(path, core.NewClock()); err == nil {
		t.Error("a file is taken for a socket")
	}
}

// No more connections are accepted than there may be, until one is closed.
func TestConnectionsAreLimited(t *testing.T) {
	inner, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln := limit(inner, 2)
	accepted := make(chan net.Conn)
	ended := make(chan error, 1)
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				ended <- err
				return
			}
			accepted <- c
		}
	}()
	for range 3 {
		c, err := net.Dial("tcp", ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	first, second := <-accepted, <-accepted
	select {
	case <-accepted:
		t.Fatal("a third connection is accepted")
	case <-time.After(20 * time.Millisecond):
	}
	first.Close()
	first.Close() // as net/http does now and then
	third := <-accepted
	select {
	case <-accepted:
		t.Fatal("closing one twice makes room for two")
	case <-time.After(20 * time.Millisecond):
	}
	ln.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Error(err)
	}
	second.Close()
	third.Close()
}

// A request under way is answered before the service ends.
func TestGracefulShutdown(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	server := newServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-leave
		io.WriteString(w, "done")
	}))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, server, limit(ln, 10)) }()
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + ln.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		body, _ := io.ReadAll(resp.Body)
		answered <- string(body)
	}()
	<-entered
	stop()
	select {
	case err := <-ended:
		t.Fatalf("it ended before the answer: %v", err)
	case <-time.After(20 * time.Millisecond):
	}
	close(leave)
	if text := <-answered; text != "done" {
		t.Error(text)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// The command says where it listens and ends well when it is told to.
func TestCommand(t *testing.T) {
	_, cmd := start(t, nil, build(t, ".", ".", "expert", "go", "build"), "-addr", "127.0.0.1:0", "-survey=false")
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}
