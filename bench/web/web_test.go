package web

import (
	"io"
	"net"
	"strings"
	"testing"

	"fluxo.dev/fluxo/bench/command"
)

// Both services answer alike, under the same load.
func TestServicesAnswerAlike(t *testing.T) {
	ours, theirs, err := build(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var loads [2][]*client
	for i, program := range []string{theirs, ours} {
		s, err := command.Start(nil, program, "-addr", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		if loads[i], err = dial(s.Addr); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			hangUp(loads[i])
			if _, err := s.Stop(); err != nil {
				t.Error(err)
			}
		})
	}
	if err := alike(loads[0][0], loads[1][0]); err != nil {
		t.Error(err)
	}
	if answers, err := rate(loads[1], path); err != nil || answers <= 0 {
		t.Errorf("%v answers a second, %v", answers, err)
	}
}

// The client takes nothing but a whole answer for one.
func TestClientNoticesWhatIsNoAnswer(t *testing.T) {
	for answer, want := range map[string]string{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi":    "",
		"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nhi":  "500 Oops",
		"HTTP/1.1 200 OK\r\n\r\nhi":                         "how long",
		"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi":   "EOF",
		"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhi": "many",
	} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for range clients {
				conn, err := ln.Accept()
				if err != nil {
					return
				}
				go func() {
					conn.Read(make([]byte, 1024))
					io.WriteString(conn, answer)
					conn.Close()
				}()
			}
		}()
		all, err := dial(ln.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		body, err := all[0].get("/")
		if want == "" && (err != nil || string(body) != "hi") || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %q, %v", answer, body, err)
		}
		hangUp(all)
		ln.Close()
	}
}
