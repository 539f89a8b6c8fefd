package host

// What the host itself takes of a request, net/http's own work left out.

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// A sink is the least that can be written to.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Flush()                      {}

func BenchmarkRequest(b *testing.B) {
	type item struct {
		ID   int    `json:"id"`
		Name string `json:"name"`
	}
	route := Route{Flow: "example.com/bench.Show", Method: "GET", Pattern: "/items/{id}", Read: true, Cache: Public,
		Call: func(r *Request) (any, error) {
			id, unit := Path[int](r, "id"), Query[*string](r, "unit")
			if err := r.Err(); err != nil {
				return nil, err
			}
			return item{id, *unit}, nil
		}}
	s, err := New([]Route{route}, DefaultLimits(), NewLog(io.Discard))
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest("GET", "/items/17?unit=kg", nil)
	w := &sink{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		s.ServeHTTP(w, r)
	}
	if w.header.Get("Content-Type") == "" {
		b.Fatal(fmt.Sprint("no answer: ", w.header))
	}
}
