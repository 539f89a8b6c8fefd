package serve

// How long answers may be kept, as their headers say.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/host"
	"fluxo.dev/fluxo/rt"
)

type secretKey struct{}

var errDown = errors.New("down")

func fine(ctx context.Context, arg string) (string, error) { return "second", nil }

var (
	weather = handwritten{name: "Weather", second: "volatile 10m", plan: "store First..Second", param: "data", step: fine}
	logged  = handwritten{name: "Logged", second: "observes", plan: "store First", param: "data", step: fine}
	data    = handwritten{name: "Data", second: "reads posts:{arg} within=1m", plan: "store First", param: "data", step: fine}
	opaque  = handwritten{name: "Opaque", second: "opaque", plan: "store First", param: "data", step: fine}
	never   = handwritten{name: "Never", second: "volatile 0", plan: "store First", param: "data", step: fine}
	client  = handwritten{name: "Client", second: "volatile 10m", plan: "store First", param: "identity", step: fine}
	broken  = handwritten{name: "Broken", second: "volatile 10m", plan: "store First", param: "data", step: func(context.Context, string) (string, error) {
		return "", errDown
	}}
	hidden = handwritten{name: "Hidden", second: "volatile 10m", plan: "store First", param: "data", step: func(ctx context.Context, _ string) (string, error) {
		return fmt.Sprint(ctx.Value(secretKey{})), nil
	}}
	caller = handwritten{name: "Caller", second: "volatile 10m", plan: "store First", param: "data", step: func(ctx context.Context, _ string) (string, error) {
		user, _ := fluxo.SignedIn(ctx)
		return user.ID, nil
	}}
	plain = handwritten{name: "Plain", second: "volatile 10m", param: "data", step: fine}
	lives = []*handwritten{&weather, &logged, &data, &opaque, &never, &client, &broken, &hidden, &caller, &plain}
)

func init() {
	fluxo.Authenticate(func(_ context.Context, header map[string][]string) (fluxo.User, error) {
		return fluxo.User{ID: cmp.Or(http.Header(header).Get("Caller"), "ann")}, nil
	})
	for _, h := range lives {
		rt.Register(rt.ABI1, &h.slot, h.program())
	}
}

func TestRemainingLifeShrinks(t *testing.T) {
	url, c := serving(t, host.DefaultLimits(), lives)
	for _, step := range []struct {
		pass   time.Duration
		method string
		want   string
	}{
		{0, "GET", "public, max-age=600"}, // computed: ten minutes
		{0, "HEAD", "public, max-age=600"},
		{time.Minute, "GET", "public, max-age=540"}, // from the store: what is left of them
		{30*time.Second + time.Millisecond, "GET", "public, max-age=509"},
		{508*time.Second + 998*time.Millisecond, "GET", "public, max-age=1"},
		{time.Second, "GET", "no-cache"}, // a millisecond is left
		{time.Millisecond, "GET", "public, max-age=600"},
	} {
		c.pass(step.pass)
		resp, _ := ask(t, step.method, url+"/Weather/10001")
		if got := resp.Header.Get("Cache-Control"); got != step.want || resp.Header.Get("Etag") == "" {
			t.Errorf("%v later: %s %v, want %s", step.pass, step.method, resp.Header, step.want)
		}
	}
}

func TestShortestLifeCounts(t *testing.T) {
	url, c := serving(t, host.DefaultLimits(), lives)
	ask(t, "GET", url+"/Logged/x")
	c.pass(20 * time.Minute)
	resp, _ := ask(t, "GET", url+"/Logged/x")
	if got := resp.Header.Get("Cache-Control"); got != "public, max-age=2400" {
		t.Errorf("a step kept for an hour, twenty minutes later: %s", got)
	}
}

func TestWhatHasNoLife(t *testing.T) {
	withUser := weather.route()
	withUser.Pattern, withUser.User = "/user/{arg}", true
	body := weather.route()
	body.Pattern = "/body/{arg}"
	body.Call = func(r *Request) (any, error) { return weather.call(r.Context(), r.HTTP().Header.Get("Accept")), nil }
	write := weather.route()
	write.Pattern, write.Read, write.Cache = "/write/{arg}", false, NoStore
	failing := weather.route()
	failing.Pattern = "/failing/{arg}"
	failing.Call = func(r *Request) (any, error) { weather.call(r.Context(), "x"); return nil, fluxo.NotFound }
	url, _ := serving(t, host.DefaultLimits(), lives, withUser, body, write, failing)
	for path, want := range map[string]string{
		"/Data/x": "no-cache", "/Opaque/x": "no-cache", "/Never/x": "no-cache", "/Client/x": "no-cache",
		"/Broken/x": "no-cache", "/Hidden/x": "private, no-cache", "/Caller/x": "private, no-cache", "/Plain/x": "no-cache",
		"/body/x": "no-cache", "/user/x": "private, no-cache", "/write/x": "no-store", "/failing/x": "no-store",
	} {
		for range 2 { // computed, then with what was kept
			resp, _ := ask(t, "GET", url+path)
			if got := resp.Header.Get("Cache-Control"); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
	}
}
