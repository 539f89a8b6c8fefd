package main

import (
	"io"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"example.com/weather/zips"
)

// A reply is what a client sees of an answer, but for what is no two answers' own.
type reply struct {
	status int
	header http.Header
	body   string
}

var requestName = regexp.MustCompile(`"request":"[0-9a-f]{16}-\d+"`)

func ask(t *testing.T, method, url, tag string) reply {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if tag != "" {
		req.Header.Set("If-None-Match", tag)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	header := maps.Clone(resp.Header)
	header.Del("Date")
	if resp.StatusCode >= 400 {
		header.Del("Content-Length") // names of requests are of different lengths
	}
	return reply{resp.StatusCode, header, requestName.ReplaceAllString(string(body), `"request":""`)}
}

func (r reply) is(other reply) bool {
	return r.status == other.status && r.body == other.body && maps.EqualFunc(r.header, other.header, func(a, b []string) bool { return strings.Join(a, "|") == strings.Join(b, "|") })
}

// The service answers as the naive one does, which is built from the example and runs as written: cold, when
// the answers are kept, and what nobody should ask for, too.
func TestAnswersAreTheNaiveOnes(t *testing.T) {
	fluxo := build(t, "../../..", "./cmd/fluxo", "fluxo", "go", "build")
	asWritten := build(t, "../../../examples/weather", ".", "naive", fluxo, "build")
	byHand := build(t, ".", ".", "expert", "go", "build")
	env := providers(t, "2026-03-01T12:00:01Z") // the weather changes on full minutes
	naive, _ := start(t, env, asWritten, "-plain", "-addr", "127.0.0.1:0")
	expert, _ := start(t, env, byHand, "-addr", "127.0.0.1:0")

	known, _, err := zips.Load("")
	if err != nil {
		t.Fatal(err)
	}
	type question struct{ method, path string }
	var all []question
	for i := 0; i < len(known); i += len(known) / 60 {
		all = append(all, question{"GET", "/weather/" + known[i].Code})
	}
	a, b := known[7].Code, known[30000].Code
	for _, path := range []string{
		"/weather?zip=" + a + "&zip=" + b, "/weather?zip=" + a, "/weather?zip=" + a + "&zip=" + a, "/weather?zip=" + b + "&other=1",
		"/weather/" + a + "?zip=1", "/weather/" + a + "?a=%zz", "/weather/" + strings.Replace(a, a[:1], "%3"+a[:1], 1),
		"/weather/nowhere", "/weather/%20", "/weather/a%2Fb", "/weather/..%2F", "/weather/%FF", "/weather/%00", "/weather/<>&", "/weather/",
		"/weather", "/weather?zip=", "/weather?zip=" + a + "&zip=nowhere&zip=", "/weather?zip=%zz", "/weather?zip=%ff", "/weather?a;b=1", "/weather?ZIP=" + a,
		"/weather?" + strings.Repeat("zip="+a+"&", 51), "/weather?" + strings.Repeat("zip="+a+"&", 50),
		"/nothing", "/weather/" + a + "/", "//weather/" + a, "/weather//" + a,
	} {
		all = append(all, question{"GET", path})
	}
	for _, method := range []string{"HEAD", "POST", "OPTIONS", "PUT"} {
		all = append(all, question{method, "/weather/" + a}, question{method, "/weather?zip=" + a})
	}
	statuses := map[int]int{}
	for _, q := range all {
		if r, ok := alike(t, naive, expert, q.method, q.path, func() string { return "" }); ok {
			statuses[r.status]++
		}
	}
	if statuses[200] < 65 || statuses[400] < 5 || statuses[404] < 10 || statuses[405] < 4 {
		t.Errorf("of each status so many: %v", statuses)
	}
	page := "/weather/" + a
	for known, want := range map[string]int{"TAG": 304, "W/TAG": 304, `"x", TAG`: 304, "*": 304, `"x"`: 200} {
		tags := func() string {
			return strings.Replace(known, "TAG", answer(t, "GET", expert+page, "").header.Get("Etag"), 1)
		}
		if r, ok := alike(t, naive, expert, "GET", page, tags); ok && r.status != want {
			t.Errorf("to a client that has %s: %v", known, r)
		}
	}
}

// Answer asks again while providers are out of order, as they are now and then.
func answer(t *testing.T, method, url, tag string) reply {
	t.Helper()
	r := ask(t, method, url, tag)
	for tries := 0; r.status == http.StatusServiceUnavailable && tries < 100; tries++ {
		r = ask(t, method, url, tag)
	}
	return r
}

// Alike reports how both services answer a client that has what is tagged, and whether they answer it alike.
// Three times they may not: the weather may change between two questions.
func alike(t *testing.T, naive, expert, method, path string, tags func() string) (reply, bool) {
	t.Helper()
	var tag string
	var want, cold, warm reply
	for range 3 {
		tag = tags()
		want, cold, warm = answer(t, method, naive+path, tag), answer(t, method, expert+path, tag), answer(t, method, expert+path, tag)
		if want.is(cold) && want.is(warm) {
			return want, true
		}
	}
	t.Errorf("%s %s, to a client that has %q:\n%v, then\n%v, want\n%v", method, path, tag, cold, warm, want)
	return want, false
}
