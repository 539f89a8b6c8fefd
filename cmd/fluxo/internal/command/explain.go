package command

// fluxo explain.

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern/planner"
)

const explainHelp = `Explain says of each decision of a plan why it stands: what replays of a trace gain by it, and what
would serve best in its place; what a running service has measured of it; which conditions of which laws it
was held against (docs/laws.md has them).

	fluxo explain ./weather                                the conditions, and what is measured if the service runs
	fluxo explain -trace FILE ./weather                    and what a trace predicts
	fluxo explain -trace FILE Weather ./weather            one flow
	fluxo explain -trace FILE "store Locate" ./weather     one line, as the plan has it

A service is asked if it runs here as the same user, and was not told otherwise (FLUXO_CONTROL).`

func runExplain(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("explain", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("explain", "trace"); err != nil {
		return err
	}
	if err := changeDir(args); err != nil {
		return err
	}
	names, packages := splitNames(args.packages)
	args.packages = packages
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	e, err := readExplained(ctx, c, args)
	if err != nil {
		return err
	}
	if e.service.plan == nil {
		fmt.Fprintln(c.out, "no plan here: every flow runs as written")
		return nil
	}
	return e.print(c.out, names)
}

// An explained is a service with what is known of its plan.
type explained struct {
	service *service
	answer  *planner.Answer         // of a trace; nil without one
	asked   map[graph.FlowName]bool // flows that its requests came to
	running *look                   // nil if it does not run
}

func readExplained(ctx context.Context, c console, args *arguments) (*explained, error) {
	e := &explained{}
	var err error
	if len(args.all("trace")) == 0 {
		if e.service, _, err = oneService(ctx, c, args); err != nil {
			return nil, err
		}
	} else {
		t, err := readTraced(ctx, c, args)
		if err != nil {
			return nil, err
		}
		e.service, e.asked = t.service, t.record.Asked
		if e.service.plan != nil {
			if e.answer, err = t.explain(ctx, c); err != nil {
				return nil, err
			}
		}
	}
	e.running = e.service.running(ctx)
	return e, nil
}

// explain has a planner say why the decisions of the present plan stand.
func (t *traced) explain(ctx context.Context, c console) (*planner.Answer, error) {
	pr := newProgress(c.err)
	defer pr.end()
	a, _, err := t.ask(ctx, pr, planFor, planner.Question{Name: t.plan.Name, Plan: string(t.plan.Format()), Explain: true})
	if errors.Is(err, context.Canceled) {
		return nil, errors.New("interrupted")
	}
	return a, err
}

// running looks at the service if it runs here, and nil otherwise: nothing depends on it.
func (s *service) running(ctx context.Context) *look {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for _, r := range runningServices() {
		l, err := r.look(ctx)
		if err == nil && l.statistics.Service == s.pkg.Path {
			return &l
		}
	}
	return nil
}
