package serve

// Encoded answers that are kept: for how long, for whom, and until what is written.

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/host"
)

// servingPages serves all pages under their plans.
func servingPages(t *testing.T, limits host.Limits, more ...Route) (url string, c *clock) {
	t.Helper()
	text, all := "fluxo 1\n", []Route(nil)
	for _, p := range pages {
		text += planOf(p.flow(), p.plan)
		all = append(all, p.route())
	}
	return servingUnder(t, limits, text, append(all, more...))
}

// counting has the steps tell how often they ran.
func counting(t *testing.T) (posts, skies *atomic.Int64) {
	posts, skies = new(atomic.Int64), new(atomic.Int64)
	fixed(t, func(_ context.Context, id string) (string, error) { return fmt.Sprint("post ", posts.Add(1)), nil },
		func(_ context.Context, id string) (string, error) { return fmt.Sprint("sky ", skies.Add(1)), nil })
	return posts, skies
}

func noPost(context.Context, string) (string, error) { return "", nil }

// expect asks and checks body, status and Cache-Control.
func expect(t *testing.T, url, caller string, status int, body, cache string) *http.Response {
	t.Helper()
	resp, got := ask(t, "GET", url, "Caller", caller)
	if resp.StatusCode != status || !strings.Contains(got, body) || resp.Header.Get("Cache-Control") != cache {
		t.Errorf("%s for %s: %d %s, %s; want %d with %q, %s", url, caller, resp.StatusCode, got, resp.Header.Get("Cache-Control"), status, body, cache)
	}
	return resp
}

// Whoever is served an encoded answer asks for the kept parts that it is made of: they are there when it expires.
func TestAnswersAskForTheirParts(t *testing.T) {
	_, skies := counting(t)
	url, c := servingUnder(t, host.DefaultLimits(), "fluxo 1\n"+planOf(skyOf.flow(), "answer\n\tstore Sky refresh=60%"), []Route{skyOf.route()})
	for range 26 {
		ask(t, "GET", url+"/SkyOf/x")
		c.pass(5*time.Second - 20*time.Millisecond)
	}
	if n := skies.Load(); n != 3 {
		t.Errorf("%d calls in 130 seconds, want two when nothing was there, and one ahead", n)
	}
}

func TestAnswerIsKept(t *testing.T) {
	_, skies := counting(t)
	url, c := servingPages(t, host.DefaultLimits())
	first := expect(t, url+"/SkyOf/x", "", 200, "sky 1", "public, max-age=60")
	c.pass(20*time.Second + time.Millisecond)
	second := expect(t, url+"/SkyOf/x", "", 200, "sky 1", "public, max-age=39")
	if second.Header.Get("Etag") != first.Header.Get("Etag") || second.Header.Get("Content-Type") != first.Header.Get("Content-Type") {
		t.Errorf("%v\n%v", first.Header, second.Header)
	}
	resp, body := ask(t, "HEAD", url+"/SkyOf/x")
	if resp.StatusCode != 200 || body != "" || resp.ContentLength != second.ContentLength || resp.Header.Get("Cache-Control") != "public, max-age=39" {
		t.Errorf("HEAD: %d %q %v", resp.StatusCode, body, resp.Header)
	}
	expect(t, url+"/SkyOf/y", "", 200, "sky 2", "public, max-age=60") // another key
	if n := skies.Load(); n != 2 {
		t.Errorf("the flow ran %d times", n)
	}
}

// A browser that holds an answer is told what is left of its life, and nothing once it is over.
func TestExpiryWhileABrowserHoldsIt(t *testing.T) {
	text := "clear"
	fixed(t, noPost, func(context.Context, string) (string, error) { return text, nil })
	url, c := servingPages(t, host.DefaultLimits())
	tag := expect(t, url+"/SkyOf/x", "", 200, "clear", "public, max-age=60").Header.Get("Etag")
	for _, step := range []struct {
		pass   time.Duration
		text   string
		status int
		cache  string
	}{
		{30 * time.Second, "clear", 304, "public, max-age=30"},
		{29*time.Second + 500*time.Millisecond, "clear", 304, "no-cache"}, // half a second is left
		{500 * time.Millisecond, "clear", 304, "public, max-age=60"},      // computed again, and the same
		{60 * time.Second, "rain", 200, "public, max-age=60"},
	} {
		text = step.text
		c.pass(step.pass)
		resp, body := ask(t, "GET", url+"/SkyOf/x", "If-None-Match", tag)
		if resp.StatusCode != step.status || resp.Header.Get("Cache-Control") != step.cache || (body == "") != (step.status == 304) || resp.Header.Get("Etag") == "" {
			t.Errorf("%v later: %d %q %v", step.pass, resp.StatusCode, body, resp.Header)
		}
	}
}

func TestWriteBetween(t *testing.T) {
	version := 1
	fixed(t, func(_ context.Context, id string) (string, error) { return fmt.Sprint("post ", version), nil },
		func(context.Context, string) (string, error) { return "sky", nil })
	url, _ := servingPages(t, host.DefaultLimits())
	for range 2 {
		expect(t, url+"/PostOf/x", "", 200, "post 1", "no-cache")
	}
	version = 2
	expect(t, url+"/PostOf/x", "", 200, "post 1", "no-cache") // from the store: nobody has said that anything changed
	publish("y", func() {})
	expect(t, url+"/PostOf/x", "", 200, "post 1", "no-cache")
	publish("x", func() {
		expect(t, url+"/PostOf/x", "", 200, "post 2", "no-cache") // neither served nor kept while it is written
		version = 3
	})
	for range 2 {
		expect(t, url+"/PostOf/x", "", 200, "post 3", "no-cache")
	}
}

// While a post is written again and again, nobody gets an answer older than the last write that was over when he asked.
func TestNoOldAnswerBehindAWrite(t *testing.T) {
	const versions, clients = 200, 4
	var current, over atomic.Int64
	fixed(t, func(context.Context, string) (string, error) { return fmt.Sprint(current.Load()), nil },
		func(context.Context, string) (string, error) { return "sky", nil })
	url, _ := servingPages(t, host.DefaultLimits())
	var all sync.WaitGroup
	var hits atomic.Int64
	for range clients {
		all.Go(func() {
			for over.Load() < versions {
				least := over.Load()
				_, body := ask(t, "GET", url+"/PostOf/x")
				var page Page
				if err := json.Unmarshal([]byte(body), &page); err != nil {
					t.Error(err)
					return
				}
				if n, _ := strconv.ParseInt(page.Post, 10, 64); n < least {
					t.Errorf("version %d, and %d was written before", n, least)
					return
				}
				hits.Add(1)
			}
		})
	}
	for i := range int64(versions) {
		publish("x", func() { current.Store(i + 1) })
		over.Store(i + 1)
		for seen := hits.Load(); hits.Load() < seen+2 && !t.Failed(); { // some requests find it kept
			runtime.Gosched()
		}
	}
	all.Wait()
}

// What is written while an answer is being made keeps it from being kept, from its first step to
// its last byte.
func TestWriteWhileTheAnswerIsMade(t *testing.T) {
	version := "1"
	fixed(t, func(context.Context, string) (string, error) { return version, nil },
		func(context.Context, string) (string, error) {
			if version == "1" {
				publish("x", func() { version = "2" })
			}
			return "sky", nil
		})
	url, _ := servingPages(t, host.DefaultLimits())
	expect(t, url+"/PostOf/x", "", 200, `"Post":"1"`, "no-cache")
	expect(t, url+"/PostOf/x", "", 200, `"Post":"2"`, "no-cache")
}

func TestTwoCallers(t *testing.T) {
	_, skies := counting(t)
	url, _ := servingPages(t, host.DefaultLimits())
	for range 2 {
		for _, caller := range []string{"ann", "bob"} {
			resp := expect(t, url+"/HomeOf/x", caller, 200, `"For":"`+caller+`"`, "private, no-cache")
			if resp.Header.Get("Etag") == "" {
				t.Error("there is no ETag")
			}
		}
	}
	if n := skies.Load(); n != 2 {
		t.Errorf("the flow ran %d times for two callers", n)
	}
	// One's tag is no proof for the other.
	tag := expect(t, url+"/HomeOf/x", "ann", 200, "ann", "private, no-cache").Header.Get("Etag")
	if resp, body := ask(t, "GET", url+"/HomeOf/x", "Caller", "bob", "If-None-Match", tag); resp.StatusCode != 200 || !strings.Contains(body, "bob") {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

// Go code that calls the flow gets results, which are kept beside the encoded answers.
func TestAnswerOfAFlowThatIsCalled(t *testing.T) {
	_, skies := counting(t)
	url, _ := servingPages(t, host.DefaultLimits())
	for range 2 {
		if page, err := skyOf.call(context.Background(), fluxo.User{}, "x"); err != nil || page.Sky != "sky 1" {
			t.Errorf("%v %v", page, err)
		}
		expect(t, url+"/SkyOf/x", "", 200, "sky 2", "public, max-age=60")
	}
	if skies.Load() != 2 {
		t.Errorf("%d calls", skies.Load())
	}
}

// An answer lasts no longer than what the flows that its steps call had kept, and what they fail by keeps it from
// being kept.
func TestAnswerOfAFlowThatCallsAnother(t *testing.T) {
	_, skies := counting(t)
	var fail error
	homeOf.posts = func(ctx context.Context, id string) (string, error) {
		page, _ := skyOf.call(ctx, fluxo.User{}, id) // what it fails by does not show in what this one returns
		return page.Sky, nil
	}
	sky := skyOf.skies
	skyOf.skies = func(ctx context.Context, id string) (string, error) {
		if fail != nil {
			return "", fail
		}
		return sky(ctx, id)
	}
	url, c := servingPages(t, host.DefaultLimits())
	home := func(want string) { t.Helper(); expect(t, url+"/HomeOf/x", "ann", 200, want, "private, no-cache") }
	skyOf.call(context.Background(), fluxo.User{}, "x") // sky 1, until 1m
	c.pass(30 * time.Second)
	home(`"Post":"sky 1","Sky":"sky 2"`)
	c.pass(29 * time.Second)
	home(`"Post":"sky 1","Sky":"sky 2"`)
	c.pass(time.Second)
	home(`"Post":"sky 3","Sky":"sky 4"`)
	fail = errDown
	c.pass(time.Minute)
	home(`"Post":"","Sky":"sky 5"`)
	home(`"Post":"","Sky":"sky 6"`)
	fail = nil
	home(`"Post":"sky 7","Sky":"sky 8"`)
	home(`"Post":"sky 7","Sky":"sky 8"`)
	if skies.Load() != 8 {
		t.Errorf("%d calls", skies.Load())
	}
}

// A step that calls its own flow, under the request's context: the request gets the outer one's answer.
func TestAnswerOfAFlowThatIsCalledByItsOwnStep(t *testing.T) {
	counting(t)
	homeOf.posts = func(ctx context.Context, id string) (string, error) {
		if id == "inner" {
			return "inner", nil
		}
		page, err := homeOf.call(ctx, fluxo.User{ID: "ann"}, "inner")
		return "outer and " + page.Post, err
	}
	url, _ := servingPages(t, host.DefaultLimits())
	for range 2 {
		expect(t, url+"/HomeOf/inner", "ann", 200, `"Post":"inner"`, "private, no-cache")
		expect(t, url+"/HomeOf/outer", "ann", 200, `"Post":"outer and inner"`, "private, no-cache")
	}
}

// A volatile step that reads named data through another flow: nobody is told that the answer holds for a time.
func TestNamedDataBehindAVolatileStep(t *testing.T) {
	version := 1
	fixed(t, func(context.Context, string) (string, error) { return fmt.Sprint("post ", version), nil },
		func(context.Context, string) (string, error) { return "sky", nil })
	skyOf.skies = func(ctx context.Context, id string) (string, error) {
		page, err := postOf.call(ctx, fluxo.User{}, id)
		return page.Post, err
	}
	url, _ := servingPages(t, host.DefaultLimits())
	for range 2 {
		expect(t, url+"/SkyOf/x", "", 200, `"Sky":"post 1"`, "no-cache")
	}
	publish("x", func() { version = 2 })
	expect(t, url+"/SkyOf/x", "", 200, `"Sky":"post 2"`, "no-cache")
}
