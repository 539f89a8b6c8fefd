package rt_test

// Emitted code, written by hand: the form that emit produces for the flow of
// the weather example. What stands between the two lines is what would be in
// the extra file of the package.

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"fluxo.dev/fluxo/rt"
)

type Place struct{ City string }

type Report struct {
	Place  Place
	Sky    string
	Alerts []string
}

var (
	locates, unknown, observes atomic.Int64 // calls; unknown: of Locate, with no ZIP code
	errNoPlace                 = errors.New("no such place")

	upstream atomic.Pointer[func(ctx context.Context, step, arg string) error] // what a step waits for, in some tests

	keying atomic.Pointer[func()] // what computing the key of a ZIP code does beside

	retained atomic.Pointer[[]string] // what Alerts returned last: it should not keep it, and does
)

func Locate(ctx context.Context, zip string) (Place, error) {
	locates.Add(1)
	if zip == "" {
		unknown.Add(1)
		return Place{}, errNoPlace
	}
	return Place{"city of " + zip}, ask(ctx, "Locate", zip)
}

func fluxoPlain_Observe(ctx context.Context, at Place) (string, error) {
	observes.Add(1)
	return "sky over " + at.City, ask(ctx, "Observe", at.City)
}

func Alerts(ctx context.Context, at Place) ([]string, error) {
	list := []string{"alert in " + at.City}
	retained.Store(&list)
	return list, ask(ctx, "Alerts", at.City)
}

func ask(ctx context.Context, step, arg string) error {
	if f := upstream.Load(); f != nil {
		return (*f)(ctx, step, arg)
	}
	return nil
}

func fluxoPlain_Weather(ctx context.Context, zip string) (Report, error) {
	at, err := Locate(ctx, zip)
	if err != nil {
		return Report{}, err
	}
	now, err := Observe(ctx, at)
	if err != nil {
		return Report{}, err
	}
	alerts, err := Alerts(ctx, at)
	if err != nil {
		return Report{}, err
	}
	return Report{Place: at, Sky: now, Alerts: alerts}, nil
}

// ---- emitted ----

var fluxoSlot_Weather rt.Slot

func Weather(ctx context.Context, zip string) (Report, error) {
	p := fluxoSlot_Weather.Plan()
	if p == nil {
		return fluxoPlain_Weather(ctx, zip)
	}
	fr := p.Enter()
	f := fr.Vars.(*fluxoFrame_Weather)
	f.ctx, f.zip = ctx, zip
	p.Run(ctx, fr)
	out0, out1 := f.out0, f.out1
	p.Leave(fr)
	return out0, out1
}

var fluxoStep_Observe rt.Acts

func Observe(ctx context.Context, at Place) (out0 string, out1 error) {
	if err := fluxoStep_Observe.Do(ctx, nil, func(ctx context.Context) error {
		out0, out1 = fluxoPlain_Observe(ctx, at)
		return out1
	}); err != nil {
		out1 = err
	}
	return
}

type fluxoFrame_Weather struct {
	ctx    context.Context
	zip    string
	at     Place
	err    error
	now    string
	alerts []string
	out0   Report
	out1   error
}

func init() {
	fluxoStep_Observe.Step, fluxoStep_Observe.At = "example.com/weather.Observe", "weather.go:20"
	fluxoStep_Observe.Limit = 100

	rt.Register(rt.ABI1, &fluxoSlot_Weather, rt.Program{
		Graph: `flow example.com/weather.Weather
param ctx context context.Context
param zip data string key copy
var at data Place key copy
var err error error
var now data string key copy
var alerts data []string key copy
result out.0 data Report key copy
result out.1 error error
body {
	step Locate example.com/weather.Locate (ctx zip) -> (at err) err=err @weather.go:31 {volatile 24h} ` + "`at, err := Locate(ctx, zip)`" + `
	fail Locate.fail (err) -> (out.0 out.1) err=err exit=return @weather.go:32 ` + "`if err != nil { return Report{}, err }`" + `
	step Observe example.com/weather.Observe (ctx at) -> (now err) err=err @weather.go:35 {volatile 10m} ` + "`now, err := Observe(ctx, at)`" + `
	fail Observe.fail (err) -> (out.0 out.1) err=err exit=return @weather.go:36 ` + "`if err != nil { return Report{}, err }`" + `
	step Alerts example.com/weather.Alerts (ctx at) -> (alerts err) err=err @weather.go:39 {volatile 2m} ` + "`alerts, err := Alerts(ctx, at)`" + `
	fail Alerts.fail (err) -> (out.0 out.1) err=err exit=return @weather.go:40 ` + "`if err != nil { return Report{}, err }`" + `
	result return (at now alerts) -> (out.0 out.1) exit=return @weather.go:43 ` + "`return Report{Place: at, Now: now, Alerts: alerts}, nil`" + `
}
`,
		Frames: []rt.FrameCode{rt.FrameOf[fluxoFrame_Weather]()},
		Nodes: []rt.Code{
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit { // Locate
				f := fr.Vars.(*fluxoFrame_Weather)
				f.at, f.err = Locate(t.Context(f.ctx), f.zip)
				t.Failed(f.err)
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit { // Locate.fail
				f := fr.Vars.(*fluxoFrame_Weather)
				if f.err != nil {
					f.out0, f.out1 = Report{}, f.err
					return rt.Return
				}
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit { // Observe
				f := fr.Vars.(*fluxoFrame_Weather)
				f.now, f.err = Observe(t.Context(f.ctx), f.at)
				t.Failed(f.err)
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit { // Observe.fail
				f := fr.Vars.(*fluxoFrame_Weather)
				if f.err != nil {
					f.out0, f.out1 = Report{}, f.err
					return rt.Return
				}
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit { // Alerts
				f := fr.Vars.(*fluxoFrame_Weather)
				f.alerts, f.err = Alerts(t.Context(f.ctx), f.at)
				t.Failed(f.err)
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit { // Alerts.fail
				f := fr.Vars.(*fluxoFrame_Weather)
				if f.err != nil {
					f.out0, f.out1 = Report{}, f.err
					return rt.Return
				}
				return rt.Next
			}},
			{Run: func(t *rt.Thread, fr *rt.Frame) rt.Exit { // return
				f := fr.Vars.(*fluxoFrame_Weather)
				f.out0, f.out1 = Report{Place: f.at, Sky: f.now, Alerts: f.alerts}, nil
				return rt.Return
			}},
		},
		Vars: []rt.Var{
			{ // ctx
				Move: func(dst, src any) { dst.(*fluxoFrame_Weather).ctx = src.(*fluxoFrame_Weather).ctx },
				Save: func(v any) (any, int, bool) { return v.(*fluxoFrame_Weather).ctx, 0, true },
				Load: func(v, saved any) { v.(*fluxoFrame_Weather).ctx, _ = saved.(context.Context) },
			},
			{ // zip
				Move: func(dst, src any) { dst.(*fluxoFrame_Weather).zip = src.(*fluxoFrame_Weather).zip },
				Key: func(b []byte, v any) ([]byte, bool) {
					if f := keying.Load(); f != nil {
						(*f)()
					}
					return rt.KeyString(b, v.(*fluxoFrame_Weather).zip), true
				},
				Save: func(v any) (any, int, bool) {
					x := v.(*fluxoFrame_Weather).zip
					return x, 16 + len(x), true
				},
				Load: func(v, saved any) { v.(*fluxoFrame_Weather).zip = saved.(string) },
				Flat: true,
			},
			{ // at
				Move: func(dst, src any) { dst.(*fluxoFrame_Weather).at = src.(*fluxoFrame_Weather).at },
				Key: func(b []byte, v any) ([]byte, bool) {
					return rt.KeyString(b, v.(*fluxoFrame_Weather).at.City), true
				},
				Save: func(v any) (any, int, bool) {
					x := v.(*fluxoFrame_Weather).at
					return x, 16 + len(x.City), true
				},
				Load: func(v, saved any) { v.(*fluxoFrame_Weather).at = saved.(Place) },
				Flat: true,
			},
			{ // err
				Move: func(dst, src any) { dst.(*fluxoFrame_Weather).err = src.(*fluxoFrame_Weather).err },
				Key: func(b []byte, v any) ([]byte, bool) {
					return rt.KeyError(b, v.(*fluxoFrame_Weather).err)
				},
				Save: func(v any) (any, int, bool) { return rt.SaveError(v.(*fluxoFrame_Weather).err) },
				Load: func(v, saved any) { v.(*fluxoFrame_Weather).err = rt.LoadError(saved) },
			},
			{ // now
				Move: func(dst, src any) { dst.(*fluxoFrame_Weather).now = src.(*fluxoFrame_Weather).now },
				Key: func(b []byte, v any) ([]byte, bool) {
					return rt.KeyString(b, v.(*fluxoFrame_Weather).now), true
				},
				Save: func(v any) (any, int, bool) {
					x := v.(*fluxoFrame_Weather).now
					return x, 16 + len(x), true
				},
				Load: func(v, saved any) { v.(*fluxoFrame_Weather).now = saved.(string) },
				Flat: true,
			},
			{ // alerts
				Move: func(dst, src any) { dst.(*fluxoFrame_Weather).alerts = src.(*fluxoFrame_Weather).alerts },
				Save: func(v any) (any, int, bool) {
					x := append([]string(nil), v.(*fluxoFrame_Weather).alerts...)
					return x, 16*len(x) + len(fmt.Sprint(x)), true
				},
				Load: func(v, saved any) {
					v.(*fluxoFrame_Weather).alerts = append([]string(nil), saved.([]string)...)
				},
			},
			{ // out.0
				Move: func(dst, src any) { dst.(*fluxoFrame_Weather).out0 = src.(*fluxoFrame_Weather).out0 },
				Save: func(v any) (any, int, bool) {
					x := v.(*fluxoFrame_Weather).out0
					x.Alerts = append([]string(nil), x.Alerts...)
					return x, 64, true
				},
				Load: func(v, saved any) {
					x := saved.(Report)
					x.Alerts = append([]string(nil), x.Alerts...)
					v.(*fluxoFrame_Weather).out0 = x
				},
			},
			{ // out.1
				Move: func(dst, src any) { dst.(*fluxoFrame_Weather).out1 = src.(*fluxoFrame_Weather).out1 },
				Save: func(v any) (any, int, bool) { return rt.SaveError(v.(*fluxoFrame_Weather).out1) },
				Load: func(v, saved any) { v.(*fluxoFrame_Weather).out1 = rt.LoadError(saved) },
			},
		},
	})
}

// ---- end ----
