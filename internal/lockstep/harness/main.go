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
	"strings"
	"sync"

	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/lockstep/world"
)

// Main runs the harness for generated packages by name.
func Main(tables map[string]map[string]world.Flow) {
	h := &harness{tables: tables}
	flag.Uint64Var(&h.seed, "seed", 1, "of the first run")
	flag.IntVar(&h.runs, "runs", 0, "live runs of each package, or of each mutant; 0 judges the runs on standard input")
	flag.IntVar(&h.first, "first", 0, "number of the first run")
	flag.StringVar(&h.only, "package", "", "the one package to run; all if empty")
	flag.StringVar(&h.part, "part", "0/1", "the packages to run: every nth, from the ith on")
	flag.StringVar(&h.drop, "drop", "", "what to leave out of a run: \"p0 r1\" is the first decision and the second request")
	search := flag.Bool("search", false, "print the plans that only mutants of the checker let pass")
	candidates := flag.String("candidates", "", "file with what -search printed: run those plans")
	mutants := flag.String("mutants", "", "the mutants whose candidates are run, with commas between them")
	flag.Parse()
	var err error
	switch {
	case *search:
		err = h.search(os.Stdout)
	case *candidates != "":
		err = h.runCandidates(*candidates, strings.Split(*mutants, ","), os.Stdin, os.Stdout)
	case h.runs > 0:
		err = h.liveAll(os.Stdout)
	default:
		err = judgeAll(tables, os.Stdin, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lockstep:", err)
		os.Exit(1)
	}
}

// A harness is the main program's own state.
type harness struct {
	tables map[string]map[string]world.Flow
	seed   uint64
	runs   int
	first  int
	only   string
	part   string
	drop   string
}

// programs lists the packages to run.
func (h *harness) programs() ([]*program, error) {
	var i, n int
	if _, err := fmt.Sscanf(h.part, "%d/%d", &i, &n); err != nil || n < 1 {
		return nil, fmt.Errorf("-part %s: write it as in 0/2", h.part)
	}
	left, err := parseDrop(h.drop)
	if err != nil {
		return nil, err
	}
	flows := byPackage(engine.FlowNames())
	var out []*program
	for at, name := range slices.Sorted(maps.Keys(h.tables)) {
		if h.only != "" && name != h.only || at%n != i {
			continue
		}
		p := &program{name: name, table: h.tables[name], flows: flows[name], sole: check.Program{Sole: map[string]bool{"posts": true}}, drop: left}
		if len(p.flows) == 0 {
			return nil, fmt.Errorf("package %s has no registered flow: this program was not built by fluxo", name)
		}
		out = append(out, p)
	}
	return out, nil
}

// liveAll does runs of all packages under plans that are legal.
func (h *harness) liveAll(to io.Writer) error {
	w := bufio.NewWriterSize(to, 1<<20)
	enc := json.NewEncoder(w)
	programs, err := h.programs()
	if err != nil {
		return err
	}
	for _, p := range programs {
		for i := h.first; i < h.first+h.runs; i++ {
			if err := enc.Encode(p.live(h.seed, i)); err != nil {
				return err
			}
		}
	}
	if err := enc.Encode(Run{Reached: slices.Sorted(maps.Keys(reached))}); err != nil {
		return err
	}
	return w.Flush()
}

// search writes candidates by mutant.
func (h *harness) search(to io.Writer) error {
	programs, err := h.programs()
	if err != nil {
		return err
	}
	s := newScan()
	for _, p := range programs {
		for i, name := range slices.Sorted(maps.Keys(p.flows)) {
			s.flow(p, name, h.seed+uint64(i))
		}
	}
	return json.NewEncoder(to).Encode(s.found)
}

// runCandidates runs the candidates of mutants, one mutant after the other, until
// a line of from names the mutant: it was killed.
func (h *harness) runCandidates(file string, mutants []string, from io.Reader, to io.Writer) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var found map[string][]Candidate
	if err := json.Unmarshal(text, &found); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	programs, err := h.programs()
	if err != nil {
		return err
	}
	byName := map[string]*program{}
	for _, p := range programs {
		byName[p.name] = p
	}
	var killed sync.Map
	go func() {
		for lines := bufio.NewScanner(from); lines.Scan(); {
			killed.Store(lines.Text(), true)
		}
	}()
	enc := json.NewEncoder(to)
	for _, m := range mutants {
		if err := enc.Encode(Run{Mutant: m}); err != nil { // from here on a crash is this one's
			return err
		}
		for i := h.first; i < h.first+h.runs && len(found[m]) > 0; i++ {
			if _, dead := killed.Load(m); dead {
				break
			}
			c := found[m][i%len(found[m])]
			p := byName[c.Package]
			r := p.run(p.candidate(c), h.seed, i)
			r.Mutant = m
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// A Finding is what the judge says of one request of a run; the last one sums up.
type Finding struct {
	Package string
	Mutant  string
	Seed    uint64
	Number  int
	Plan    []string
	Request int
	Flow    string
	Wrong   string

	Runs, Requests, Paths, Undecided, Differences int // of the summary
	Reached                                       []string
}

func (f Finding) String() string {
	return fmt.Sprintf("%s run %d request %d of %s: %s\n\tunder %q", f.Package, f.Number, f.Request, f.Flow, f.Wrong, f.Plan)
}

func judgeAll(tables map[string]map[string]world.Flow, from io.Reader, to io.Writer) error {
	dec, enc := json.NewDecoder(bufio.NewReader(from)), json.NewEncoder(to)
	var sum Finding
	for dec.More() {
		var r Run
		if err := dec.Decode(&r); err != nil {
			return err
		}
		if r.History == nil {
			if sum.Reached = r.Reached; r.Mutant != "" {
				if err := enc.Encode(Finding{Mutant: r.Mutant}); err != nil {
					return err
				}
			}
			continue
		}
		sum.Runs++
		report := func(i int, flow, wrong string) error {
			sum.Differences++
			return enc.Encode(Finding{Package: r.Package, Mutant: r.Mutant, Seed: r.Seed, Number: r.Number, Plan: r.Plan, Request: i, Flow: flow, Wrong: wrong})
		}
		if r.Stuck != "" {
			if err := report(-1, "", r.Stuck); err != nil {
				return err
			}
			continue
		}
		if id := r.History.Repeated(); id != "" {
			if err := report(-1, "", "two requests got the ID "+id); err != nil {
				return err
			}
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
