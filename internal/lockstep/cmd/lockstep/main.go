// Command lockstep holds generated programs, built plainly and by fluxo, against
// each other, and prints what it came to as lines "name value unit".
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"fluxo.dev/fluxo/internal/lockstep"
	"fluxo.dev/fluxo/internal/lockstep/harness"
	"fluxo.dev/fluxo/internal/lockstep/patch"
)

func main() {
	var r runner
	o := &r.options
	flag.StringVar(&o.Fluxo, "fluxo", "fluxo", "the fluxo command")
	flag.StringVar(&o.Root, "root", ".", "the source of Fluxo")
	flag.StringVar(&o.Dir, "dir", "", "where the generated module is written, and stays; a temporary directory if empty")
	flag.IntVar(&o.Packages, "packages", lockstep.Packages, "generated packages")
	flag.IntVar(&o.Flows, "flows", lockstep.Flows, "flows of each package")
	flag.Uint64Var(&o.Seed, "seed", 1, "of the programs")
	flag.BoolVar(&r.built, "built", false, "the module is in -dir and built already")
	flag.IntVar(&r.runs, "runs", lockstep.Runs, "live runs of each package, or of each mutant")
	flag.Uint64Var(&r.from, "from", 1, "seed of the first run")
	checker := flag.String("checker", "", "mutants of the checker, with commas between; all: each of them")
	engine := flag.String("engine", "", "mutants of the engine, with commas between; all: each of them")
	long := flag.Duration("for", 0, "go on with new programs for so long")
	flag.StringVar(&r.keep, "keep", "", "directory for the differences that are found, made small; not kept if empty")
	flag.Parse()
	ctx := context.Background()
	var err error
	switch {
	case *long > 0:
		err = r.soak(ctx, *long)
	case *checker != "":
		err = r.mutants(ctx, func(p *lockstep.Pair) ([]lockstep.Fate, error) {
			return p.CheckerMutants(ctx, names(*checker, harness.Mutants()), r.from, r.runs)
		})
	case *engine != "":
		err = r.mutants(ctx, func(p *lockstep.Pair) ([]lockstep.Fate, error) {
			if !r.built {
				if err := p.BuildMutants(ctx); err != nil {
					return nil, err
				}
			}
			return p.EngineMutants(ctx, names(*engine, patch.Names()), r.from, r.runs)
		})
	default:
		err = r.once(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lockstep:", err)
		os.Exit(1)
	}
}

// names lists the mutants that text names.
func names(text string, all []string) []string {
	if text == "all" {
		return all
	}
	return strings.Split(text, ",")
}

// A runner is what the flags ask for.
type runner struct {
	options lockstep.Options
	built   bool
	runs    int
	from    uint64
	keep    string
}

// with calls f with the pair, built if it is not.
func (r *runner) with(ctx context.Context, f func(*lockstep.Pair) error) error {
	if r.built {
		return f(lockstep.Built(r.options))
	}
	o := r.options
	if o.Dir == "" {
		dir, err := os.MkdirTemp("", "lockstep-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.Dir = dir
	}
	p, err := lockstep.Build(ctx, o)
	if err != nil {
		return err
	}
	return f(p)
}

// once does the runs of one module.
func (r *runner) once(ctx context.Context) error {
	return r.with(ctx, func(p *lockstep.Pair) error {
		sum, err := p.Run(ctx, r.from, r.runs)
		lockstep.Print(os.Stdout, sum.Lines())
		for _, m := range sum.Reach().Missing {
			fmt.Println("not reached:", m)
		}
		return r.tell(ctx, p, sum, err)
	})
}

// maxTold bounds how many differences of one module are told in words, and kept.
const maxTold = 10

// tell prints differences, and keeps them.
func (r *runner) tell(ctx context.Context, p *lockstep.Pair, sum lockstep.Summary, err error) error {
	for i, d := range sum.Differences {
		if i == maxTold {
			break
		}
		fmt.Println(d)
		if r.keep == "" {
			continue
		}
		file, kept := p.Keep(ctx, d, r.keep)
		if kept != nil {
			return kept
		}
		fmt.Println("kept in", file)
	}
	return err
}

func (r *runner) mutants(ctx context.Context, run func(*lockstep.Pair) ([]lockstep.Fate, error)) error {
	return r.with(ctx, func(p *lockstep.Pair) error {
		all, err := run(p)
		for _, f := range all {
			fmt.Println(f)
		}
		lockstep.Print(os.Stdout, lockstep.FateLines(all))
		return err
	})
}

// soak goes on with programs of one seed after the other, for so long. It prints a line
// a minute.
func (r *runner) soak(ctx context.Context, long time.Duration) error {
	began, told := time.Now(), time.Now()
	var all lockstep.Summary
	tell := func() {
		told = time.Now()
		fmt.Printf("%v: %d programs, %d runs, %d requests, %d undecided, %d differences\n",
			time.Since(began).Round(time.Second), all.Programs, all.Runs, all.Requests, all.Undecided, len(all.Differences))
	}
	for time.Since(began) < long {
		err := r.with(ctx, func(p *lockstep.Pair) error {
			programs := p.Programs
			for done := 0; done < r.runs && time.Since(began) < long; done += soakRuns {
				sum, err := p.Run(ctx, r.from+uint64(done), soakRuns)
				sum.Programs, programs = programs, 0
				all.Add(sum)
				if err := r.tell(ctx, p, sum, err); err != nil {
					return err
				}
				if time.Since(told) > time.Minute {
					tell()
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		r.options.Seed += 1_000_000 // seeds of packages and flows lie between
	}
	tell()
	lockstep.Print(os.Stdout, all.Lines())
	if n := len(all.Differences); n > 0 {
		return fmt.Errorf("%d differences", n)
	}
	return nil
}

// soakRuns is how many runs of each package are done at a time: they are over well within a
// minute.
const soakRuns = 400
