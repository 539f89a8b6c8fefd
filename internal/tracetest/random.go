package tracetest

// Random flows of calls that wait, with traces of them.

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

// A call is one step of a random flow.
type call struct {
	reads  []int // variables, by number
	sets   int
	life   time.Duration // of its result; negative if it only computes
	median time.Duration
	kinds  uint64 // results that it has for all inputs together
	size   int32
	loop   bool // it stands in a loop over what it reads, of one to four items
}

// A Random is a flow of steps that depend on each other at random, as text, and what it does.
type Random struct {
	Name  graph.FlowName
	Graph string
	calls []call
	item  int // variable of the loops
	err   int
	out   int
	rng   *rand.Rand
}

// NewRandom draws a flow with so many steps.
func NewRandom(steps int, seed uint64) *Random {
	r := &Random{Name: graph.FlowName(fmt.Sprintf("example.com/random.Flow%d", seed)), rng: rand.New(rand.NewPCG(seed, uint64(steps)))}
	for i := range steps {
		c := call{sets: 3 + i, kinds: 1 << (4 + r.rng.IntN(9)), size: int32(16 << r.rng.IntN(8))}
		for range 1 + r.rng.IntN(2) {
			c.reads = append(c.reads, 1+r.rng.IntN(2))
			if i > 0 && r.rng.IntN(3) > 0 {
				c.reads[len(c.reads)-1] = 3 + r.rng.IntN(i)
			}
		}
		c.life = []time.Duration{-1, 0, 30 * time.Second, 10 * time.Minute, 6 * time.Hour}[r.rng.IntN(5)]
		c.median = time.Duration(1+r.rng.IntN(100)) * time.Millisecond
		if c.life < 0 {
			c.median /= 100
		}
		c.loop = r.rng.IntN(8) == 0
		r.calls = append(r.calls, c)
	}
	r.item, r.err, r.out = 3+steps, 4+steps, 5+steps
	r.Graph = r.text()
	return r
}

func (r *Random) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "flow %s\nparam ctx context context.Context\nparam a data string key copy\nparam b data string key copy\n", r.Name)
	for i := range r.calls {
		fmt.Fprintf(&b, "var v%d data string key copy\n", 3+i)
	}
	fmt.Fprintf(&b, "var item data string key copy\nvar err error error key copy\nresult out.0 data string key copy\nresult out.1 error error key copy\nbody {\n")
	all := ""
	for i, c := range r.calls {
		in := make([]string, len(c.reads))
		for k, v := range c.reads {
			in[k] = r.name(v)
		}
		effect := ""
		if c.life >= 0 {
			effect = fmt.Sprintf(" {volatile %v}", c.life)
		}
		if c.loop {
			fmt.Fprintf(&b, "\teach each.%d (%s) -> (item) {\n\t", i, strings.Join(in, " "))
			in = append(in, "item")
		}
		path := ""
		if c.loop {
			path = fmt.Sprintf("each.%d/", i)
		}
		fmt.Fprintf(&b, "\tstep %sStep%d example.com/random.Step%d (ctx %s) -> (%s)%s\n", path, i, i, strings.Join(in, " "), r.name(c.sets), effect)
		if c.loop {
			b.WriteString("\t}\n")
		}
		all += " " + r.name(c.sets)
	}
	fmt.Fprintf(&b, "\tresult return (%s) -> (out.0 out.1) exit=return\n}\n", strings.TrimSpace(all))
	return b.String()
}

func (r *Random) name(v int) string {
	switch v {
	case 1:
		return "a"
	case 2:
		return "b"
	}
	return fmt.Sprintf("v%d", v)
}

// Trace draws so many requests, of a few contents more often than of most.
func (r *Random) Trace(requests, contents int) *profile.Trace {
	t := &profile.Trace{Service: "example.com/random", Cores: 4, Flows: []profile.Flow{{Name: r.Name, Graph: r.Graph}}}
	pick := zipf(contents, 0.95)
	at := time.Duration(0)
	for range requests {
		at += time.Duration(r.rng.ExpFloat64() * float64(2*time.Second))
		t.Runs = append(t.Runs, r.run(at, uint64(pick(r.rng)), uint64(pick(r.rng))))
	}
	return t
}

func (r *Random) run(at time.Duration, a, b uint64) *profile.Run {
	held := map[int]uint64{1: profile.Mix(1, a+1), 2: profile.Mix(2, b+1)}
	run := &profile.Run{Flow: r.Name, At: at, Params: []profile.Value{{Var: 0}, {Var: 1, Hash: held[1], Size: 8}, {Var: 2, Hash: held[2], Size: 8}}}
	node := int32(0)
	for i, c := range r.calls {
		in := uint64(i)
		for _, v := range c.reads {
			in = profile.Mix(in, held[v])
		}
		step := func(node int32, in uint64) {
			if c.life > 0 {
				in = profile.Mix(in, uint64(at/c.life))
			}
			held[c.sets] = profile.Mix(uint64(i), in%c.kinds)
			took := long(r.rng, c.median)
			run.Took += took
			run.Visits = append(run.Visits, profile.Visit{Node: node, Took: took, Block: -1, Sets: []profile.Value{{Var: int32(c.sets), Hash: held[c.sets], Size: c.size}}})
		}
		if !c.loop {
			step(node, in)
			node++
			continue
		}
		for k := range 1 + in%4 {
			item := profile.Mix(in, k)
			run.Visits = append(run.Visits, profile.Visit{Node: node, Sets: []profile.Value{{Var: int32(r.item), Hash: item, Size: 8}}})
			step(node+1, item)
		}
		run.Visits = append(run.Visits, profile.Visit{Node: node, Block: -1})
		node += 2
	}
	run.Visits = append(run.Visits, profile.Visit{Node: node, Took: time.Microsecond, Block: -1, Exit: 1, Sets: []profile.Value{{Var: int32(r.out), Hash: r.rng.Uint64(), Size: 64}, {Var: int32(r.out + 1)}}})
	return run
}
