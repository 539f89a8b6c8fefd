package lockstep

// Mutants of the checker and of the engine: each is killed by a difference, or survives.

import (
	"context"
	_ "embed" // killers.txt
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/internal/lockstep/harness"
)

// A Fate is what became of a mutant.
type Fate struct {
	Mutant string
	Killer harness.Finding // the first difference; Wrong is empty if it survived
}

// Killed reports whether a difference was found.
func (f Fate) Killed() bool { return f.Killer.Wrong != "" }

func (f Fate) String() string {
	if !f.Killed() {
		return fmt.Sprintf("survived %q", f.Mutant)
	}
	return fmt.Sprintf("killed   %q, run %d: %s", f.Mutant, f.Killer.Runs, f.Killer)
}

// killers are runs of seed 1 that killed mutants before: they begin with those. Whoever is not killed by them any more
// goes through all runs.
var killers = readKillers(killersText)

//go:embed killers.txt
var killersText string

func readKillers(text string) map[string]int {
	out := map[string]int{}
	for line := range strings.Lines(text) {
		number, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		n, err := strconv.Atoi(number)
		if err != nil {
			panic(fmt.Sprintf("killers.txt: %q: %v", line, err))
		}
		out[name] = n
	}
	return out
}

// Killers are the lines of killers.txt for mutants that were killed.
func Killers(fates []Fate) string {
	var lines []string
	for _, f := range fates {
		if f.Killer.Package != "" {
			lines = append(lines, fmt.Sprintf("%d %s\n", f.Killer.Number, f.Mutant))
		}
	}
	slices.SortFunc(lines, func(a, b string) int {
		_, a, _ = strings.Cut(a, " ")
		_, b, _ = strings.Cut(b, " ")
		return strings.Compare(a, b)
	})
	return strings.Join(lines, "")
}

// CheckerMutants runs plans that only the named mutants of the checker let pass, for
// each up to runs times, until one makes a difference. A planned program that dies
// under such a plan is a difference, too.
func (p *Pair) CheckerMutants(ctx context.Context, names []string, seed uint64, runs int) ([]Fate, error) {
	file, err := p.search(ctx)
	if err != nil {
		return nil, err
	}
	return p.fates(ctx, p.planned, names, "-candidates", file, "-seed", fmt.Sprint(seed), "-runs", fmt.Sprint(runs))
}

// EngineMutants runs plans that are legal on the named mutants of the engine, likewise. A
// difference that the engine as it is makes in the same run is nobody's death, but an
// error.
func (p *Pair) EngineMutants(ctx context.Context, names []string, seed uint64, runs int) ([]Fate, error) {
	all, err := p.fates(ctx, p.mutants, names, "-seed", fmt.Sprint(seed), "-runs", fmt.Sprint(runs))
	if err != nil {
		return all, err
	}
	return all, atOnce(func(i int) error {
		var same, numbers []string
		for at := i; at < len(all); at += processors {
			if f := all[at]; f.Killer.Package != "" { // else it survived, or died without a word
				_, flows, _ := strings.Cut(f.Mutant, "@")
				same, numbers = append(same, "none@"+flows), append(numbers, fmt.Sprint(f.Killer.Number))
			}
		}
		if len(same) == 0 {
			return nil
		}
		var wrong error
		err := p.pipe(ctx, p.mutants, nil, func(own harness.Finding) {
			if own.Wrong != "" {
				wrong = fmt.Errorf("the engine as it is makes a difference: %v", own)
			}
		}, "-mutants", strings.Join(same, ","), "-begin", strings.Join(numbers, ","), "-seed", fmt.Sprint(seed), "-runs", "1")
		return errors.Join(err, wrong)
	})
}

// fates has each of some processes look after every nth mutant.
func (p *Pair) fates(ctx context.Context, binary string, names []string, args ...string) ([]Fate, error) {
	out := make([]Fate, len(names))
	return out, atOnce(func(i int) error {
		var mine []*Fate
		for at := i; at < len(names); at += processors {
			out[at].Mutant = names[at]
			mine = append(mine, &out[at])
		}
		return p.kill(ctx, binary, mine, args)
	})
}

// atOnce does something once for each processor.
func atOnce(do func(i int) error) error {
	errs := make(chan error, processors)
	for i := range processors {
		go func() { errs <- do(i) }()
	}
	var all error
	for range processors {
		all = errors.Join(all, <-errs)
	}
	return all
}

// kill runs mutants one after the other in one process, and in another one where that
// died.
func (p *Pair) kill(ctx context.Context, binary string, left []*Fate, args []string) error {
	for len(left) > 0 {
		now, err := p.killUntilDeath(ctx, binary, left, args)
		var died *crash
		switch {
		case err == nil:
			return nil
		case errors.As(err, &died) && now >= 0 && ctx.Err() == nil:
			if !left[now].Killed() {
				left[now].Killer = harness.Finding{Mutant: left[now].Mutant, Wrong: firstLine(died.text)}
			}
			left = left[now+1:]
		default:
			return err
		}
	}
	return nil
}

// killUntilDeath is one process; now is the mutant that it was at.
func (p *Pair) killUntilDeath(ctx context.Context, binary string, left []*Fate, args []string) (now int, err error) {
	names, begins := make([]string, len(left)), make([]string, len(left))
	for i, f := range left {
		names[i], begins[i] = f.Mutant, fmt.Sprint(killers[f.Mutant])
	}
	now = -1
	tell, told := io.Pipe()
	toldAll := make(chan string, 2*len(names))
	go func() {
		for m := range toldAll {
			fmt.Fprintln(told, m)
		}
		told.Close()
	}()
	err = p.pipe(ctx, binary, tell, func(f harness.Finding) {
		i := slices.Index(names, f.Mutant)
		switch {
		case i < 0:
		case f.Wrong == "":
			now = i
		case !left[i].Killed():
			left[i].Killer = f
			toldAll <- f.Mutant
		}
	}, append(slices.Clone(args), "-mutants", strings.Join(names, ","), "-begin", strings.Join(begins, ","))...)
	tell.Close()
	close(toldAll)
	return now, err
}

func firstLine(s string) string {
	for line := range strings.Lines(s) {
		if strings.HasPrefix(line, "fatal error") || strings.HasPrefix(line, "panic") || strings.HasPrefix(line, "runtime:") {
			return "died: " + strings.TrimSpace(line)
		}
	}
	return "died without a word"
}

// search looks for candidates once, and returns the file they are in.
func (p *Pair) search(ctx context.Context) (string, error) {
	file := filepath.Join(p.o.Dir, "candidates.json")
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	c := exec.CommandContext(ctx, p.planned, "-search")
	var complaint strings.Builder
	c.Stderr = &complaint
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("search for plans: %w\n%s", err, tail(complaint.String()))
	}
	return file, os.WriteFile(file, out, 0o644)
}
