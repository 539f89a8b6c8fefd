// Command lockstep holds generated programs, built plainly and by fluxo, against
// each other, and prints what it came to as lines "name value unit".
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"fluxo.dev/fluxo/internal/lockstep"
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
	without := flag.String("without", "", "a conjunct that the checker forgets")
	flag.Parse()
	ctx := context.Background()
	pair, err := lockstep.Build(ctx, o)
	if err == nil {
		var sum lockstep.Summary
		sum, err = pair.Run(ctx, *from, *runs, *without)
		fmt.Printf("lockstep.programs %d programs\nlockstep.runs %d runs\nlockstep.differences %d differences\n", sum.Programs, sum.Runs, len(sum.Differences))
		fmt.Printf("lockstep.requests %d requests\nlockstep.paths %d runs\nlockstep.undecided %d requests\n", sum.Requests, sum.Paths, sum.Undecided)
		for i, d := range sum.Differences {
			if i == 10 {
				break
			}
			fmt.Printf("%s seed %d request %d of %s: %s\n\tunder %q\n", d.Package, d.Seed, d.Request, d.Flow, d.Wrong, d.Plan)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
