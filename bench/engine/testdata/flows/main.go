// Command flows times its own flows against plain Go, and prints every round as
// JSON. It is built by fluxo, so what is timed is what fluxo emits.
//
// Rounds are short, so that most of them are over before the kernel takes the
// processor away, and what is compared alternates within each.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"time"
)

// Rounds maps what was timed to nanoseconds a call, one value a round; allocations
// are per call, too.
type Rounds map[string][]float64

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: flows calls|parallel ROUNDS")
		os.Exit(2)
	}
	rounds, err := strconv.Atoi(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	out := Rounds{}
	switch os.Args[1] {
	case "calls":
		calls(out, rounds)
	case "parallel":
		parallel(out, rounds)
	}
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// perRound is how many calls one round times: about 0.1 ms of them.
const perRound = 1000

// settled is how many rounds run before any counts: the first fills the store, and the others use up the runs as written
// that observe what was filled, of which there is one for ten fills.
const settled = 300

var sink Point

func calls(out Rounds, rounds int) {
	ctx := context.Background()
	keys := make([]string, perRound)
	for i := range keys {
		keys[i] = "product:" + strconv.Itoa(10_000_000+i)
	}
	if a, _ := Chain(ctx, "key", Point{}); a != (Point{X: 8 * len("key")}) {
		fmt.Fprintln(os.Stderr, "flows: Chain has another result under the plan:", a)
		os.Exit(1)
	}
	timed := []struct {
		name string
		run  func()
	}{
		{"empty.direct", func() {
			p := Point{}
			for _, k := range keys {
				p, _ = emptyDirect(ctx, k, p)
			}
			sink = p
		}},
		{"empty.flow", func() {
			p := Point{}
			for _, k := range keys {
				p, _ = Empty(ctx, k, p)
			}
			sink = p
		}},
		{"chain.direct", func() {
			p := Point{}
			for _, k := range keys {
				p, _ = chainDirect(ctx, k, p)
			}
			sink = p
		}},
		{"chain.flow", func() {
			p := Point{}
			for _, k := range keys {
				p, _ = Chain(ctx, k, p)
			}
			sink = p
		}},
		{"hit", func() {
			for _, k := range keys {
				sink, _ = Kept(ctx, k)
			}
		}},
	}
	for _, t := range timed {
		for range settled {
			t.run()
		}
		out[t.name+".allocs"] = []float64{allocations(t.run)}
	}
	for round := range rounds {
		for i := range timed {
			if round%2 == 1 {
				i = len(timed) - 1 - i
			}
			start := time.Now()
			timed[i].run()
			out[timed[i].name] = append(out[timed[i].name], float64(time.Since(start))/perRound)
		}
	}
}

// allocations returns how many a call makes.
func allocations(run func()) float64 {
	const times = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range times {
		run()
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / (times * perRound)
}

// A timedRun is one of the things that are compared.
type timedRun struct {
	name string
	run  func() uint64
}

// bothByThreads runs the two halves on kernel threads; nil where it is not written.
var bothByThreads func(turns int) uint64

// inARow is how often a run follows another of its kind. Only the first meets a
// processor that sleeps.
const inARow = 21

func parallel(out Rounds, rounds int) {
	ctx, turns := context.Background(), turnsFor(200*time.Microsecond)
	timed := []timedRun{
		{"left", func() uint64 { return Left(turns) }},
		{"both", func() uint64 { return Both(ctx, turns) }},
		{"right", func() uint64 { return Right(turns) }},
		{"byhand", func() uint64 { return bothByHand(turns) }},
	}
	if bothByThreads != nil {
		timed = append(timed, timedRun{"threads", func() uint64 { return bothByThreads(turns) }})
	}
	var x uint64
	for round := range rounds {
		for i := range timed {
			if round%2 == 1 {
				i = len(timed) - 1 - i
			}
			x ^= Left(turns) // until then the other processor has gone to sleep
			name := timed[i].name + ".asleep"
			for range inARow {
				start := time.Now()
				x ^= timed[i].run()
				out[name] = append(out[name], float64(time.Since(start)))
				name = timed[i].name
			}
		}
	}
	sink.X = int(x)
}

// turnsFor returns how many turns of spin take about d when nothing disturbs them.
func turnsFor(d time.Duration) int {
	const turns = 1 << 16
	best, x := time.Hour, uint64(0)
	for range 50 {
		start := time.Now()
		x += spin(turns, 1)
		best = min(best, time.Since(start))
	}
	sink.X = int(x)
	return int(float64(turns) * float64(d) / float64(best))
}
