// Command bench measures the published figures again.
//
//	bench [-list] [-rounds N] [-seed N] [figure …]
//
// It prints one line a figure, "name value unit", to standard output and remarks
// to standard error. Arguments choose figures by the beginning of their names.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"

	"fluxo.dev/fluxo/bench/figure"
)

func main() {
	list := flag.Bool("list", false, "name the figures and stop")
	rounds := flag.Int("rounds", 11, "how often each timing is repeated; the median is printed")
	seed := flag.Uint64("seed", 1, "seed of generated traces and workloads")
	flag.Parse()
	if *list {
		for _, f := range figures {
			fmt.Printf("%-24s %s\n", f.Name, f.About)
		}
		return
	}
	r := &figure.Report{To: os.Stdout, Notes: os.Stderr, Rounds: max(1, *rounds), Seed: *seed}
	if err := run(r, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(r *figure.Report, prefixes []string) error {
	chosen, err := figure.Choose(figures, prefixes)
	if err != nil {
		return err
	}
	r.Note("%s, %d processors, %d rounds, seed %d", runtime.Version(), runtime.GOMAXPROCS(0), r.Rounds, r.Seed)
	for _, f := range chosen {
		if err := f.Run(r); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}
