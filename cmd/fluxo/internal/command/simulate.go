package command

// fluxo simulate.

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"fluxo.dev/fluxo/cmd/fluxo/internal/chart"
	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/pattern/planner"
)

const simulateHelp = `Simulate replays traces as written and under the present plan, and says how long requests
would take, on the machine and beside the upstreams that you suppose.

	fluxo simulate -trace FILE ./weather
	fluxo simulate -trace FILE -memory 8MiB -cores 4 ./weather
	fluxo simulate -trace FILE -rate 3 -slower 10 ./weather             requests thrice as often, all upstreams ten times slower
	fluxo simulate -trace FILE -slower weather.Observe=down ./weather   one of them fails, in the time that it takes to answer

Several values make a table, with a line for each, and for each combination where several flags have them. Of
the values of one flag -svg draws curves instead:

	fluxo simulate -trace FILE -memory 1MiB,4MiB,16MiB,64MiB -rate 1,10 ./weather
	fluxo simulate -trace FILE -slower weather.Observe=0.3,1,3,10,down -svg ./weather >slower.svg`

func runSimulate(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("simulate", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("simulate", "trace", "memory", "cores", "rate", "slower", "svg"); err != nil {
		return err
	}
	if err := changeDir(args); err != nil {
		return err
	}
	supposed, err := suppositions(args)
	if err != nil {
		return err
	}
	draw := args.on("svg")
	if n := supposed.lists(); draw && n != 1 {
		return usageError(fmt.Sprintf("-svg draws the values of one flag, and here %d have several: write them as in -memory 1MiB,4MiB,16MiB", n))
	}
	t, err := readTraced(ctx, c, args, "memory", "cores", "rate", "slower", "svg")
	if err != nil {
		return err
	}
	rows, err := t.replays(ctx, c, supposed)
	if err != nil {
		return err
	}
	switch {
	case draw:
		fmt.Fprint(c.out, chart.SVG(supposed.figure(t.record.Head().Service, rows)))
		return nil
	case len(rows) == 1:
		return printReplay(c.out, rows[0])
	}
	return supposed.print(c.out, rows)
}

// A simulated is what came of one combination of what is supposed.
type simulated struct {
	values  []string // of each flag
	written replayed
	planned *replayed // nil without a plan
}

// A replayed is a prediction, or why there is none.
type replayed struct {
	*planner.Prediction
	err error
}

// replays replays every combination, as written and under the plan, some at a time.
func (t *traced) replays(ctx context.Context, c console, all suppositionSet) ([]*simulated, error) {
	read, err := t.record.Replays()
	if err != nil {
		return nil, err
	}
	combinations := all.combinations()
	rows := make([]*simulated, len(combinations))
	var (
		jobs []func()
		errs = make([]error, 2*len(combinations))
	)
	for i, values := range combinations {
		o, err := t.options(read, all, values)
		if err != nil {
			return nil, err
		}
		rows[i] = &simulated{values: values}
		written := t.written(o)
		jobs = append(jobs, func() { rows[i].written, errs[i] = simulateOne(read, written) })
		if t.plan == nil {
			continue
		}
		rows[i].planned = &replayed{}
		under := t.under(o)
		jobs = append(jobs, func() { *rows[i].planned, errs[len(combinations)+i] = simulateOne(read, under) })
	}
	return rows, errors.Join(t.inTurns(ctx, c, jobs), errors.Join(errs...))
}

// written adds the flows as their authors wrote them to what a replay supposes.
func (s *service) written(o sim.Options) sim.Options {
	o.Plans, o.Scheduled = s.writtenGraphs(), s.scheduled()
	return o
}

// under adds the service's plan to what a replay supposes.
func (s *service) under(o sim.Options) sim.Options {
	o.Plans, o.Scheduled = s.plannedGraphs(), s.scheduled()
	if m, ok := s.plan.Memory(); ok && o.Memory == 0 {
		o.Memory = int64(m)
	}
	return o
}

// inTurns runs jobs on all processors until ctx ends.
func (t *traced) inTurns(ctx context.Context, c console, jobs []func()) error {
	pr := newProgress(c.err)
	defer pr.end()
	work := make(chan func())
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for job := range work {
				job()
			}
		})
	}
	for i, job := range jobs {
		if len(jobs) > 2 {
			pr.pass(fmt.Sprintf("replay %d of %d", i+1, len(jobs)))
		}
		if ctx.Err() != nil {
			break
		}
		work <- job
	}
	close(work)
	wg.Wait()
	return ctx.Err()
}

// simulateOne replays a trace. A service that is overloaded is an outcome, too.
func simulateOne(read *sim.Trace, o sim.Options) (replayed, error) {
	out, err := sim.Run(read, o)
	switch {
	case errors.Is(err, sim.ErrOverload):
		return replayed{err: err}, nil
	case err != nil:
		return replayed{}, err
	}
	return replayed{Prediction: planner.Predict(out)}, nil
}
