package command

// fluxo plan.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/pattern/planner"
)

const planHelp = `Plan looks for a plan that makes a service faster: it takes traces of the running
service, has patterns propose decisions, holds each against the source as fluxo check
does, replays the traces under them, and shows what would change in the plan beside the main package,
with the evidence. On a terminal it asks whether to write that; elsewhere it writes only with -y.

	fluxo plan -trace FILE ./weather         show what would change in ./weather/fluxo.plan, and ask
	fluxo plan -trace FILE -y ./weather      write it
	fluxo plan -trace FILE -n ./weather      only show it
	fluxo plan -trace FILE -json ./weather   the same for programs; writes only with -y

fluxo record writes such files; -trace may stand several times, for days, and for processes, which count as one. Lines that the
author marked pin, never or off stay as they are. The search ends after 10 minutes, or -timeout TIME.

Patterns of others are found if a file fluxo_patterns.go beside the main package imports them:

	//go:build fluxoplan

	package main

	import _ "example.com/patterns/prefetch"

The line above it keeps them out of the service. They run in a process of their own, and what they propose
is checked like everything else.`

// planFor is how long a plan is looked for if nothing is said.
const planFor = 10 * time.Minute

func runPlan(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("plan", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("plan", "trace", "y", "timeout"); err != nil {
		return err
	}
	if err := changeDir(args); err != nil {
		return err
	}
	yes, dry, asJSON := args.on("y"), args.on("n"), args.on("json")
	if yes && dry {
		return usageError("-y writes the plan and -n does not; give one of them")
	}
	limit := planFor
	if text, given := args.get("timeout"); given {
		if limit, err = time.ParseDuration(text); err != nil || limit <= 0 {
			return usageError(fmt.Sprintf("-timeout is a time like 90s or 10m, not %q", text))
		}
	}
	t, err := readTraced(ctx, c, args, "y", "n", "json", "timeout")
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	pr, err := t.propose(ctx, c, limit)
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; nothing is written")
	}
	if err != nil {
		return err
	}
	stop() // from here on an interrupt ends the command
	if asJSON {
		text, err := json.MarshalIndent(pr.answer, "", "\t")
		if err != nil {
			return err
		}
		fmt.Fprintf(c.out, "%s\n", text)
	} else {
		pr.print(c.out)
	}
	return pr.settle(c, yes, dry, asJSON)
}

// settle writes the proposal if it is to be written, and asks where that is not said.
func (p *proposal) settle(c console, yes, dry, asJSON bool) error {
	switch {
	case !p.changes() && p.old == nil:
		fmt.Fprintln(c.err, "nothing that is legal gains enough: no plan is written, and every flow runs as written")
		return nil
	case !p.changes() && len(p.broken()) > 0:
		fmt.Fprintf(c.err, "%s stays as it is: no plan was found that keeps %s\n", p.short, strings.Join(p.broken(), " and "))
		return nil
	case !p.changes():
		fmt.Fprintf(c.err, "%s stays as it is: what was found gains less than %g %% over it\n", p.short, 100*worthwhile)
		return nil
	case dry:
		return nil
	case !yes && (asJSON || !isTerminal(c.in) || !isTerminal(c.err)):
		fmt.Fprintf(c.err, "%s is not written; -y writes it\n", p.short)
		return nil
	case !yes && !confirmed(c, fmt.Sprintf("write %s?", p.short)):
		fmt.Fprintf(c.err, "%s is not written\n", p.short)
		return nil
	}
	return p.write(c)
}

// propose looks for a plan, and holds what the planner answers against the source.
func (t *traced) propose(ctx context.Context, c console, limit time.Duration) (*proposal, error) {
	base := t.plan
	if base == nil {
		base = plan.New(t.program.env.short(t.file))
	}
	kept, err := fixed(base, t.record.Asked)
	if err != nil {
		return nil, err
	}
	progress := newProgress(c.err)
	defer progress.end()
	progress.tell(fmt.Sprintf("%s of %s", requestsAnd(t.record.Split(t.scheduled())), t.record.Head().Service))
	a, foreign, err := t.ask(ctx, progress, limit, planner.Question{Name: base.Name, Plan: string(kept.Format())})
	if err != nil {
		return nil, err
	}
	progress.tell("replaying the trace under the proposed plan")
	return t.accept(base, a, foreign)
}

// fixed is a plan without the lines that the search may take out: those of its own, about flows that
// somebody asked for. Of the others a trace says nothing.
func fixed(f *plan.File, asked map[graph.FlowName]bool) (*plan.File, error) {
	out, err := plan.Parse(f.Name, f.Format())
	if err != nil {
		return nil, err
	}
	for _, fl := range f.Flows() {
		for _, d := range fl.Decisions {
			if d.Mark == plan.None && asked[fl.Name] {
				if err := out.Remove(d.ID(fl.Name)); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}
