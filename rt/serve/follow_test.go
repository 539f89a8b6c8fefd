package serve

// How long answers may be kept, seen by a client of a real server under a clock
// that the test moves.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/host"
	"fluxo.dev/fluxo/rt"
)

// clock is a world whose time stands still until the test moves it.
type clock struct{ passed atomic.Int64 }

func (c *clock) Now() time.Time                     { return time.Unix(0, c.passed.Load()) }
func (c *clock) Go(f func())                        { go f() }
func (c *clock) Random() uint64                     { return rand.Uint64() }
func (c *clock) NewGate() engine.Gate               { return &gate{open: make(chan struct{})} }
func (c *clock) pass(d time.Duration)               { c.passed.Add(int64(d)) }
func (c *clock) After(time.Duration, func()) func() { return func() {} }

type gate struct {
	once sync.Once
	open chan struct{}
}

func (g *gate) Open() { g.once.Do(func() { close(g.open) }) }
func (g *gate) Wait(done <-chan struct{}) bool {
	select {
	case <-g.open:
		return true
	case <-done:
		return false
	}
}

// frame is that of every flow of this test: two steps, of which the second
// alone may differ, and a failure that the flow makes the best of.
type frame struct {
	ctx        context.Context
	arg        string
	a, b, out0 string
	err        error
}

// handwritten is a flow as emit would write it.
type handwritten struct {
	name   string
	second string // effects of the second step
	param  string // the kind of its parameter
	step   func(ctx context.Context, arg string) (string, error)
	slot   rt.Slot
}

func (h *handwritten) program() rt.Program {
	text := func(get func(*frame) *string) rt.Var {
		return rt.Var{
			Move: func(d, s any) { *get(d.(*frame)) = *get(s.(*frame)) },
			Key:  func(b []byte, v any) ([]byte, bool) { return append(append(b, *get(v.(*frame))...), 0), true },
			Save: func(v any) (any, int, bool) { return *get(v.(*frame)), 16, true },
			Load: func(v, saved any) { *get(v.(*frame)) = saved.(string) },
			Flat: true,
		}
	}
	return rt.Program{
		Graph: `flow example.com/test.` + h.name + `
param ctx context context.Context
param arg ` + h.param + ` string key copy
var a data string key copy
var b data string key copy
var err error error
result out.0 data string key copy
body {
	step First example.com/test.First (ctx arg) -> (a) {volatile 1h} ` + "`a`" + `
	step Second example.com/test.Second (ctx arg) -> (b err) err=err {` + h.second + `} ` + "`b`" + `
	result return (a b) -> (out.0) exit=return ` + "`return a + b`" + `
}
`,
		Frames: []func() any{func() any { return new(frame) }},
		Vars: []rt.Var{
			{Move: func(d, s any) { d.(*frame).ctx = s.(*frame).ctx }},
			text(func(f *frame) *string { return &f.arg }),
			text(func(f *frame) *string { return &f.a }),
			text(func(f *frame) *string { return &f.b }),
			{Move: func(d, s any) { d.(*frame).err = s.(*frame).err }},
			text(func(f *frame) *string { return &f.out0 }),
		},
		Nodes: []rt.Code{
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit {
				f := fr.Vars.(*frame)
				f.a = "first of " + f.arg
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit {
				f := fr.Vars.(*frame)
				f.b, f.err = h.step(t.Context(f.ctx), f.arg)
				t.Failed(f.err)
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit {
				f := fr.Vars.(*frame)
				f.out0 = f.a + ", " + f.b
				return rt.Return
			}},
		},
	}
}

// call is the dispatcher.
func (h *handwritten) call(ctx context.Context, arg string) string {
	p := h.slot.Plan()
	if p == nil {
		b, _ := h.step(ctx, arg)
		return "first of " + arg + ", " + b
	}
	fr := p.Enter()
	f := fr.Vars.(*frame)
	f.ctx, f.arg = ctx, arg
	p.Run(ctx, fr)
	out := f.out0
	p.Leave(fr)
	return out
}

func (h *handwritten) route() Route {
	return Route{Flow: "example.com/test." + h.name, Method: "GET", Pattern: "/" + h.name + "/{arg}", Read: true,
		Call: func(r *Request) (any, error) {
			arg := Path[string](r, "arg")
			if err := r.Err(); err != nil {
				return nil, err
			}
			return h.call(r.Context(), arg), nil
		}}
}

type secretKey struct{}

var errDown = errors.New("down")

func fine(ctx context.Context, arg string) (string, error) { return "second", nil }

var (
	weather = handwritten{name: "Weather", second: "volatile 10m", param: "data", step: fine}
	logged  = handwritten{name: "Logged", second: "observes", param: "data", step: fine}
	data    = handwritten{name: "Data", second: "reads posts:{arg} within=1m", param: "data", step: fine}
	opaque  = handwritten{name: "Opaque", second: "opaque", param: "data", step: fine}
	never   = handwritten{name: "Never", second: "volatile 0", param: "data", step: fine}
	client  = handwritten{name: "Client", second: "volatile 10m", param: "identity", step: fine}
	broken  = handwritten{name: "Broken", second: "volatile 10m", param: "data", step: func(context.Context, string) (string, error) {
		return "", errDown
	}}
	hidden = handwritten{name: "Hidden", second: "volatile 10m", param: "data", step: func(ctx context.Context, _ string) (string, error) {
		return fmt.Sprint(ctx.Value(secretKey{})), nil
	}}
	caller = handwritten{name: "Caller", second: "volatile 10m", param: "data", step: func(ctx context.Context, _ string) (string, error) {
		user, _ := fluxo.SignedIn(ctx)
		return user.ID, nil
	}}
	plain = handwritten{name: "Plain", second: "volatile 10m", param: "data", step: fine}
	every = []*handwritten{&weather, &logged, &data, &opaque, &never, &client, &broken, &hidden, &caller, &plain}
)

func init() {
	fluxo.Authenticate(func(context.Context, map[string][]string) (fluxo.User, error) { return fluxo.User{ID: "ann"}, nil })
	for _, h := range every {
		rt.Register(rt.ABI1, &h.slot, h.program())
	}
}

// serving serves routes under a plan that stores First of every flow but Plain.
func serving(t *testing.T, more ...Route) (url string, c *clock) {
	t.Helper()
	c = new(clock)
	before := engine.Current()
	engine.SetCurrent(engine.New(engine.Options{World: c}))
	text := "fluxo 1\n"
	for _, h := range every[:len(every)-1] {
		decision := "store First"
		if h == &weather {
			decision = "store First..Second"
		}
		text += "flow example.com/test." + h.name + " (\n\t" + decision + "\n)\n"
	}
	if _, err := rt.Apply("fluxo.plan", []byte(text), rt.Strict); err != nil {
		t.Fatal(err)
	}
	routes = nil
	for _, h := range every {
		Register(h.route())
	}
	for _, r := range more {
		Register(r)
	}
	service, err := host.New(routes, host.DefaultLimits(), host.NewLog(io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- host.Run(ctx, ln, service) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		rt.Apply("", []byte("fluxo 1\n"), rt.Strict)
		engine.SetCurrent(before)
	})
	return "http://" + ln.Addr().String(), c
}

// ask returns the answer to a request.
func ask(t *testing.T, method, url string) *http.Response {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); err != nil {
		t.Fatal(err)
	}
	return resp
}

func TestRemainingLifeShrinks(t *testing.T) {
	url, c := serving(t)
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
		resp := ask(t, step.method, url+"/Weather/10001")
		if got := resp.Header.Get("Cache-Control"); got != step.want || resp.Header.Get("Etag") == "" {
			t.Errorf("%v later: %s %v, want %s", step.pass, step.method, resp.Header, step.want)
		}
	}
}

func TestShortestLifeCounts(t *testing.T) {
	url, c := serving(t)
	ask(t, "GET", url+"/Logged/x")
	c.pass(20 * time.Minute)
	if got := ask(t, "GET", url+"/Logged/x").Header.Get("Cache-Control"); got != "public, max-age=2400" {
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
	write.Pattern, write.Read = "/write/{arg}", false
	failing := weather.route()
	failing.Pattern = "/failing/{arg}"
	failing.Call = func(r *Request) (any, error) { weather.call(r.Context(), "x"); return nil, fluxo.NotFound }
	url, _ := serving(t, withUser, body, write, failing)
	for path, want := range map[string]string{
		"/Data/x": "no-cache", "/Opaque/x": "no-cache", "/Never/x": "no-cache", "/Client/x": "no-cache",
		"/Broken/x": "no-cache", "/Hidden/x": "no-cache", "/Caller/x": "no-cache", "/Plain/x": "no-cache",
		"/body/x": "no-cache", "/user/x": "private, no-cache", "/write/x": "no-store", "/failing/x": "no-store",
	} {
		for range 2 { // computed, then with what was kept
			if got := ask(t, "GET", url+path).Header.Get("Cache-Control"); got != want {
				t.Errorf("%s: %s, want %s", path, got, want)
			}
		}
	}
}
