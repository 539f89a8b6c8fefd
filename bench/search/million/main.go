// Command million finds a plan for the trace in a file, and prints the seconds that it took and the
// megabytes of memory that the process had at most.
package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"fluxo.dev/fluxo/bench/usage"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/pattern"
	"fluxo.dev/fluxo/pattern/planner" // which links all patterns that Fluxo has
)

func main() {
	planner.BoundGarbage()
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// file reads through a buffer.
type file struct {
	*bufio.Reader
	io.Closer
}

func run(name string) error {
	began := time.Now()
	trace, err := profile.NewStream(func() (io.ReadCloser, error) {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		return file{bufio.NewReaderSize(f, 1<<16), f}, nil
	})
	if err != nil {
		return err
	}
	r, err := search.Find(context.Background(), search.Problem{Trace: trace, Base: plan.New("fluxo.plan"), Patterns: pattern.All()})
	if err != nil {
		return err
	}
	took := time.Since(began)
	used, err := usage.Of(os.Getpid())
	if err != nil {
		return err
	}
	fmt.Printf("%.2f %.1f\n", took.Seconds(), float64(used.Memory)/1e6)
	fmt.Fprintf(os.Stderr, "# search.million: %d requests, compared on one in %d; mean %s, then %s\n%s",
		len(r.After.Requests), r.Sample, search.Text(plan.Mean, search.Value(plan.Mean, r.Before)), search.Text(plan.Mean, search.Value(plan.Mean, r.After)), r.Plan.Format())
	return nil
}
