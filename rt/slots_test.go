package rt_test

// Generic flows: a plan names the flow, and counts for instances that do not exist yet.

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"fluxo.dev/fluxo/rt"
)

func fluxoPlain_Echo[T any](ctx context.Context, zip string, x T) (string, error) {
	at, err := Locate(ctx, zip)
	if err != nil {
		return "", err
	}
	return at.City + fmt.Sprint(x), nil
}

// ---- emitted ----

var fluxoSlot_Echo rt.Slots

func Echo[T any](ctx context.Context, zip string, x T) (string, error) {
	p := fluxoSlot_Echo.Of(rt.ABI1, (*fluxoFrame_Echo[T])(nil), fluxoProgram_Echo[T]).Plan()
	if p == nil {
		return fluxoPlain_Echo(ctx, zip, x)
	}
	fr := p.Enter()
	f := fr.Vars.(*fluxoFrame_Echo[T])
	f.ctx, f.zip, f.x = ctx, zip, x
	p.Run(ctx, fr)
	out0, out1 := f.out0, f.out1
	p.Leave(fr)
	return out0, out1
}

type fluxoFrame_Echo[T any] struct {
	ctx  context.Context
	zip  string
	x    T
	at   Place
	err  error
	out0 string
	out1 error
}

const fluxoGraph_Echo = `flow example.com/weather.Echo
param ctx context context.Context
param zip data string key copy
param x data T
var at data Place key copy
var err error error
result out.0 data string
result out.1 error error
body {
	step Locate example.com/weather.Locate (ctx zip) -> (at err) err=err @echo.go:5 {volatile 24h} ` + "`at, err := Locate(ctx, zip)`" + `
	fail Locate.fail (err) -> (out.0 out.1) err=err exit=return @echo.go:6 ` + "`if err != nil { return \"\", err }`" + `
	result return (at x) -> (out.0 out.1) exit=return @echo.go:9 ` + "`return at.City + fmt.Sprint(x), nil`" + `
}
`

func init() { rt.RegisterGeneric(rt.ABI1, fluxoGraph_Echo) }

func fluxoProgram_Echo[T any]() rt.Program {
	return rt.Program{
		Graph:  fluxoGraph_Echo,
		Frames: []rt.FrameCode{rt.FrameOf[fluxoFrame_Echo[T]]()},
		Nodes: []rt.Code{
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit { // Locate
				f := fr.Vars.(*fluxoFrame_Echo[T])
				f.at, f.err = Locate(t.Context(f.ctx), f.zip)
				t.Failed(f.err)
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit { // Locate.fail
				f := fr.Vars.(*fluxoFrame_Echo[T])
				if f.err != nil {
					f.out0, f.out1 = "", f.err
					return rt.Return
				}
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit { // return
				f := fr.Vars.(*fluxoFrame_Echo[T])
				f.out0, f.out1 = f.at.City+fmt.Sprint(f.x), nil
				return rt.Return
			}},
		},
		Vars: []rt.Var{
			{Move: func(dst, src any) { dst.(*fluxoFrame_Echo[T]).ctx = src.(*fluxoFrame_Echo[T]).ctx }},
			{
				Move: func(dst, src any) { dst.(*fluxoFrame_Echo[T]).zip = src.(*fluxoFrame_Echo[T]).zip },
				Key: func(b []byte, v any) ([]byte, bool) {
					return rt.KeyString(b, v.(*fluxoFrame_Echo[T]).zip), true
				},
				Save: func(v any) (any, int, bool) { return v.(*fluxoFrame_Echo[T]).zip, 16, true },
				Load: func(v, saved any) { v.(*fluxoFrame_Echo[T]).zip = saved.(string) },
				Flat: true,
			},
			{Move: func(dst, src any) { dst.(*fluxoFrame_Echo[T]).x = src.(*fluxoFrame_Echo[T]).x }},
			{
				Move: func(dst, src any) { dst.(*fluxoFrame_Echo[T]).at = src.(*fluxoFrame_Echo[T]).at },
				Key: func(b []byte, v any) ([]byte, bool) {
					return rt.KeyString(b, v.(*fluxoFrame_Echo[T]).at.City), true
				},
				Save: func(v any) (any, int, bool) { return v.(*fluxoFrame_Echo[T]).at, 16, true },
				Load: func(v, saved any) { v.(*fluxoFrame_Echo[T]).at = saved.(Place) },
				Flat: true,
			},
			{
				Move: func(dst, src any) { dst.(*fluxoFrame_Echo[T]).err = src.(*fluxoFrame_Echo[T]).err },
				Save: func(v any) (any, int, bool) { return rt.SaveError(v.(*fluxoFrame_Echo[T]).err) },
				Load: func(v, saved any) { v.(*fluxoFrame_Echo[T]).err = rt.LoadError(saved) },
			},
			{Move: func(dst, src any) { dst.(*fluxoFrame_Echo[T]).out0 = src.(*fluxoFrame_Echo[T]).out0 }},
			{Move: func(dst, src any) { dst.(*fluxoFrame_Echo[T]).out1 = src.(*fluxoFrame_Echo[T]).out1 }},
		},
	}
}

// ---- end ----

// echoed calls an instance twice and returns how often Locate was called.
func echoed[T any](t *testing.T, x T) int64 {
	t.Helper()
	const zip = "73301"
	before := locates.Load()
	for range 2 {
		want, _ := fluxoPlain_Echo(context.Background(), zip, x)
		if got, err := Echo(context.Background(), zip, x); got != want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	return locates.Load() - before - 2 // those of the plain calls
}

func TestPlanOfAGenericFlow(t *testing.T) {
	type (
		before struct{ N int }
		late   struct{ N int }
		later  struct{ N int }
	)
	if n := echoed(t, before{1}); n != 2 {
		t.Fatalf("as written: Locate was called %d times", n)
	}
	a := under(t, "fluxo 1\nflow example.com/weather.Echo (\n\tstore Locate\n)\n")
	if strings.Join(a.Planned, " ") != "example.com/weather.Echo" {
		t.Errorf("planned: %v", a.Planned)
	}
	if n := echoed(t, before{1}); n != 1 {
		t.Errorf("an instance known before the plan: Locate was called %d times", n)
	}
	if n := echoed(t, late{1}); n != 1 {
		t.Errorf("an instance first called under the plan: Locate was called %d times", n)
	}
	if _, err := rt.Switch("example.com/weather.Echo store Locate", false); err != nil {
		t.Fatal(err)
	}
	if n := echoed(t, late{1}); n != 2 {
		t.Errorf("switched off: Locate was called %d times", n)
	}
	if n := echoed(t, later{1}); n != 2 {
		t.Errorf("an instance first called with the decision off: Locate was called %d times", n)
	}
}

func TestPlanNamesTheGenericFlow(t *testing.T) {
	_, err := rt.Apply("fluxo.plan", []byte("fluxo 1\nflow example.com/weather.Echo[int] (\n\tstore Locate\n)\n"), rt.Strict)
	if err == nil || !strings.Contains(err.Error(), "write example.com/weather.Echo,") {
		t.Errorf("%v", err)
	}
}
