package serve

// What a request costs whose answer is kept: beside a plain handler that has the same bytes at hand, and
// the same flow where its results are kept and encoded each time.

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/host"
	"fluxo.dev/fluxo/rt"
)

// A sink is the http.ResponseWriter of a client that reads nothing.
type sink struct{ header http.Header }

func (s sink) Header() http.Header         { return s.header }
func (s sink) Write(b []byte) (int, error) { return len(b), nil }
func (s sink) WriteHeader(int)             {}

func BenchmarkAnswer(b *testing.B) {
	text := strings.Repeat("a report of some length, with numbers ", 40) // 1.5 KiB
	for _, p := range pages {
		p.posts = func(context.Context, string) (string, error) { return text, nil }
		p.skies = func(context.Context, string) (string, error) { return "clear", nil }
	}
	defer fixedNever()
	b.Run("plain", func(b *testing.B) {
		mux := http.NewServeMux()
		body := fmt.Appendf(nil, "{\"For\":\"\",\"Post\":%q,\"Sky\":\"clear\"}\n", text)
		mux.HandleFunc("GET /SkyOf/{id}", func(w http.ResponseWriter, r *http.Request) {
			if r.PathValue("id") == "" {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			w.Write(body)
		})
		requests(b, mux)
	})
	for name, lines := range map[string]string{"hit": "answer", "results": "store Post..return"} {
		b.Run(name, func(b *testing.B) {
			before := engine.Current()
			defer engine.SetCurrent(before)
			engine.SetCurrent(engine.New(engine.Options{World: new(clock), KindOf: func(err error) string { return string(fluxo.KindOf(err)) }}))
			if _, err := rt.Apply("fluxo.plan", []byte("fluxo 1\n"+planOf(skyOf.flow(), lines)), rt.Strict); err != nil {
				b.Fatal(err)
			}
			defer rt.Apply("", []byte("fluxo 1\n"), rt.Strict)
			routes = nil
			Register(skyOf.route())
			s, err := host.New(routes, host.DefaultLimits(), host.NewLog(io.Discard))
			if err != nil {
				b.Fatal(err)
			}
			requests(b, s)
		})
	}
}

// requests has a handler answer one request again and again.
func requests(b *testing.B, h http.Handler) {
	r, err := http.NewRequest("GET", "http://localhost/SkyOf/x", nil)
	if err != nil {
		b.Fatal(err)
	}
	w := sink{http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		h.ServeHTTP(w, r)
	}
}
