package serve

// What the tests of this package share: flows as emit would write them, on a real
// server, under a clock that the test moves.

import (
	"context"
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
type clock struct {
	passed atomic.Int64
	mu     sync.Mutex
	alarms []alarm
}

type alarm struct {
	at time.Duration
	f  func()
}

func (c *clock) At(d time.Duration, f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.alarms = append(c.alarms, alarm{d, f})
}

// pass lets time pass, and what is due then happen.
func (c *clock) pass(d time.Duration) {
	c.passed.Add(int64(d))
	c.mu.Lock()
	due, later := []alarm(nil), []alarm(nil)
	for _, a := range c.alarms {
		if a.at <= c.Elapsed() {
			due = append(due, a)
		} else {
			later = append(later, a)
		}
	}
	c.alarms = later
	c.mu.Unlock()
	for _, a := range due {
		a.f()
	}
}

func (c *clock) Now() time.Time                     { return time.Unix(0, c.passed.Load()) }
func (c *clock) Machine() time.Time                 { return time.Now() }
func (c *clock) Elapsed() time.Duration             { return time.Duration(c.passed.Load()) }
func (c *clock) Go(f func())                        { go f() }
func (c *clock) Random() uint64                     { return rand.Uint64() }
func (c *clock) NewGate() engine.Gate               { return &gate{open: make(chan struct{})} }
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
	plan   string // a decision; "" for the empty plan
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
		Frames: []rt.FrameCode{rt.FrameOf[frame]()},
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
	return Route{Flow: "example.com/test." + h.name, Method: "GET", Pattern: "/" + h.name + "/{arg}", Read: true, Cache: Public,
		Call: func(r *Request) (any, error) {
			arg := Path[string](r, "arg")
			if err := r.Err(); err != nil {
				return nil, err
			}
			return h.call(r.Context(), arg), nil
		}}
}

// serving serves flows, and more routes to them, each under its plan.
func serving(t *testing.T, limits host.Limits, flows []*handwritten, more ...Route) (url string, c *clock) {
	t.Helper()
	text, all := "fluxo 1\n", []Route(nil)
	for _, h := range flows {
		text += planOf("example.com/test."+h.name, h.plan)
		all = append(all, h.route())
	}
	return servingUnder(t, limits, text, append(all, more...))
}

// planOf is the part of a plan about one flow.
func planOf(flow, lines string) string {
	if lines == "" {
		return ""
	}
	return "flow " + flow + " (\n\t" + lines + "\n)\n"
}

// servingUnder serves routes under a plan.
func servingUnder(t *testing.T, limits host.Limits, text string, all []Route) (url string, c *clock) {
	t.Helper()
	c = new(clock)
	before := engine.Current()
	engine.SetCurrent(engine.New(engine.Options{World: c, KindOf: func(err error) string { return string(fluxo.KindOf(err)) }}))
	if _, err := rt.Apply("fluxo.plan", []byte(text), rt.Strict); err != nil {
		t.Fatal(err)
	}
	routes = nil
	for _, r := range all {
		Register(r)
	}
	service, err := host.New(routes, limits, host.NewLog(io.Discard))
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

// ask returns the answer to a request, and its body.
func ask(t *testing.T, method, url string, header ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}
