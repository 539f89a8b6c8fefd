package serve

// Random histories of requests, writes, failures and time that passes, through browsers and a proxy that keep what they
// may: whoever asks gets what a service as written would answer, but for the age that the source allows.

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/host"
)

// life is the age to which the pages' look at the sky may be used.
const life = time.Minute

// plansOf are the plans to draw from, of pages.
var plansOf = []string{
	"answer", "answer", "answer\n\tstore Sky", "answer\n\tstore Post..Sky\n\tcoalesce Sky", "answer\n\tcoalesce Post..return",
	"answer\n\tparallel Post Sky", "store Post..return", "store Sky", "parallel Post Sky", "",
}

// A history is a service under random plans, and what happens to it.
type history struct {
	*testing.T
	rng     *rand.Rand
	url     string
	clock   *clock
	plans   string
	version map[string]int // of posts
	down    bool           // the sky cannot be seen
	caches  map[string]map[string]*held
	told    []string // what happened, for people
	seen    map[string]int
}

// held is what a browser or a proxy keeps.
type held struct {
	status  int
	body    string
	tag     string
	expires time.Time // until when it asks nobody
}

func TestRandomHistories(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			h := newHistory(t, seed)
			for range 90 {
				h.step()
				if t.Failed() {
					t.Fatalf("%s\n%s", h.plans, strings.Join(h.told, "\n"))
				}
			}
			for what, n := range h.seen {
				seen[what] += n
			}
		})
	}
	for _, what := range []string{"200", "304", "404", "503", "kept elsewhere", "older than now", "max-age", "kept while down"} {
		if seen[what] < 20 {
			t.Errorf("%q was met %d times: the test has lost its teeth", what, seen[what])
		}
	}
	t.Log(seen)
}

func newHistory(t *testing.T, seed uint64) *history {
	h := &history{
		T: t, rng: rand.New(rand.NewPCG(seed, 9)), version: map[string]int{},
		caches: map[string]map[string]*held{"proxy": {}, "ann": {}, "bob": {}, "": {}}, seen: map[string]int{},
	}
	posts := func(_ context.Context, id string) (string, error) { return fmt.Sprint("version ", h.version[id]), nil }
	fixed(t, posts, func(_ context.Context, id string) (string, error) {
		now := fmt.Sprint("seen at ", h.clock.Now().UnixMilli())
		switch {
		case h.down:
			return "", fluxo.Unavailable.Errorf("no sky")
		case id == "gone":
			return "", fluxo.NotFound.Errorf("nothing %s", now)
		}
		return now, nil
	})
	skyOf.posts = noPost
	text, all := "fluxo 1\n", []Route(nil)
	for _, p := range pages {
		text += planOf(p.flow(), plansOf[h.rng.IntN(len(plansOf))])
		all = append(all, p.route())
	}
	h.plans = text
	h.url, h.clock = servingUnder(t, host.DefaultLimits(), text, all)
	h.clock.pass(time.Hour) // the sky is never seen at zero
	return h
}

// step has something happen.
func (h *history) step() {
	id := []string{"x", "y", "gone"}[h.rng.IntN(3)]
	switch h.rng.IntN(8) {
	case 0, 1:
		d := time.Duration(h.rng.IntN(40_000)) * time.Millisecond
		h.tell("%v pass", d)
		h.clock.pass(d)
	case 2:
		h.tell("post %s is written", id)
		publish(id, func() { h.version[id]++ })
	case 3:
		h.down = h.rng.IntN(4) == 0
		h.tell("down: %t", h.down)
	default:
		h.ask(pages[h.rng.IntN(len(pages))], []string{"ann", "bob"}[h.rng.IntN(2)], id)
	}
}

func (h *history) tell(format string, args ...any) {
	h.told = append(h.told, fmt.Sprintf(format, args...))
}

// ask has a caller ask for a page, through a browser or a proxy or neither, and looks at the answer.
func (h *history) ask(p *page, caller, id string) {
	through := []string{"", "proxy", caller}[h.rng.IntN(3)]
	cache, address := h.caches[through], "/"+p.name+"/"+id
	kept := cache[address]
	if kept != nil && h.clock.Now().Before(kept.expires) {
		h.seen["kept elsewhere"]++
		h.tell("%s has %s in %s: %s", caller, address, through, kept.body)
		h.judge(p, caller, id, kept.status, kept.body)
		return
	}
	method := "GET"
	if h.rng.IntN(8) == 0 {
		method, kept = "HEAD", nil
	}
	header := []string{"Caller", caller}
	if kept != nil {
		header = append(header, "If-None-Match", kept.tag)
	}
	resp, body := ask(h.T, method, h.url+address, header...)
	h.tell("%s asks %s for %s through %q: %d %s %s", caller, method, address, through, resp.StatusCode, resp.Header.Get("Cache-Control"), body)
	h.seen[strconv.Itoa(resp.StatusCode)]++
	status := resp.StatusCode
	if method == "HEAD" {
		return
	}
	if status == http.StatusNotModified {
		status, body = kept.status, kept.body
	}
	h.judge(p, caller, id, status, body)
	h.keep(cache, address, p, through, resp, status, body)
}

// keep has a browser or a proxy keep what it may.
func (h *history) keep(cache map[string]*held, address string, p *page, through string, resp *http.Response, status int, body string) {
	words := resp.Header.Get("Cache-Control")
	if p.user && !strings.Contains(words, "private") && !strings.Contains(words, "no-store") {
		h.Errorf("%s takes its caller, and may be kept: %s", address, words)
	}
	delete(cache, address)
	if strings.Contains(words, "no-store") || strings.Contains(words, "private") && through == "proxy" {
		return
	}
	one := &held{status: status, body: body, tag: resp.Header.Get("Etag"), expires: h.clock.Now()}
	if _, seconds, ok := strings.Cut(words, "max-age="); ok {
		n, err := strconv.Atoi(seconds)
		if err != nil {
			h.Error(err)
		}
		h.seen["max-age"]++
		one.expires = one.expires.Add(time.Duration(n) * time.Second)
		if at, ok := seenAt(body); !ok || one.expires.After(at.Add(life)) {
			h.Errorf("%s may be used until %v, and was seen at %v: %s", address, one.expires, at, words)
		}
	}
	cache[address] = one
}

var seenWords = regexp.MustCompile(`seen at (\d+)`)

// seenAt returns when the sky of an answer was seen.
func seenAt(body string) (time.Time, bool) {
	m := seenWords.FindStringSubmatch(body)
	if m == nil {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	return time.UnixMilli(n), err == nil
}

// judge holds an answer against that of the flow as written.
func (h *history) judge(p *page, caller, id string, status int, body string) {
	if h.down && status == http.StatusServiceUnavailable {
		return
	}
	down := h.down
	h.down = false
	user := fluxo.User{}
	if p.user {
		user.ID = caller
	}
	page, err := p.written(context.Background(), user, id)
	h.down = down
	now, at := h.clock.Now(), time.Time{}
	if found, ok := seenAt(body); !ok || found.After(now) || !now.Before(found.Add(life)) {
		h.Errorf("the sky was seen at %v, and it is %v: %s", found, now, body)
	} else {
		at = found
	}
	if at.Before(now) {
		h.seen["older than now"]++
	}
	if down {
		h.seen["kept while down"]++
	}
	want, wantBody := http.StatusOK, ""
	if err != nil {
		want, wantBody = host.Status(err), err.Error()
	} else {
		var b bytes.Buffer
		json.NewEncoder(&b).Encode(page)
		wantBody = b.String()
	}
	wantBody = seenWords.ReplaceAllString(wantBody, fmt.Sprint("seen at ", at.UnixMilli()))
	if err != nil {
		var f struct{ Error struct{ Message string } }
		json.Unmarshal([]byte(body), &f)
		body = f.Error.Message
	}
	if status != want || body != wantBody {
		h.Errorf("%d %s\nwant %d %s", status, body, want, wantBody)
	}
}
