package load

import (
	"io"
	"net"
	"strings"
	"testing"
)

// The client takes nothing but a whole answer for one.
func TestClientNoticesWhatIsNoAnswer(t *testing.T) {
	for answer, want := range map[string]string{
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi":    "",
		"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nhi":  "500: hi",
		"HTTP/1.1 200 OK\r\n\r\nhi":                         "how long",
		"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhi":   "EOF",
		"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nhi": "many",
		"220 ready\r\n": "220 ready",
	} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			conn.Read(make([]byte, 1024))
			io.WriteString(conn, answer)
			conn.Close()
		}()
		all, err := DialAll(ln.Addr().String(), 1)
		if err != nil {
			t.Fatal(err)
		}
		rate, err := all.Rate(1, func(int, int) string { return "/" }, OK)
		if want == "" && (err != nil || rate <= 0) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: got %v a second, %v", answer, rate, err)
		}
		all.Close()
		ln.Close()
	}
}
