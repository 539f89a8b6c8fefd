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
	"maps"
	"os"
	"slices"

	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/lockstep/world"
)

// Main runs the harness for generated packages by name.
func Main(tables map[string]map[string]world.Flow) {
	seed := flag.Uint64("seed", 1, "of the first run")
	runs := flag.Int("runs", 0, "live runs of each package; 0 judges the runs on standard input")
	first := flag.Int("first", 0, "number of the first run")
	only := flag.String("package", "", "the one package to run; all if empty")
	mutant := flag.String("mutant", "", "what the checker forgets: only plans that are illegal by it are run")
	flag.Parse()
	var err error
	if *runs > 0 {
		err = liveAll(tables, *seed, *first, *runs, *only, *mutant, os.Stdout)
	} else {
		err = judgeAll(tables, os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lockstep:", err)
		os.Exit(1)
	}
}

// maxTries bounds how many draws are tried for one run of interest.
const maxTries = 30

func liveAll(tables map[string]map[string]world.Flow, seed uint64, first, runs int, only, mutant string, to io.Writer) error {
	w := bufio.NewWriterSize(to, 1<<20)
	enc := json.NewEncoder(w)
	flows := byPackage(engine.FlowNames())
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		if only != "" && name != only {
			continue
		}
		table := tables[name]
		p := &program{name: name, table: table, flows: flows[name], sole: check.Program{Sole: map[string]bool{"posts": true}}}
		if len(p.flows) == 0 {
			return fmt.Errorf("package %s has no registered flow: this program was not built by fluxo", name)
		}
		if mutant != "" {
			r, err := Mutate(mutant)
			if err != nil {
				return err
			}
			p.mutated = &r
		}
		made := 0
		for i := first; made < runs && i < first+maxTries*runs; i++ {
			r, ok := p.live(seed, i)
			if !ok {
				continue
			}
			made++
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
	}
	if err := enc.Encode(Run{Reached: slices.Sorted(maps.Keys(reached))}); err != nil {
		return err
	}
	return w.Flush()
}

// A Finding is what the judge says of one request of a run; the last one sums up.
type Finding struct {
	Package string
	Seed    uint64
	Number  int
	Plan    []string
	Request int
	Flow    string
	Wrong   string

	Runs, Requests, Paths, Undecided, Differences int // of the summary
	Reached                                       []string
}

func judgeAll(tables map[string]map[string]world.Flow, from io.Reader, to io.Writer) error {
	dec, enc := json.NewDecoder(bufio.NewReaderSize(from, 1<<20)), json.NewEncoder(to)
	var sum Finding
	for dec.More() {
		var r Run
		if err := dec.Decode(&r); err != nil {
			return err
		}
		if r.History == nil {
			sum.Reached = r.Reached
			continue
		}
		sum.Runs++
		report := func(i int, flow, wrong string) error {
			sum.Differences++
			return enc.Encode(Finding{Package: r.Package, Seed: r.Seed, Number: r.Number, Plan: r.Plan, Request: i, Flow: flow, Wrong: wrong})
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
