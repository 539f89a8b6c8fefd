package host

import (
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo"
)

type (
	level  int8
	colour string
)

// A celsius is read by its own rules.
type celsius struct{ degrees string }

func (c *celsius) UnmarshalText(text []byte) error {
	rest, ok := strings.CutSuffix(string(text), "C")
	if !ok {
		return fluxo.Invalid.Errorf("a temperature ends in C")
	}
	c.degrees = rest
	return nil
}

func scalar[T any](r *Request) (any, error) { return bound(r, Query[T](r, "v")) }

func TestQuery(t *testing.T) {
	s := start(t, DefaultLimits(),
		get("/string", scalar[string]), get("/colour", scalar[colour]), get("/bool", scalar[bool]),
		get("/int", scalar[int]), get("/int64", scalar[int64]), get("/level", scalar[level]),
		get("/uint8", scalar[uint8]), get("/uint64", scalar[uint64]),
		get("/float64", scalar[float64]), get("/float32", scalar[float32]),
		get("/time", scalar[time.Time]), get("/duration", scalar[time.Duration]), get("/id", scalar[fluxo.ID]),
		get("/celsius", func(r *Request) (any, error) { return bound(r, Query[celsius](r, "v").degrees) }),
		get("/maybe", scalar[*int]), get("/maybeCelsius", func(r *Request) (any, error) { return bound(r, Query[*celsius](r, "v") == nil) }),
		get("/list", scalar[[]int]), get("/levels", scalar[[]level]))
	for _, test := range []struct{ query, want string }{
		{"/string?v=a%20b", `"a b"`}, {"/string?v=", `""`}, {"/string?v=%E2%98%83", `"☃"`}, {"/string?v=x&other=1", `"x"`},
		{"/string", "is missing"}, {"/string?v=a&v=b", "is given 2 times, once is expected"},
		{"/string?v=%ff", `"\xff" is not valid UTF-8`}, {"/string?v=%zz", "the query string cannot be read"},
		{"/string?v=a;b", "the query string cannot be read"},
		{"/colour?v=red", `"red"`},
		{"/bool?v=true", "true"}, {"/bool?v=0", "false"}, {"/bool?v=yes", `"yes" is not true or false`},
		{"/int?v=-12", "-12"}, {"/int?v=1.5", `"1.5" is not a whole number`}, {"/int?v=", `"" is not a whole number`},
		{"/int?v=99999999999999999999", "is out of range, -9223372036854775808 to 9223372036854775807 is allowed"},
		{"/int64?v=9223372036854775807", "9223372036854775807"},
		{"/level?v=-128", "-128"}, {"/level?v=128", "is out of range, -128 to 127 is allowed"},
		{"/uint8?v=255", "255"}, {"/uint8?v=256", "is out of range, at most 255 is allowed"}, {"/uint8?v=-1", "is not a whole number, 0 or more"},
		{"/uint64?v=18446744073709551615", "18446744073709551615"},
		{"/float64?v=1e3", "1000"}, {"/float64?v=NaN", "is not a finite number"}, {"/float64?v=1e999", "is not a finite number of 64 bits"},
		{"/float64?v=abc", `"abc" is not a number`}, {"/float32?v=1e39", "is not a finite number of 32 bits"},
		{"/time?v=2026-03-01T12:00:00%2B01:00", `"2026-03-01T12:00:00+01:00"`}, {"/time?v=yesterday", "is not a time such as"},
		{"/duration?v=1h30m", "5400000000000"}, {"/duration?v=90", "is not a duration such as"},
		{"/id?v=01890a5d-ac96-774b-bcce-b302099a8057", `"01890a5d-ac96-774b-bcce-b302099a8057"`}, {"/id?v=7", "is not an ID"},
		{"/celsius?v=21C", `"21"`}, {"/celsius?v=21", `"21": a temperature ends in C`},
		{"/maybe", "null"}, {"/maybe?v=7", "7"}, {"/maybe?v=x", "is not a whole number"}, {"/maybe?v=1&v=2", "at most once is expected"},
		{"/maybeCelsius", "true"}, {"/maybeCelsius?v=1C", "false"},
		{"/list", "null"}, {"/list?v=3&v=1&v=2", "[3,1,2]"}, {"/list?v=1&v=x", `number 2: \"x\" is not a whole number`},
		{"/list?v=1" + strings.Repeat("&v=1", 1000), "is given 1001 times, at most 1000 are allowed"},
		{"/levels?v=1&v=200", "number 2: \\\"200\\\" is out of range"},
		{"/string?v=" + strings.Repeat("x", 100) + "%ff", `\"` + strings.Repeat("x", 40) + `\"… is not valid UTF-8`},
	} {
		resp, body := s.do("GET", test.query, "")
		if resp.StatusCode == http.StatusOK {
			if strings.TrimSpace(body) != test.want {
				t.Errorf("%s: got %s, want %s", test.query, body, test.want)
			}
			continue
		}
		refused(t, resp, body, http.StatusBadRequest, "Invalid", "")
		if !strings.Contains(body, test.want) && !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(body, `\\`, `\`), `\"`, `"`), test.want) {
			t.Errorf("%s: got %s, want a message with %s", test.query, body, test.want)
		}
	}
}

func TestPath(t *testing.T) {
	s := start(t, DefaultLimits(),
		get("/weather/{zip}", func(r *Request) (any, error) { return bound(r, Path[string](r, "zip")) }),
		get("/n/{n}", func(r *Request) (any, error) { return bound(r, Path[level](r, "n")) }),
		get("/files/{rest...}", func(r *Request) (any, error) { return bound(r, Path[string](r, "rest")) }))
	for _, test := range []struct {
		path   string
		status int
		want   string
	}{
		{"/weather/60601", 200, `"60601"`},
		{"/weather/a%2Fb", 200, `"a/b"`}, // an encoded slash is part of the value
		{"/weather/a%20b", 200, `"a b"`},
		{"/weather/%2e%2e", 200, `".."`},
		{"/weather/%ff", 400, `path part`},
		{"/weather/a/b", 404, "there is nothing at this address"},
		{"/weather/", 404, "there is nothing at this address"},
		{"/n/300", 400, "out of range, -128 to 127"},
		{"/files/a/b/c", 200, `"a/b/c"`},
		{"/files/a/../b", 307, ""},
		{"/nothing", 404, "there is nothing at this address"},
	} {
		resp, body := s.do("GET", test.path, "")
		if resp.StatusCode != test.status || !strings.Contains(body, test.want) {
			t.Errorf("%s: got %d %s, want %d %s", test.path, resp.StatusCode, body, test.status, test.want)
		}
	}
}

type order struct {
	Item  string     `json:"item"`
	Count int8       `json:"count"`
	Price float64    `json:"price"`
	When  time.Time  `json:"when"`
	By    fluxo.User `json:"by"`
	Parts []order    `json:"parts"`
}

func TestBody(t *testing.T) {
	s := start(t, DefaultLimits(), post("/orders", func(r *Request) (any, error) { return bound(r, Body[order](r).Item) }),
		post("/pointer", func(r *Request) (any, error) { return bound(r, Body[*order](r)) }))
	for _, test := range []struct {
		body   string
		status int
		want   string
	}{
		{`{"item":"tea","count":2}`, 200, `"tea"`},
		{"", 400, "body: it is empty"},
		{" \n", 400, "body: it is empty"},
		{"hello", 400, "body: not valid JSON at byte 1"},
		{`{"item":"tea"`, 400, "body: its JSON ends too early"},
		{`{"item":"tea"} {}`, 400, "body: there is more after the JSON value that ends at byte 1"},
		{`{"item":7}`, 400, `field \"item\" is a JSON number, which does not fit string`},
		{`{"count":300}`, 400, `field \"count\" is a JSON number 300, which does not fit int8`},
		{`{"price":1e999}`, 400, `which does not fit float64`},
		{`{"count":1e2}`, 400, `which does not fit int8`},
		{`{"parts":[{"item":false}]}`, 400, `field \"parts.item\"`},
		{`{"itme":"tea"}`, 400, `field \"itme\" is not known here`},
		{`{"by":{"ID":"root"}}`, 400, "never taken from a request's own words"},
		{`{"when":"yesterday"}`, 400, "yesterday"},
		{`[1,2]`, 400, "the value is a JSON array, which does not fit host.order"},
		{"{\"item\":\"\xff\"}", 400, "it is not valid UTF-8"},
		{strings.Repeat(`{"parts":[`, 6000), 400, "body: "},
		{`{"item":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}", 400, "body: "},
	} {
		resp, body := s.do("POST", "/orders", test.body, "Content-Type", "application/json")
		if resp.StatusCode != test.status || !strings.Contains(body, test.want) {
			t.Errorf("%.60s: got %d %s, want %d %s", test.body, resp.StatusCode, body, test.status, test.want)
		}
		if resp.StatusCode != 200 {
			refused(t, resp, body, test.status, "Invalid", "body: ")
		}
	}
	resp, body := s.do("POST", "/orders", `item=tea`, "Content-Type", "application/x-www-form-urlencoded")
	refused(t, resp, body, http.StatusUnsupportedMediaType, "Invalid", `Content-Type is "application/x-www-form-urlencoded"; send JSON, with the header Content-Type: application/json`)
	if resp, body := s.do("POST", "/orders", `{"item":"tea"}`, "Content-Type", "application/merge-patch+json; charset=utf-8"); resp.StatusCode != 200 {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	if resp, body := s.do("POST", "/pointer", `{"item":"tea"}`); resp.StatusCode != 200 || !strings.Contains(body, "tea") {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
}

func TestSeveralMistakesAreToldTogether(t *testing.T) {
	s := start(t, DefaultLimits(), post("/p/{n}", func(r *Request) (any, error) {
		Path[int](r, "n")
		Query[bool](r, "b")
		Body[order](r)
		return bound(r, nil)
	}))
	resp, body := s.do("POST", "/p/x?b=y", "[")
	refused(t, resp, body, 400, "Invalid", `path part "n": "x" is not a whole number; query parameter "b": "y" is not true or false; body: its JSON ends too early`)
}

// FuzzScalars looks for texts on which parsing panics or lets through what it
// must not.
func FuzzScalars(f *testing.F) {
	for _, text := range []string{"", "1", "-0", "1e308", "0x1p-2", "NaN", "1h", "2026-03-01T12:00:00Z", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var (
			n    int8
			u    uint16
			x    float32
			b    bool
			d    time.Duration
			when time.Time
			s    colour
		)
		for _, err := range []error{parse(text, &n), parse(text, &u), parse(text, &b), parse(text, &d), parse(text, &when), parse(text, &s)} {
			if err != nil && len(err.Error()) > 300 {
				t.Errorf("a message of %d bytes", len(err.Error()))
			}
		}
		if err := parse(text, &x); err == nil && (math.IsNaN(float64(x)) || math.IsInf(float64(x), 0)) {
			t.Errorf("%q became %v", text, x)
		}
	})
}

// FuzzBody looks for bodies on which decoding panics.
func FuzzBody(f *testing.F) {
	f.Add([]byte(`{"item":"tea","parts":[{"count":1}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var o order
		if err := decodeBody(data, &o); err == nil && o.By.ID != "" {
			t.Errorf("%q says who the caller is", data)
		}
	})
}
