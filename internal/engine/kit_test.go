package engine_test

// Flows for tests: a graph's text and a function for each step, run in a
// simulated world.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/simworld"
)

// A stepFunc is a step of a test: its result is the node's first variable.
type stepFunc func(ctx context.Context, arg string) (string, error)

// A kit is a world with an engine and some steps, for one test and seed.
type kit struct {
	*simworld.World
	t      *testing.T
	engine *engine.Engine
	steps  map[string]stepFunc
	log    bytes.Buffer
	calls  map[string]int // of steps, by callee
	plans  map[string]*engine.Plan
	edits  map[string]func(h *holder) // done by a node beside its step
}

var (
	errDown   = errors.New("down")
	errAbsent = errors.New("absent")
)

// seeds runs a test under several interleavings.
func seeds(t *testing.T, steps map[string]stepFunc, test func(k *kit)) {
	t.Helper()
	seedsEarly(t, 0, steps, test)
}

func seedsEarly(t *testing.T, early int64, steps map[string]stepFunc, test func(k *kit)) {
	t.Helper()
	for seed := range uint64(25) {
		world(t, seed, early, steps, test)
	}
}

// oneSeed runs a test under one interleaving.
func oneSeed(t *testing.T, seed uint64, steps map[string]stepFunc, test func(k *kit)) {
	t.Helper()
	world(t, seed, 0, steps, test)
}

func world(t *testing.T, seed uint64, early int64, steps map[string]stepFunc, test func(k *kit)) {
	t.Helper()
	k := &kit{t: t, steps: steps, calls: map[string]int{}, plans: map[string]*engine.Plan{}}
	err := simworld.Run(seed, func(w *simworld.World) {
		k.World = w
		k.engine = engine.New(engine.Options{
			World: w, Early: early, Log: slog.New(slog.NewTextHandler(&k.log, nil)),
			KindOf: func(err error) string {
				if errors.Is(err, errAbsent) {
					return "NotFound"
				}
				return ""
			},
		})
		test(k)
	})
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
	}
	if t.Failed() {
		t.Fatalf("seed %d\n%s", seed, k.log.String())
	}
}

// nap waits in virtual time, and returns ctx's error if that ends first.
func (k *kit) nap(ctx context.Context, d time.Duration) error {
	if !k.Sleep(ctx.Done(), d) {
		return ctx.Err()
	}
	return nil
}

// since is the virtual time gone.
func (k *kit) since() time.Duration { return k.Now().Sub(simworld.Epoch) }

// head declares the variables of every flow of a test.
const head = `param ctx context context.Context
param arg data string key copy
param w handle *strings.Builder
var a data string key copy
var b data string key copy
var c data string key copy
var xs data []string key copy alias=xs
var err error error
result out.0 data string key copy
result out.1 error error
body {
`

// plan compiles a flow whose body, with the plan in it, is given line by line.
// Each line is a node; the graph of the source is the same without the plan.
func (k *kit) plan(name, body string) *engine.Plan {
	k.t.Helper()
	var loops strings.Builder
	for _, line := range strings.Split(body, "\n") {
		if f := strings.Fields(line); len(f) > 1 && (f[0] == "each" || f[0] == "fold") {
			fmt.Fprintf(&loops, "var x data string key copy scope=%s\nvar y data string key copy scope=%s\n", f[1], f[1])
		}
	}
	decl := strings.Replace(head, "var err", loops.String()+"var err", 1)
	planned, err := graph.Parse("flow example.com/test." + name + "\n" + decl + body + "\n}\n")
	if err != nil {
		k.t.Fatalf("%v\n%s", err, body)
	}
	src, err := engine.NewSource(k.program(graph.Erase(planned)))
	if err != nil {
		k.t.Fatal(err)
	}
	p, err := k.engine.Compile(src, planned, func(n graph.FlowName) bool { return k.plans[string(n)] != nil })
	if err != nil {
		k.t.Fatal(err)
	}
	k.plans["example.com/test."+name] = p
	return p
}

// source returns a flow without handles whose body, with the plan in it, is given line by line, and the planned graph.
func (k *kit) source(name, body string) (src *engine.Source, planned *graph.Graph) {
	k.t.Helper()
	decl := strings.Replace(head, "param w handle *strings.Builder\n", "", 1)
	decl = strings.Replace(decl, "var err", "var d data string key copy\nvar err", 1)
	planned, err := graph.Parse("flow example.com/test." + name + "\n" + decl + body + "\n}\n")
	if err != nil {
		k.t.Fatal(err)
	}
	if src, err = engine.NewSource(k.program(graph.Erase(planned))); err != nil {
		k.t.Fatal(err)
	}
	return src, planned
}

func (k *kit) program(g *graph.Graph) engine.Program {
	p := engine.Program{Graph: g.String(), Frames: []engine.FrameCode{engine.FrameOf[holder]()}}
	for _, v := range g.Vars {
		p.Vars = append(p.Vars, variableCode(g, v))
	}
	for at := range g.Places() {
		n := at.Node
		if n.Kind.IsLoop() {
			p.Frames = append(p.Frames, p.Frames[0])
		}
		p.Nodes = append(p.Nodes, k.code(g, n))
	}
	return p
}

// owner returns the Vars that hold a variable, seen from f.
func owner(g *graph.Graph, f *engine.Frame, id graph.VarID) *holder {
	if v := g.Var(id); v.Scope == "" {
		for f.Up != nil {
			f = f.Up
		}
	}
	return f.Vars.(*holder)
}

func (k *kit) code(g *graph.Graph, n *graph.Node) engine.Code {
	get := func(f *engine.Frame, id graph.VarID) any { return owner(g, f, id).get(id) }
	set := func(f *engine.Frame, id graph.VarID, v any) { owner(g, f, id).set(id, v) }
	switch n.Kind {
	case graph.Step, graph.Call, graph.Fresh:
		return engine.Code{
			Run: func(t *engine.Thread, f *engine.Frame) engine.Exit {
				ctx, _ := get(f, "ctx").(context.Context)
				arg := ""
				if len(n.In) > 1 {
					arg, _ = get(f, n.In[1]).(string)
				}
				k.calls[n.Callee]++
				out, err := k.call(n.Callee, t.Context(ctx), arg)
				set(f, n.Out[0], out)
				if n.Err != "" {
					set(f, n.Err, err)
				}
				if edit := k.edits[string(n.ID)]; edit != nil {
					edit(owner(g, f, "xs"))
				}
				t.Failed(err)
				return engine.Next
			},
			Data:   keysOf(n, graph.Reads, get),
			Writes: keysOf(n, graph.Writes, get),
		}
	case graph.Fail:
		return k.failCode(g, n)
	case graph.Glue: // joins what it reads; break if that is "stop"; an error of its own if it sets err
		return engine.Code{Run: func(t *engine.Thread, f *engine.Frame) engine.Exit {
			var parts []string
			for _, id := range n.In {
				s, _ := get(f, id).(string)
				parts = append(parts, s)
			}
			if n.Exits != 0 {
				if slices.Contains(parts, "stop") {
					return engine.BreakOut(0)
				}
				return engine.Next
			}
			if n.Out[0] == "err" {
				set(f, "err", errors.New("no "+strings.Join(parts, "")))
				return engine.Next
			}
			set(f, n.Out[0], strings.Join(parts, ""))
			return engine.Next
		}}
	case graph.Defer:
		return engine.Code{Run: func(t *engine.Thread, f *engine.Frame) engine.Exit {
			t.Defer(func() { k.calls["deferred "+string(n.ID)]++ })
			return engine.Next
		}}
	case graph.ResultNode:
		return engine.Code{Run: func(t *engine.Thread, f *engine.Frame) engine.Exit {
			var parts []string
			for _, id := range n.In {
				s, _ := get(f, id).(string)
				parts = append(parts, s)
			}
			set(f, "out.0", strings.Join(parts, " "))
			return engine.Return
		}}
	case graph.Each, graph.Fold:
		return engine.Code{
			Begin: func(t *engine.Thread, f *engine.Frame) any {
				list := strings.Fields(get(f, "arg").(string))
				return &list
			},
			More: func(t *engine.Thread, cursor any, it, prev *engine.Frame) bool {
				list := cursor.(*[]string)
				if len(*list) == 0 {
					return false
				}
				it.Vars.(*holder).set("x", (*list)[0])
				*list = (*list)[1:]
				return true
			},
		}
	}
	panic("no code for " + n.Kind.String())
}

// keysOf returns code for the named data that a node reads, or writes; nil if there is none.
func keysOf(n *graph.Node, class graph.Class, get func(*engine.Frame, graph.VarID) any) func(*engine.Frame, []engine.DataKey) []engine.DataKey {
	var data []graph.DataKey
	for _, e := range n.Effects {
		if e.Class == class {
			data = append(data, e.Data...)
		}
	}
	if data == nil {
		return nil
	}
	return func(f *engine.Frame, keys []engine.DataKey) []engine.DataKey {
		for _, d := range data {
			keys = append(keys, keyOf(d, func(id string) string {
				s, _ := get(f, graph.VarID(id)).(string)
				return s
			}))
		}
		return keys
	}
}

// hidden is the content of variables from which no part can be told.
const hidden = "?"

// keyOf evaluates a data key.
func keyOf(d graph.DataKey, get func(id string) string) engine.DataKey {
	key := engine.DataKey{Name: d.Name}
	for _, part := range d.Parts {
		s, literal := strings.CutPrefix(part, "=")
		if !literal {
			s = get(part)
		}
		if s == hidden {
			key.Parts = append(key.Parts, nil)
		} else {
			key.Parts = append(key.Parts, []byte(s))
		}
	}
	return key
}

// call calls a step, or another flow of the test.
func (k *kit) call(callee string, ctx context.Context, arg string) (string, error) {
	if p := k.plans[callee]; p != nil {
		return k.run(p, ctx, arg)
	}
	step := k.steps[strings.TrimPrefix(callee, "s.")]
	if step == nil {
		panic("no step " + callee)
	}
	return step(context.WithValue(ctx, engineKit{}, k), arg)
}

// engineKit is how a step gets at its kit. The key is not asked for by foreign code.
type engineKit struct{}

func kitOf(ctx context.Context) *kit { return ctx.Value(engineKit{}).(*kit) }

// run calls a flow as a dispatcher does. What was written to w follows the result.
func (k *kit) run(p *engine.Plan, ctx context.Context, arg string) (string, error) {
	f := p.Enter()
	h := f.Vars.(*holder)
	h.set("ctx", ctx)
	h.set("arg", arg)
	w := new(strings.Builder)
	h.set("w", w)
	p.Run(ctx, f)
	out, _ := h.get("out.0").(string)
	if w.Len() > 0 {
		out += "|" + w.String()
	}
	err, _ := h.get("out.1").(error)
	p.Leave(f)
	return out, err
}

// ended is how a call of a flow ended.
type ended struct {
	out    string
	err    error
	panic  any
	exited bool // by Goexit
	at     time.Duration
}

// go calls a flow in a task of its own; wait returns how it ended.
func (k *kit) begin(p *engine.Plan, ctx context.Context, arg string) (wait func() ended) {
	var e ended
	over := k.NewGate()
	k.Go(func() {
		returned := false
		defer func() {
			if !returned {
				e.panic = recover()
				e.exited = e.panic == nil
			}
			e.at = k.since()
			over.Open()
		}()
		e.out, e.err = k.run(p, ctx, arg)
		returned = true
	})
	return func() ended {
		over.Wait(nil)
		return e
	}
}

// takes returns a step that takes so long and returns its name and argument.
func takes(name string, d time.Duration) stepFunc {
	return func(ctx context.Context, arg string) (string, error) {
		if err := kitOf(ctx).nap(ctx, d); err != nil {
			return "", err
		}
		return name + arg, nil
	}
}
