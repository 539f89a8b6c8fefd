// Package harness is the main program of generated packages. Built by fluxo it
// runs them live under plans and writes what happened; built by go build it judges
// that by running them as written.
package harness

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/lockstep/world"
)

// Main runs the harness for generated packages by name.
func Main(tables map[string]map[string]world.Flow) {
	seed := flag.Uint64("seed", 1, "of the first run")
	runs := flag.Int("runs", 0, "live runs of each package; 0 judges the runs on standard input")
	without := flag.String("without", "", "a conjunct that the checker forgets: only plans that are illegal by it are run")
	flag.Parse()
	var err error
	if *runs > 0 {
		err = liveAll(tables, *seed, *runs, *without, os.Stdout)
	} else {
		err = judgeAll(tables, os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lockstep:", err)
		os.Exit(1)
	}
}

func liveAll(tables map[string]map[string]world.Flow, seed uint64, runs int, without string, to io.Writer) error {
	w := bufio.NewWriterSize(to, 1<<20)
	enc := json.NewEncoder(w)
	flows := byPackage(engine.FlowNames())
	for name, table := range tables {
		p := &program{name: name, table: table, flows: flows[name], sole: check.Program{Sole: map[string]bool{"posts": true}}}
		if len(p.flows) == 0 {
			return fmt.Errorf("package %s has no registered flow: this program was not built by fluxo", name)
		}
		if without != "" {
			r := check.DefaultRules().Without(graph.ConjunctID(without))
			p.mutated = &r
		}
		for i := range runs {
			r, ok := p.live(seed + uint64(i))
			if !ok {
				continue
			}
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
	}
	return w.Flush()
}

// A Finding is what the judge says of one request of a run; the last one sums up.
type Finding struct {
	Package string
	Seed    uint64
	Plan    []string
	Request int
	Flow    string
	Wrong   string

	Runs, Requests, Paths, Undecided, Differences int // of the summary
}

func judgeAll(tables map[string]map[string]world.Flow, from io.Reader, to io.Writer) error {
	dec, enc := json.NewDecoder(bufio.NewReaderSize(from, 1<<20)), json.NewEncoder(to)
	var sum Finding
	for dec.More() {
		var r Run
		if err := dec.Decode(&r); err != nil {
			return err
		}
		sum.Runs++
		report := func(i int, flow, wrong string) error {
			sum.Differences++
			return enc.Encode(Finding{Package: r.Package, Seed: r.Seed, Plan: r.Plan, Request: i, Flow: flow, Wrong: wrong})
		}
		if r.Stuck != "" {
			if err := report(-1, "", r.Stuck); err != nil {
				return err
			}
			continue
		}
		for i, q := range r.History.Requests {
			v := world.Judge(r.History, i, tables[r.Package][q.Flow])
			sum.Requests++
			sum.Paths += v.Paths
			if v.Undecided {
				sum.Undecided++
			}
			if v.Wrong != "" {
				if err := report(i, q.Flow, v.Wrong); err != nil {
					return err
				}
			}
		}
	}
	return enc.Encode(sum)
}
