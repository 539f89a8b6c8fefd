// Command lockstep holds generated programs, built plainly and by fluxo, against
// each other, and prints what it came to as lines "name value unit".
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"fluxo.dev/fluxo/internal/lockstep"
	"fluxo.dev/fluxo/internal/lockstep/harness"
)

func main() {
	o := lockstep.Options{}
	flag.StringVar(&o.Fluxo, "fluxo", "fluxo", "the fluxo command")
	flag.StringVar(&o.Root, "root", ".", "the source of Fluxo")
	flag.StringVar(&o.Dir, "dir", "", "where the generated module is written")
	flag.IntVar(&o.Packages, "packages", 10, "generated packages")
	flag.IntVar(&o.Flows, "flows", 20, "flows of each package")
	flag.Uint64Var(&o.Seed, "seed", 1, "of the programs")
	runs := flag.Int("runs", 100, "live runs of each package")
	from := flag.Uint64("from", 1, "seed of the first run")
	mutant := flag.String("mutant", "", "what the checker forgets; all: each of its mutants in turn")
	flag.Parse()
	ctx := context.Background()
	pair, err := lockstep.Build(ctx, o)
	if err == nil && *mutant == "all" {
		err = mutants(ctx, pair, *from, *runs)
	} else if err == nil {
		err = once(ctx, pair, *from, *runs, *mutant)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func once(ctx context.Context, pair *lockstep.Pair, from uint64, runs int, mutant string) error {
	sum, err := pair.Run(ctx, from, runs, mutant)
	fmt.Printf("lockstep.programs %d programs\nlockstep.runs %d runs\nlockstep.differences %d differences\n", sum.Programs, sum.Runs, len(sum.Differences))
	fmt.Printf("lockstep.requests %d requests\nlockstep.paths %d runs\nlockstep.undecided %d requests\n", sum.Requests, sum.Paths, sum.Undecided)
	for i, d := range sum.Differences {
		if i == 10 {
			break
		}
		fmt.Printf("%s run %d request %d of %s: %s\n\tunder %q\n", d.Package, d.Number, d.Request, d.Flow, d.Wrong, d.Plan)
	}
	for _, r := range sum.Reached {
		fmt.Println("reached", r)
	}
	return err
}

// mutants runs every mutant of the checker until the judge finds a difference.
func mutants(ctx context.Context, pair *lockstep.Pair, from uint64, runs int) error {
	survived := 0
	all := harness.Mutants()
	for _, m := range all {
		sum, err := pair.Run(ctx, from, runs, m)
		if err != nil {
			return fmt.Errorf("mutant %s: %w", m, err)
		}
		verdict := "killed"
		if len(sum.Differences) == 0 {
			verdict = "survived"
			survived++
		}
		fmt.Printf("mutant %q %s: %d runs, %d differences\n", m, verdict, sum.Runs, len(sum.Differences))
	}
	fmt.Printf("mutants.total %d mutants\nmutants.survived %d mutants\n", len(all), survived)
	return nil
}
