package serve

// Steps at their worst, under plans, on a real server.

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/host"
	"fluxo.dev/fluxo/rt"
)

var (
	calls   atomic.Int64
	release chan struct{}
)

var worst = []*handwritten{
	{name: "Flaky", plan: "store First..Second", second: "volatile 10m", param: "data", step: func(context.Context, string) (string, error) {
		n := calls.Add(1)
		if n%2 == 1 {
			return "", errDown
		}
		return fmt.Sprint("call ", n), nil
	}},
	{name: "Panics", plan: "parallel First Second", second: "volatile 10m", param: "data", step: panics},
	{name: "PanicsInFlight", plan: "coalesce First..Second", second: "volatile 10m", param: "data", step: panics},
	{name: "PanicsInFill", plan: "store First..Second", second: "volatile 10m", param: "data", step: panics},
	{name: "Exits", plan: "parallel First Second", second: "volatile 10m", param: "data", step: exits},
	{name: "ExitsInFlight", plan: "coalesce First..Second", second: "volatile 10m", param: "data", step: exits},
	{name: "Deaf", plan: "coalesce First..Second", second: "volatile 10m", param: "data", step: func(context.Context, string) (string, error) {
		<-release
		return "at last", nil
	}},
}

func panics(context.Context, string) (string, error) { panic("the step's own") }

func exits(context.Context, string) (string, error) {
	runtime.Goexit()
	return "", nil
}

func init() {
	for _, h := range worst {
		rt.Register(rt.ABI1, &h.slot, h.program())
	}
}

// Panics and Goexit cost their own request an answer, never the process, whatever
// goroutine the plan has them on; and nothing of them is kept.
func TestStepThatPanicsOrExits(t *testing.T) {
	url, _ := serving(t, host.DefaultLimits(), worst)
	for _, name := range []string{"Panics", "PanicsInFlight", "PanicsInFill", "Exits", "ExitsInFlight"} {
		for range 3 {
			if resp, body := ask(t, "GET", url+"/"+name+"/x"); resp.StatusCode != 500 || !strings.Contains(body, `"kind":"Internal"`) || strings.Contains(body, "own") {
				t.Errorf("%s: %d %s", name, resp.StatusCode, body)
			}
		}
	}
}

// A step fails every other time and the flow makes the best of it: what came of a
// failure is answered and not kept.
func TestStepThatFailsHalfTheTime(t *testing.T) {
	calls.Store(0)
	url, c := serving(t, host.DefaultLimits(), worst)
	for _, want := range []string{"", "call 2", "call 2", "call 2"} {
		if _, body := ask(t, "GET", url+"/Flaky/x"); body != `"first of x, `+want+`"`+"\n" {
			t.Errorf("answered %q, want %q", body, want)
		}
	}
	c.pass(10 * time.Minute)
	for _, want := range []string{"", "call 4"} {
		if _, body := ask(t, "GET", url+"/Flaky/x"); body != `"first of x, `+want+`"`+"\n" {
			t.Errorf("ten minutes later: answered %q, want %q", body, want)
		}
	}
}

// A step never returns: every caller, of one flight too, has its 504 at the deadline.
func TestStepThatNeverReturns(t *testing.T) {
	release = make(chan struct{})
	limits := host.DefaultLimits()
	limits.Flow = 50 * time.Millisecond
	url, _ := serving(t, limits, worst)
	var callers sync.WaitGroup
	for range 5 {
		callers.Go(func() {
			if resp, body := ask(t, "GET", url+"/Deaf/x"); resp.StatusCode != 504 || !strings.Contains(body, `"kind":"Timeout"`) {
				t.Errorf("%d %s", resp.StatusCode, body)
			}
		})
	}
	callers.Wait()
	close(release)
}
