// Package engine has the figures of the engine's own cost: a flow under the empty
// plan, a walked node, a stored result's hit, two branches run together.
//
// What is timed is what fluxo emits: testdata/flows is built by fluxo build, times
// its own flows beside the same functions called directly, and prints every round.
package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
)

// Empty is the cost of a call under the empty plan.
var Empty = figure.Figure{
	Name:  "engine.empty",
	About: "a flow call under the empty plan above a direct call of the same function",
	Run: func(r *figure.Report) error {
		d, err := measure("calls", callRounds*r.Rounds)
		if err != nil {
			return err
		}
		d.above(r, "engine.empty", "empty.flow", "empty.direct", 1)
		return nil
	},
}

// chainNodes is how many nodes of Chain a call walks: the condition, eight calls of a step, eight
// tests of their errors, the result.
const chainNodes = 18

// Node is the cost of walking one node.
var Node = figure.Figure{
	Name:  "engine.node",
	About: "a walked node above the same code called directly: 18 nodes in sequence, 8 of them calls; entry and exit included",
	Run: func(r *figure.Report) error {
		d, err := measure("calls", callRounds*r.Rounds)
		if err != nil {
			return err
		}
		d.above(r, "engine.node", "chain.flow", "chain.direct", chainNodes)
		return nil
	},
}

// Hit is the whole call of a flow whose only step is answered from the store.
var Hit = figure.Figure{
	Name:  "engine.hit",
	About: "a whole flow call that is a stored region's hit: string key, struct of two ints and an error, expiry",
	Run: func(r *figure.Report) error {
		d, err := measure("calls", callRounds*r.Rounds)
		if err != nil {
			return err
		}
		r.Line("engine.hit", figure.Median(d["hit"]), "ns")
		r.Line("engine.hit.allocs", figure.Median(d["hit.allocs"]), "allocs")
		return nil
	},
}

// parallelRounds is how many rounds engine.parallel takes: of each 20 runs, one
// following another, are timed, and one before them.
const parallelRounds = 500

// Parallel compares two branches run together with the slower one alone.
var Parallel = figure.Figure{
	Name: "engine.parallel",
	About: "two branches of 200 us of computing run together, over the slower one alone, medians of 10,000 runs that follow one another; " +
		".asleep: of 500 that meet a sleeping processor",
	Run: func(r *figure.Report) error {
		d, err := measure("parallel", parallelRounds)
		if err != nil {
			return err
		}
		left, right := figure.Median(d["left"]), figure.Median(d["right"])
		slower := max(left, right)
		for _, asleep := range []string{"", ".asleep"} {
			for _, way := range []struct{ line, timed string }{
				{"engine.parallel", "both"},
				{"engine.parallel.by_hand", "byhand"},
				{"engine.parallel.threads", "threads"},
			} {
				if times := d[way.timed+asleep]; times != nil {
					r.Line(way.line+asleep, figure.Median(times)/slower, "ratio")
				}
			}
		}
		r.Line("engine.parallel.noise", slower/min(left, right)-1, "ratio")
		return nil
	},
}

// callRounds is how many rounds of testdata/flows make one of the report: they take 0.1 ms.
const callRounds = 100

// rounds is what testdata/flows prints.
type rounds map[string][]float64

// above prints what a call takes above the direct one, divided by n.
func (d rounds) above(r *figure.Report, name, flow, direct string, n float64) {
	r.Line(name, (figure.Median(d[flow])-figure.Median(d[direct]))/n, "ns")
	r.Line(name+".direct", figure.Median(d[direct])/n, "ns")
	r.Line(name+".allocs", figure.Median(d[flow+".allocs"])/n, "allocs")
}

var (
	mu   sync.Mutex
	done = map[string]rounds{} // by what and how often: figures share a run
)

// inForce is what testdata/flows says of its plan when it begins.
const inForce = "fluxo: planned flows=3"

// measure builds and runs testdata/flows.
func measure(what string, times int) (rounds, error) {
	mu.Lock()
	defer mu.Unlock()
	key := what + strconv.Itoa(times)
	if d, ok := done[key]; ok {
		return d, nil
	}
	root, err := command.Root()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "fluxo-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "flows")
	if err := command.Build("fluxo", filepath.Join(root, "bench", "engine", "testdata", "flows"), program); err != nil {
		return nil, err
	}
	cmd := command.In(dir, program, what, strconv.Itoa(times))
	var log bytes.Buffer
	cmd.Stderr = &log
	out, err := command.Output(cmd)
	if err != nil {
		return nil, fmt.Errorf("%w\n%s", err, log.Bytes())
	}
	if !bytes.Contains(log.Bytes(), []byte(inForce)) {
		return nil, fmt.Errorf("testdata/flows does not run under its plan: %s", log.Bytes())
	}
	var d rounds
	if err := json.Unmarshal(out, &d); err != nil {
		return nil, fmt.Errorf("reading what testdata/flows measured: %w", err)
	}
	done[key] = d
	return d, nil
}
