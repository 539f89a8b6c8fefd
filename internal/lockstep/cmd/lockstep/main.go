// Command lockstep holds generated programs, built plainly and by fluxo, against
// each other, and prints what it came to as lines "name value unit".
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"fluxo.dev/fluxo/internal/lockstep"
	"fluxo.dev/fluxo/internal/lockstep/harness"
)

func main() {
	o := lockstep.Options{}
	flag.StringVar(&o.Fluxo, "fluxo", "fluxo", "the fluxo command")
	flag.StringVar(&o.Root, "root", ".", "the source of Fluxo")
	flag.StringVar(&o.Dir, "dir", "", "where the generated module is written")
	flag.IntVar(&o.Packages, "packages", 13, "generated packages")
	flag.IntVar(&o.Flows, "flows", 40, "flows of each package")
	flag.Uint64Var(&o.Seed, "seed", 1, "of the programs")
	built := flag.Bool("built", false, "the module is written and built already")
	runs := flag.Int("runs", 1600, "live runs of each package, or of each mutant")
	from := flag.Uint64("from", 1, "seed of the first run")
	mutants := flag.String("mutants", "", "what the checker forgets, with commas between; all: each of its mutants")
	flag.Parse()
	ctx := context.Background()
	pair, err := build(ctx, o, *built)
	switch {
	case err != nil:
	case *mutants == "all":
		err = fates(ctx, pair, harness.Mutants(), *from, *runs)
	case *mutants != "":
		err = fates(ctx, pair, strings.Split(*mutants, ","), *from, *runs)
	default:
		err = once(ctx, pair, *from, *runs)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func build(ctx context.Context, o lockstep.Options, built bool) (*lockstep.Pair, error) {
	if built {
		return lockstep.Built(o), nil
	}
	return lockstep.Build(ctx, o)
}

func once(ctx context.Context, pair *lockstep.Pair, from uint64, runs int) error {
	sum, err := pair.Run(ctx, from, runs)
	sum.Print(os.Stdout)
	sum.Reach().Print(os.Stdout)
	return err
}

func fates(ctx context.Context, pair *lockstep.Pair, names []string, from uint64, runs int) error {
	all, err := pair.Mutants(ctx, names, from, runs)
	survived := 0
	for _, f := range all {
		if !f.Killed() {
			survived++
		}
		fmt.Println(f)
	}
	fmt.Printf("mutants.total %d mutants\nmutants.survived %d mutants\n", len(all), survived)
	return err
}
