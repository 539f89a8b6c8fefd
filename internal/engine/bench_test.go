package engine_test

// The figures engine.node, engine.hit and engine.parallel, and the bounds on
// allocations behind them.

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// A small flow as emit would write it: chained steps over one frame.
type chainFrame struct {
	ctx context.Context
	key string
	a   pair
	err error
}

type pair struct{ x, y int }

//go:noinline
func step(ctx context.Context, key string, a pair) (pair, error) {
	a.x += len(key)
	return a, nil
}

const chainLength = 8

func chainText(before, after string) string {
	var b strings.Builder
	b.WriteString("flow example.com/bench.Chain\nparam ctx context context.Context\nparam key data string key copy\nresult out.0 data pair key copy\nresult out.1 error error\nbody {\n")
	b.WriteString(before)
	for i := range chainLength {
		fmt.Fprintf(&b, "step S%d example.com/bench.step (ctx key out.0) -> (out.0 out.1) err=out.1 {volatile 1h} `s`\n", i)
		fmt.Fprintf(&b, "fail S%d.fail (out.1) -> () err=out.1 exit=return `f`\n", i)
	}
	b.WriteString(after + "}\n")
	return b.String()
}

func chain() engine.Program {
	p := engine.Program{
		Graph:  chainText("", ""),
		Frames: []engine.FrameCode{engine.FrameOf[chainFrame]()},
		Vars: []engine.Var{
			{Move: func(d, s any) { d.(*chainFrame).ctx = s.(*chainFrame).ctx }},
			{
				Move: func(d, s any) { d.(*chainFrame).key = s.(*chainFrame).key },
				Key: func(b []byte, v any) ([]byte, bool) {
					k := v.(*chainFrame).key
					return append(binary.LittleEndian.AppendUint32(b, uint32(len(k))), k...), true
				},
				Save: func(v any) (any, int, bool) { k := v.(*chainFrame).key; return k, len(k), true },
				Load: func(v, saved any) { v.(*chainFrame).key = saved.(string) },
				Flat: true,
			},
			{
				Move: func(d, s any) { d.(*chainFrame).a = s.(*chainFrame).a },
				Key: func(b []byte, v any) ([]byte, bool) {
					a := v.(*chainFrame).a
					return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(b, uint64(a.x)), uint64(a.y)), true
				},
				Save: func(v any) (any, int, bool) { a := v.(*chainFrame).a; return &a, 16, true },
				Load: func(v, saved any) { v.(*chainFrame).a = *saved.(*pair) },
				Flat: true,
			},
			{
				Move: func(d, s any) { d.(*chainFrame).err = s.(*chainFrame).err },
				Save: func(v any) (any, int, bool) { return nil, 0, v.(*chainFrame).err == nil },
				Load: func(v, saved any) { v.(*chainFrame).err = nil },
			},
		},
	}
	for range chainLength {
		p.Nodes = append(p.Nodes,
			engine.Code{Run: func(t *engine.Thread, fr *engine.Frame) engine.Exit {
				f := fr.Vars.(*chainFrame)
				f.a, f.err = step(t.Context(f.ctx), f.key, f.a)
				t.Failed(f.err)
				return engine.Next
			}},
			engine.Code{Run: func(t *engine.Thread, fr *engine.Frame) engine.Exit {
				if fr.Vars.(*chainFrame).err != nil {
					return engine.Return
				}
				return engine.Next
			}})
	}
	return p
}

func direct(ctx context.Context, key string) (a pair, err error) {
	for range chainLength {
		if a, err = step(ctx, key, a); err != nil {
			return a, err
		}
	}
	return a, nil
}

// dispatch is what an emitted dispatcher does.
func dispatch(p *engine.Plan, ctx context.Context, key string) (pair, error) {
	fr := p.Enter()
	f := fr.Vars.(*chainFrame)
	f.ctx, f.key = ctx, key
	p.Run(ctx, fr)
	a, err := f.a, f.err
	p.Leave(fr)
	return a, err
}

// real is the world of the benchmarks.
type real struct{}

var began = time.Now()

func (real) Elapsed() time.Duration { return time.Since(began) }
func (real) Now() time.Time         { return began.Add(time.Since(began)) }
func (real) Go(f func())            { go f(); go func() {}() } // as rt's world does, and for its reason
func (real) Machine() time.Time     { return time.Now() }
func (real) Random() uint64         { return rand.Uint64() }
func (real) After(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}
func (w real) At(d time.Duration, f func()) { w.After(d-w.Elapsed(), f) }
func (real) NewGate() engine.Gate           { return &realGate{open: make(chan struct{})} }

type realGate struct {
	once sync.Once
	open chan struct{}
}

func (g *realGate) Open() { g.once.Do(func() { close(g.open) }) }
func (g *realGate) Wait(done <-chan struct{}) bool {
	select {
	case <-g.open:
		return true
	case <-done:
		return false
	}
}

// compile compiles a program under a planned graph, in the real world.
func compile(t testing.TB, p engine.Program, planned string) *engine.Plan {
	t.Helper()
	src, err := engine.NewSource(p)
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.Parse(planned)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := engine.New(engine.Options{World: real{}}).Compile(src, g, func(graph.FlowName) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func BenchmarkNode(b *testing.B) {
	ctx := context.Background()
	b.Run("direct", func(b *testing.B) {
		for b.Loop() {
			direct(ctx, "key")
		}
	})
	plan := compile(b, chain(), chainText("", ""))
	b.Run(fmt.Sprintf("%dnodes", 2*chainLength), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			dispatch(plan, ctx, "key")
		}
	})
}

func BenchmarkHit(b *testing.B) {
	ctx := context.Background()
	plan := compile(b, chain(), chainText("stored kept {\n", "}\n"))
	b.ReportAllocs()
	for b.Loop() {
		dispatch(plan, ctx, "key")
	}
}

func TestAllocations(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		before, after string
		most          float64
	}{
		"walk": {"", "", 0},
		"hit":  {"stored kept {\n", "}\n", 1},
	} {
		plan := compile(t, chain(), chainText(c.before, c.after))
		if n := testing.AllocsPerRun(1000, func() { dispatch(plan, ctx, "key") }); n > c.most {
			t.Errorf("%s: %v allocations, want at most %v", name, n, c.most)
		}
	}
}

// spin uses the processor for n turns.
//
//go:noinline
func spin(n int) (x uint64) {
	for i := range uint64(n) {
		x = x*6364136223846793005 + i
	}
	return x
}

// spins is how many turns take about 200 µs.
var spins = func() int {
	const n = 1 << 16
	best, sink := time.Hour, uint64(0)
	for range 20 {
		start := time.Now()
		sink += spin(n)
		best = min(best, time.Since(start))
	}
	return int(float64(n) * float64(200*time.Microsecond) / float64(best))
}()

// BenchmarkParallel reports the median of two branches run together over that of
// one alone.
func BenchmarkParallel(b *testing.B) {
	text := func(start string) string {
		return "flow example.com/bench.Two\nparam ctx context context.Context\nvar a data uint64 copy\nresult out.0 data uint64 copy\nbody {\n" + start +
			"step A s.spin () -> (a) `a`\nstep B s.spin () -> (out.0) `b`\n}\n"
	}
	type frame struct {
		ctx context.Context
		a   uint64
		out uint64
	}
	p := engine.Program{
		Graph:  text(""),
		Frames: []engine.FrameCode{engine.FrameOf[frame]()},
		Vars: []engine.Var{
			{Move: func(d, s any) { d.(*frame).ctx = s.(*frame).ctx }},
			{Move: func(d, s any) { d.(*frame).a = s.(*frame).a }, Flat: true},
			{Move: func(d, s any) { d.(*frame).out = s.(*frame).out }, Flat: true},
		},
		Nodes: []engine.Code{
			{Run: func(t *engine.Thread, f *engine.Frame) engine.Exit {
				f.Vars.(*frame).a = spin(spins)
				return engine.Next
			}},
			{Run: func(t *engine.Thread, f *engine.Frame) engine.Exit {
				f.Vars.(*frame).out = spin(spins)
				return engine.Next
			}},
		},
	}
	plan := compile(b, p, text("start start.B B..B\n"))
	var one, both []time.Duration
	var sink uint64
	for b.Loop() {
		start := time.Now()
		sink += spin(spins)
		one = append(one, time.Since(start))
		start = time.Now()
		f := plan.Enter()
		plan.Run(context.Background(), f)
		plan.Leave(f)
		both = append(both, time.Since(start))
	}
	slices.Sort(one)
	slices.Sort(both)
	b.ReportMetric(float64(both[len(both)/2])/float64(one[len(one)/2]), "ratio")
}

// BenchmarkNoted is what a run costs that is noted.
func BenchmarkNoted(b *testing.B) {
	src, err := engine.NewSource(chain())
	if err != nil {
		b.Fatal(err)
	}
	plan, err := engine.New(engine.Options{World: real{}}).Probe(src, src.Graph)
	if err != nil {
		b.Fatal(err)
	}
	visits := 0
	plan.NoteTo(func(r *profile.Run) { visits += r.Size() })
	b.ReportAllocs()
	for b.Loop() {
		dispatch(plan, context.Background(), "key")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(visits), "ns/visit")
}
