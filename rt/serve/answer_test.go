package serve

// Encoded answers that are kept, and what may not be done with them.

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/host"
	"fluxo.dev/fluxo/rt"
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

// A step that looks at its caller behind the graph's back: nothing is kept, whatever the plan says.
func TestAnswerThatDiffersByHeader(t *testing.T) {
	fixed(t, noPost, func(ctx context.Context, _ string) (string, error) {
		user, _ := fluxo.SignedIn(ctx)
		return "sky of " + user.ID, nil
	})
	withUser := skyOf.route()
	withUser.Pattern, withUser.User = "/hidden/{id}", true
	url, _ := servingPages(t, host.DefaultLimits(), withUser)
	for range 2 {
		for _, caller := range []string{"ann", "bob"} {
			expect(t, url+"/hidden/x", caller, 200, "sky of "+caller, "private, no-cache")
		}
	}
	expect(t, url+"/SkyOf/x", "", 200, "sky of ", "private, no-cache")
}

// A failure of a declared kind is an answer; it names the request that it answers.
func TestKeptNotFound(t *testing.T) {
	var calls atomic.Int64
	fail := error(fluxo.NotFound.Errorf("no such place"))
	fixed(t, noPost, func(context.Context, string) (string, error) {
		calls.Add(1)
		return "", fail
	})
	url, c := servingPages(t, host.DefaultLimits())
	_, one := ask(t, "GET", url+"/SkyOf/x")
	_, other := ask(t, "GET", url+"/SkyOf/x")
	if one == other || !strings.Contains(other, "no such place") || calls.Load() != 1 {
		t.Errorf("%d calls: %s %s", calls.Load(), one, other)
	}
	expect(t, url+"/SkyOf/x", "", 404, "NotFound", "no-store")
	c.pass(time.Minute)
	expect(t, url+"/SkyOf/x", "", 404, "NotFound", "no-store")
	if calls.Load() != 2 {
		t.Errorf("%d calls after its life", calls.Load())
	}
	fail = fluxo.Unavailable.Errorf("down")
	for range 2 {
		expect(t, url+"/SkyOf/other", "", 503, "Unavailable", "no-store")
	}
	fail = nil
	expect(t, url+"/SkyOf/other", "", 200, "Sky", "public, max-age=60")
}

func TestAnswerLargerThanTheStore(t *testing.T) {
	var calls atomic.Int64
	fixed(t, noPost, func(context.Context, string) (string, error) {
		calls.Add(1)
		return strings.Repeat("x", 2<<20), nil // a shard of the default bound has so much
	})
	url, _ := servingPages(t, host.DefaultLimits())
	for range 2 {
		if resp, body := ask(t, "GET", url+"/SkyOf/x"); resp.StatusCode != 200 || len(body) < 2<<20 || resp.Header.Get("Etag") == "" {
			t.Errorf("%d, %d bytes", resp.StatusCode, len(body))
		}
	}
	if calls.Load() != 2 || engine.Current().Stored() > 1<<20 {
		t.Errorf("%d calls, %d bytes are kept", calls.Load(), engine.Current().Stored())
	}
	limits := host.DefaultLimits()
	limits.AnswerBytes = 1 << 10 // what cannot be sent is not kept either
	url, _ = servingPages(t, limits)
	for range 2 {
		expect(t, url+"/SkyOf/x", "", 500, "Internal", "no-store")
	}
	if calls.Load() != 4 {
		t.Errorf("%d calls", calls.Load())
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
		page, err := skyOf.call(ctx, fluxo.User{}, id)
		if err == nil {
			err = fail
		}
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

func TestPanicAndGoexitAreNotKept(t *testing.T) {
	for name, raise := range map[string]func(){"panic": func() { panic("boom") }, "Goexit": runtime.Goexit} {
		var calls atomic.Int64
		fixed(t, noPost, func(context.Context, string) (string, error) {
			if calls.Add(1) == 1 {
				raise()
			}
			return "sky", nil
		})
		url, _ := servingPages(t, host.DefaultLimits())
		expect(t, url+"/SkyOf/x", "", 500, "Internal", "no-store")
		for range 2 {
			expect(t, url+"/SkyOf/x", "", 200, "sky", "public, max-age=60")
		}
		if calls.Load() != 2 {
			t.Errorf("%s: %d calls", name, calls.Load())
		}
	}
}

// A client that breaks off ends its own run, of which nothing is kept.
func TestClientThatBreaksOff(t *testing.T) {
	var calls atomic.Int64
	begun, ended := make(chan bool), make(chan bool)
	fixed(t, noPost, func(ctx context.Context, _ string) (string, error) {
		if calls.Add(1) == 1 {
			begun <- true
			<-ctx.Done()
			defer close(ended)
			return "half of it", nil // the step made the best of it
		}
		return "sky", nil
	})
	url, _ := servingPages(t, host.DefaultLimits())
	ctx, leave := context.WithCancel(context.Background())
	req, err := http.NewRequestWithContext(ctx, "GET", url+"/SkyOf/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	var client sync.WaitGroup
	client.Go(func() {
		if _, err := http.DefaultClient.Do(req); err == nil {
			t.Error("there was an answer")
		}
	})
	<-begun
	leave()
	<-ended
	client.Wait()
	expect(t, url+"/SkyOf/x", "", 200, "sky", "public, max-age=60")
}

// Overlapping requests run the flow once each, unless a coalesce line makes them one.
func TestAnswersRunTogetherWithCoalesce(t *testing.T) {
	const clients = 8
	var calls, waiting atomic.Int64
	release := make(chan bool)
	fixed(t, noPost, func(context.Context, string) (string, error) {
		calls.Add(1)
		<-release
		return "sky", nil
	})
	text := "fluxo 1\n" + planOf(skyOf.flow(), "answer\n\tcoalesce Post..return")
	route := skyOf.route()
	call := route.Call
	route.Call = func(r *Request) (any, error) { waiting.Add(1); return call(r) }
	url, _ := servingUnder(t, host.DefaultLimits(), text, []Route{route})
	var all sync.WaitGroup
	for range clients {
		all.Go(func() { expect(t, url+"/SkyOf/x", "", 200, "sky", "public, max-age=60") })
	}
	for waiting.Load() < clients || joined() < clients-1 {
		runtime.Gosched()
	}
	close(release)
	all.Wait()
	if calls.Load() != 1 {
		t.Errorf("%d calls for %d requests at once", calls.Load(), clients)
	}
}

// joined returns how many runs of the process have joined another.
func joined() (n int64) {
	for _, f := range engine.Current().Statistics() {
		for _, d := range f.Decisions {
			n += d.Joined
		}
	}
	return n
}

// What is kept of answers counts in the one bound of all results, and shows in the plan's statistics.
func TestAnswersCountInTheBound(t *testing.T) {
	fixed(t, noPost, func(context.Context, string) (string, error) {
		return strings.Repeat("x", 10<<10), nil
	})
	text := "fluxo 1\nmemory 256KiB\n" + planOf(skyOf.flow(), "answer")
	url, _ := servingUnder(t, host.DefaultLimits(), text, []Route{skyOf.route()})
	for i := range 100 {
		ask(t, "GET", fmt.Sprint(url, "/SkyOf/", i))
	}
	if stored := engine.Current().Stored(); stored < 100<<10 || stored > 256<<10 {
		t.Errorf("%d bytes are kept under a bound of 256 KiB", stored)
	}
	before := engine.Current().Stored()
	skyOf.call(context.Background(), fluxo.User{}, "0") // its results are of the same line
	if engine.Current().Stored() <= before-20<<10 {
		t.Errorf("%d bytes are kept, and were %d before", engine.Current().Stored(), before)
	}
	found := false
	for _, f := range rt.Statistics().Flows {
		for _, d := range f.Decisions {
			found = found || d.Line == "answer" && d.Kept == 101 && d.Misses == 101 && d.Bytes == engine.Current().Stored()
		}
	}
	if !found {
		t.Errorf("the statistics are %+v", engine.Current().Statistics())
	}
}

// A plan that is swapped while the flow runs: what was computed across it is not kept.
func TestSwapWhileTheAnswerIsMade(t *testing.T) {
	var calls atomic.Int64
	text := "fluxo 1\n" + planOf(skyOf.flow(), "answer")
	fixed(t, noPost, func(context.Context, string) (string, error) {
		if calls.Add(1) == 1 {
			if _, err := rt.Apply("fluxo.plan", []byte(text), rt.Strict); err != nil {
				t.Error(err)
			}
		}
		return "sky", nil
	})
	url, _ := servingUnder(t, host.DefaultLimits(), text, []Route{skyOf.route()})
	expect(t, url+"/SkyOf/x", "", 200, "sky", "no-cache")
	for range 2 {
		expect(t, url+"/SkyOf/x", "", 200, "sky", "public, max-age=60")
	}
	if calls.Load() != 2 {
		t.Errorf("%d calls", calls.Load())
	}
}
