package serve

// Answers that are kept, and what goes wrong while they are made.

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
