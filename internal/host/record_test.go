package host

import (
	"strings"
	"testing"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/recorded"
)

// Requests are recorded while somebody asks for it, without what the source or their names call secret.
func TestRecording(t *testing.T) {
	type login struct {
		User   string
		Phrase fluxo.Secret `json:"phrase"`
		Next   *login       `json:",omitempty"`
	}
	r := start(t, DefaultLimits(),
		Route{Flow: "shop.Page", Method: "GET", Pattern: "/pages/{id}", Read: true, Call: func(r *Request) (any, error) {
			Path[string](r, "id")
			Query[*fluxo.Secret](r, "seed")
			return "page", r.Err()
		}},
		Route{Flow: "shop.Login", Method: "POST", Pattern: "/login", Call: func(r *Request) (any, error) { return Body[login](r).User, r.Err() }},
	)
	r.do("GET", "/pages/1", "")
	heard := recorded.Feed.Listen(10)
	r.do("GET", "/pages/2?seed=hunter2", "", "Cookie", "hunter2", "Accept-Language", "de")
	r.do("POST", "/login", `{"User":"ann","phrase":"hunter2","Next":{"User":"bob","phrase":"hunter2"}}`, "Content-Type", "application/json")
	r.do("GET", "/nowhere?x=1", "")
	r.do("GET", "/healthz", "")
	r.stop()
	<-r.stopped // the last request is over
	if lost := heard.Stop(); lost != 0 || len(heard.Values()) != 3 {
		t.Fatalf("%d requests, %d lost", len(heard.Values()), lost)
	}
	want := []string{
		"GET /pages/2?seed=redacted  200 seed",
		`POST /login {"Next":{"User":"bob","phrase":"redacted"},"User":"ann","phrase":"redacted"} 200 phrase`,
		"GET /nowhere?x=1  404 ",
	}
	for q := range heard.Values() {
		got := strings.Join([]string{q.Method, q.URL, string(q.Body), map[int]string{200: "200", 404: "404"}[q.Status], strings.Join(q.Left, " ")}, " ")
		if got != want[0] || q.At <= 0 {
			t.Errorf("%s at %v, want %s", got, q.At, want[0])
		}
		want = want[1:]
	}
}
