package weather

// Providers at their worst, each a real server.

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"fluxo.dev/fluxo"
)

func TestBadProviders(t *testing.T) {
	var sent atomic.Int64
	body := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(status)
			io.WriteString(w, text)
		}
	}
	for name, test := range map[string]struct {
		serve http.HandlerFunc
		kind  fluxo.Kind
		want  string
	}{
		"hangs": {func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, fluxo.Timeout, "the oracle does not answer"},
		"hangs in the middle": {func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, `{"zip":`)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, fluxo.Timeout, "the oracle broke off its answer"},
		"resets": {func(w http.ResponseWriter, r *http.Request) {
			conn, _, _ := w.(http.Hijacker).Hijack()
			conn.(*net.TCPConn).SetLinger(0)
			conn.Close()
		}, fluxo.Unavailable, "the oracle does not answer"},
		"breaks off": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			io.WriteString(w, `{"zip":`)
		}, fluxo.Unavailable, "the oracle broke off its answer: unexpected EOF"},
		"sends 1 GB": {func(w http.ResponseWriter, r *http.Request) {
			chunk := []byte(strings.Repeat(" ", 64<<10))
			for sent.Load() < 1<<30 {
				n, err := w.Write(chunk)
				sent.Add(int64(n))
				if err != nil {
					return
				}
			}
		}, fluxo.Unavailable, "the oracle sent more than 1048576 bytes"},
		"sends garbage":        {body(200, "<html>oops"), fluxo.Unavailable, "the oracle sent something that cannot be read: invalid character '<'"},
		"sends nothing":        {body(200, ""), fluxo.Unavailable, "cannot be read: unexpected end of JSON input"},
		"sends a wrong type":   {body(200, `{"lat":"north"}`), fluxo.Unavailable, "cannot be read: json: cannot unmarshal string"},
		"does not know":        {body(404, "no such ZIP code"), fluxo.NotFound, `the oracle knows nothing about that: "no such ZIP code"`},
		"is asked too often":   {body(429, "too many"), fluxo.Unavailable, "the oracle answered 429 Too Many Requests"},
		"is broken, at length": {body(500, strings.Repeat("x", 5000)), fluxo.Unavailable, `the oracle answered 500 Internal Server Error: "` + strings.Repeat("x", 200) + `"`},
		"sends us elsewhere":   {http.RedirectHandler("http://localhost:1/", http.StatusFound).ServeHTTP, fluxo.Unavailable, "the oracle answered 302 Found"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(test.serve)
			defer server.Close()
			wait := time.Minute
			if strings.HasPrefix(name, "hangs") {
				wait = 50 * time.Millisecond
			}
			ctx, cancel := context.WithTimeout(context.Background(), wait)
			defer cancel()
			var at Place
			err := provider{"the oracle", server.URL}.get(ctx, "/x", &at)
			if fluxo.KindOf(err) != test.kind || err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v of kind %s, want %s with %s", err, string(fluxo.KindOf(err)), string(test.kind), test.want)
			}
		})
	}
	if most := int64(64 << 20); sent.Load() > most {
		t.Errorf("the provider could send %d bytes before we hung up", sent.Load())
	}
}

func TestProviderThatIsNotThere(t *testing.T) {
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	err = provider{"the oracle", fmt.Sprint("http://", ln.Addr())}.get(context.Background(), "/x", new(Place))
	if fluxo.KindOf(err) != fluxo.Unavailable || !strings.Contains(err.Error(), "the oracle does not answer") {
		t.Errorf("got %v", err)
	}
}

func TestCallerThatLeaves(t *testing.T) {
	asked := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-r.Context().Done()
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(context.Background())
	go func() { <-asked; cancel() }()
	if err := (provider{"the oracle", server.URL}).get(ctx, "/x", new(Place)); fluxo.KindOf(err) != fluxo.Canceled {
		t.Errorf("got %v", err)
	}
}
