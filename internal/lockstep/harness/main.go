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
	"strconv"
	"strings"
	"sync"

	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/lockstep/mutant"
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
	print := flag.Bool("case", false, "print all that determines the first run of the -package")
	play := flag.String("play", "", "file with a list of what -case printed: do those runs")
	search := flag.Bool("search", false, "print the plans that only mutants of the checker let pass")
	candidates := flag.String("candidates", "", "file with what -search printed: mutants are of the checker, and run those plans")
	mutants := flag.String("mutants", "", "the mutants that are run, with commas between them; without -candidates they are of the engine, and run plans that are legal")
	begins := flag.String("begin", "", "for each of the -mutants the number of its first run; those before come last")
	flag.Parse()
	var err error
	switch {
	case *search:
		err = h.search(os.Stdout)
	case *print:
		err = h.printCase(os.Stdout)
	case *play != "":
		err = h.play(*play, os.Stdout)
	case *mutants != "":
		err = h.runMutants(*candidates, strings.Split(*mutants, ","), strings.Split(*begins, ","), os.Stdin, os.Stdout)
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
}

// programs lists the packages to run.
func (h *harness) programs() ([]*program, error) {
	var i, n int
	if _, err := fmt.Sscanf(h.part, "%d/%d", &i, &n); err != nil || n < 1 {
		return nil, fmt.Errorf("-part %s: write it as in 0/2", h.part)
	}
	all, err := flows(h.tables)
	if err != nil {
		return nil, err
	}
	var out []*program
	for at, name := range slices.Sorted(maps.Keys(h.tables)) {
		if h.only != "" && name != h.only || at%n != i {
			continue
		}
		p := &program{name: name, table: h.tables[name], flows: all[name], sole: check.Program{Sole: map[string]bool{"posts": true}}}
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

// runMutants runs mutants, one after the other, each until a line of from names it: it
// was killed.
func (h *harness) runMutants(candidates string, mutants, begins []string, from io.Reader, to io.Writer) error {
	programs, err := h.programs()
	if err != nil {
		return err
	}
	next := h.legalRuns(programs)
	if candidates != "" {
		if next, err = h.candidateRuns(candidates, programs); err != nil {
			return err
		}
	}
	var killed sync.Map
	go func() {
		for lines := bufio.NewScanner(from); lines.Scan(); {
			killed.Store(lines.Text(), true)
		}
	}()
	enc := json.NewEncoder(to)
	for k, m := range mutants {
		begin := 0
		if k < len(begins) && begins[k] != "" {
			if begin, err = strconv.Atoi(begins[k]); err != nil {
				return fmt.Errorf("-begin: %w", err)
			}
		}
		if err := enc.Encode(Run{Mutant: m}); err != nil { // from here on a crash is this one's
			return err
		}
		for n := range h.runs {
			i := h.first + (begin+n)%max(h.runs, begin+1)
			if _, dead := killed.Load(m); dead {
				break
			}
			r := next(m, i)
			if r == nil {
				break
			}
			r.Mutant = m
			if err := enc.Encode(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// legalRuns returns what does run i of a mutant of the engine: under plans that are
// legal.
func (h *harness) legalRuns(programs []*program) func(m string, i int) *Run {
	before := ""
	return func(m string, i int) *Run {
		name, flows, _ := strings.Cut(m, "@")
		if m != before {
			for _, p := range programs {
				p.among, p.drawn = strings.Fields(flows), nil
			}
			before = m
		}
		p := programs[i/workloads%len(programs)]
		mutant.Present = name
		defer func() { mutant.Present = "" }()
		return p.live(h.seed, i)
	}
}

// candidateRuns returns what does run i of a mutant of the checker: under plans that
// only the mutant lets pass; nil if there are none.
func (h *harness) candidateRuns(file string, programs []*program) (func(m string, i int) *Run, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var found map[string][]Candidate
	if err := json.Unmarshal(text, &found); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	byName := map[string]*program{}
	for _, p := range programs {
		byName[p.name] = p
	}
	return func(m string, i int) *Run {
		if len(found[m]) == 0 {
			return nil
		}
		c := found[m][i%len(found[m])]
		p := byName[c.Package]
		return p.run(p.candidate(c), h.seed, i)
	}, nil
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

	Runs int // in all, or so far of the mutant

	Requests, Paths, Undecided, Differences int // of the summary
	Reached                                 []string
}

func (f Finding) String() string {
	return fmt.Sprintf("%s run %d request %d of %s: %s\n\tunder %q", f.Package, f.Number, f.Request, f.Flow, f.Wrong, f.Plan)
}

func judgeAll(tables map[string]map[string]world.Flow, from io.Reader, to io.Writer) error {
	dec, enc := json.NewDecoder(bufio.NewReader(from)), json.NewEncoder(to)
	var sum Finding
	before := 0 // runs before the present mutant
	for dec.More() {
		var r Run
		if err := dec.Decode(&r); err != nil {
			return err
		}
		if r.History == nil {
			before = sum.Runs
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
			return enc.Encode(Finding{Package: r.Package, Mutant: r.Mutant, Seed: r.Seed, Number: r.Number, Plan: r.Plan, Request: i, Flow: flow, Wrong: wrong, Runs: sum.Runs - before})
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
