package host

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"fluxo.dev/fluxo"
)

func TestResults(t *testing.T) {
	type report struct {
		City string  `json:"city"`
		Temp float64 `json:"temp"`
	}
	results := map[string]any{
		"/none": nil, "/struct": report{"Ash", 21.5}, "/list": []int{}, "/html": fluxo.Page{HTML: "<p>hi</p>"},
		"/secret": fluxo.NewSecret("x"), "/func": func() {}, "/large": strings.Repeat("x", 2000),
	}
	var routes []Route
	for path, result := range results {
		routes = append(routes, get(path, func(*Request) (any, error) { return result, nil }))
	}
	routes = append(routes, get("/written", func(r *Request) (any, error) {
		r.Writer().Header().Set("Content-Type", "text/plain")
		fmt.Fprint(r.Writer(), "as the flow likes")
		return nil, nil
	}))
	limits := DefaultLimits()
	limits.AnswerBytes = 1000
	s := start(t, limits, routes...)
	for _, test := range []struct {
		path   string
		status int
		mime   string
		want   string
	}{
		{"/none", 204, "", ""},
		{"/struct", 200, "application/json; charset=utf-8", `{"city":"Ash","temp":21.5}` + "\n"},
		{"/list", 200, "application/json; charset=utf-8", "[]\n"},
		{"/html", 200, "text/html; charset=utf-8", "<p>hi</p>"},
		{"/written", 200, "text/plain", "as the flow likes"},
	} {
		resp, body := s.do("GET", test.path, "")
		if resp.StatusCode != test.status || resp.Header.Get("Content-Type") != test.mime || body != test.want {
			t.Errorf("%s: %d %s %q", test.path, resp.StatusCode, resp.Header.Get("Content-Type"), body)
		}
	}
	for path, reason := range map[string]string{"/secret": "a fluxo.Secret is never encoded", "/func": "unsupported type: func()", "/large": "at most 1000 are allowed"} {
		resp, body := s.do("GET", path, "")
		refused(t, resp, body, 500, "Internal", "internal error")
		if !strings.Contains(s.logged(), reason) {
			t.Errorf("%s: the log does not say %q", path, reason)
		}
	}
}

func TestErrorKinds(t *testing.T) {
	var routes []Route
	for kind := range statusOf {
		routes = append(routes, get("/"+string(kind), func(*Request) (any, error) { return nil, kind.Errorf("at db.internal:5432") }))
	}
	routes = append(routes,
		get("/plain", func(*Request) (any, error) { return nil, errors.New("at db.internal:5432") }),
		get("/late", func(*Request) (any, error) { return nil, context.DeadlineExceeded }))
	s := start(t, DefaultLimits(), routes...)
	for kind, status := range statusOf {
		resp, body := s.do("GET", "/"+string(kind), "")
		refused(t, resp, body, status, string(kind), "")
		if told := strings.Contains(body, "db.internal"); told != (status < 500) {
			t.Errorf("%s: %s", kind, body)
		}
		if again := resp.Header.Get("Retry-After"); (again != "") != (status == 429 || status == 503) {
			t.Errorf("%s: Retry-After %q", kind, again)
		}
	}
	resp, body := s.do("GET", "/plain", "")
	refused(t, resp, body, 500, "Internal", "internal error")
	resp, body = s.do("GET", "/late", "")
	refused(t, resp, body, 504, "Timeout", "no result in time")
	if !strings.Contains(s.logged(), `"error":"at db.internal:5432"`) {
		t.Error("the log does not say what happened")
	}
}

// An explosive cannot be encoded.
type explosive struct{}

func (explosive) MarshalJSON() ([]byte, error) { panic("in MarshalJSON") }

// goexit ends its goroutine, as a misused test helper does.
func goexit() { runtime.Goexit() }

func TestPanics(t *testing.T) {
	s := start(t, DefaultLimits(),
		get("/value", func(*Request) (any, error) { panic("db.internal is on fire") }),
		get("/encode", func(*Request) (any, error) { return explosive{}, nil }),
		get("/goexit", func(*Request) (any, error) { goexit(); return nil, nil }),
		get("/fine", func(*Request) (any, error) { return 1, nil }),
		Route{Flow: "test.Handler", Method: "GET", Pattern: "/handler", Handler: func(w http.ResponseWriter, r *http.Request) { panic("early") }},
		Route{Flow: "test.Handler", Method: "GET", Pattern: "/half", Handler: func(w http.ResponseWriter, r *http.Request) {
			fmt.Fprint(w, strings.Repeat("half ", 1000))
			panic("late")
		}},
		get("/abort", func(*Request) (any, error) { panic(http.ErrAbortHandler) }))
	for _, path := range []string{"/value", "/encode", "/goexit", "/handler"} {
		resp, body := s.do("GET", path, "")
		refused(t, resp, body, 500, "Internal", "internal error")
	}
	for _, path := range []string{"/abort", "/half"} {
		resp, err := http.Get(s.url + path)
		if err == nil {
			body := make([]byte, 10_000)
			for err == nil {
				_, err = resp.Body.Read(body)
			}
			resp.Body.Close()
			if err.Error() == "EOF" {
				t.Errorf("%s: half an answer looks like a whole one", path)
			}
		}
	}
	log := s.logged()
	for _, want := range []string{"panic: db.internal is on fire", "answer_test.go", "runtime.Goexit", `panic: early`, `panic: late`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q", want)
		}
	}
	if strings.Contains(log, "abort Handler") {
		t.Error("an abort is logged as a panic")
	}
	if resp, _ := s.do("GET", "/fine", ""); resp.StatusCode != 200 {
		t.Error("the service is down")
	}
}

func TestMethods(t *testing.T) {
	s := start(t, DefaultLimits(),
		get("/both", func(*Request) (any, error) { return "hello", nil }),
		post("/both", func(*Request) (any, error) { return "done", nil }))
	resp, body := s.do("HEAD", "/both", "")
	if resp.StatusCode != 200 || body != "" || resp.Header.Get("Content-Length") != "8" {
		t.Errorf("HEAD: %d %q %v", resp.StatusCode, body, resp.Header)
	}
	resp, body = s.do("OPTIONS", "/both", "")
	if resp.StatusCode != 204 || resp.Header.Get("Allow") != "GET, HEAD, POST, OPTIONS" || body != "" {
		t.Errorf("OPTIONS: %d %q %v", resp.StatusCode, body, resp.Header)
	}
	for _, method := range []string{"DELETE", "PATCH", "TRACE", "NONSENSE"} {
		resp, body = s.do(method, "/both", "")
		refused(t, resp, body, 405, "Invalid", method+" is not possible here, only GET, HEAD, POST")
		if resp.Header.Get("Allow") != "GET, HEAD, POST" {
			t.Errorf("%s: Allow %q", method, resp.Header.Get("Allow"))
		}
	}
	resp, body = s.do("OPTIONS", "/nothing", "")
	refused(t, resp, body, 404, "NotFound", "")
}

func TestCrossOriginWritesAreRefused(t *testing.T) {
	ran := 0
	s := start(t, DefaultLimits(), post("/x", func(*Request) (any, error) { ran++; return nil, nil }),
		get("/x", func(*Request) (any, error) { return 1, nil }))
	resp, body := s.do("POST", "/x", "", "Sec-Fetch-Site", "cross-site")
	refused(t, resp, body, 403, "Denied", "writes from pages of other origins are refused")
	resp, body = s.do("POST", "/x", "", "Origin", "https://evil.example")
	refused(t, resp, body, 403, "Denied", "")
	if ran != 0 {
		t.Error("the flow ran")
	}
	for _, site := range []string{"same-origin", "none"} {
		if resp, body := s.do("POST", "/x", "", "Sec-Fetch-Site", site); resp.StatusCode != 204 {
			t.Errorf("%s: %d %s", site, resp.StatusCode, body)
		}
	}
	if resp, _ := s.do("GET", "/x", "", "Sec-Fetch-Site", "cross-site"); resp.StatusCode != 200 {
		t.Error("reading from another origin's page is refused")
	}
}

func TestBadRoutes(t *testing.T) {
	none := func(*Request) (any, error) { return nil, nil }
	for want, routes := range map[string][]Route{
		"flows test.Get and test.Get both answer GET /a":  {get("/a", none), get("/a", none)},
		"flow test.Get cannot answer GET /{y}/b":          {get("/a/{x}", none), get("/{y}/b", none)},
		"flow test.Get cannot answer GET /{x":             {get("/{x", none)},
		"flow test.Get cannot answer GET no slash before": {get("no slash before", none)},
	} {
		_, err := New(routes, DefaultLimits(), NewLog(new(lockedBuffer)))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
