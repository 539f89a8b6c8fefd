package command

// fluxo explain.

import (
	"context"
	"fmt"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/pattern"
)

const explainHelp = `Explain says of each decision of a plan why it stands: what the replay of a trace gains by
it, which conditions of which laws it was held against, and what would serve best in its place.

	fluxo explain -trace FILE ./weather`

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
	s, err := readTraced(ctx, c, args)
	if err != nil {
		return err
	}
	if s.plan == nil {
		fmt.Fprintln(c.out, "no plan here: every flow runs as written")
		return nil
	}
	reasons, goal, err := search.Explain(ctx, search.Problem{
		Trace: s.trace, Base: s.plan, Sole: s.facts().Sole, Patterns: pattern.All(),
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(c.out, "mean %s under the whole plan\n", seconds(goal))
	flow := graph.FlowName("")
	for _, r := range reasons {
		if r.Flow != flow {
			flow = r.Flow
			fmt.Fprintf(c.out, "\n%s\n", flow)
		}
		fmt.Fprintf(c.out, "  %s\n    without it %s\n", r.Decision, seconds(r.Without))
		if r.Instead != nil {
			fmt.Fprintf(c.out, "    nearest: %s, with which %s\n", r.Instead.Decisions[0], seconds(r.With))
		}
		if laws := s.held(r.Flow, r.Decision); laws != "" {
			fmt.Fprintf(c.out, "    legal by %s\n", laws)
		}
	}
	return nil
}

// held lists the conjuncts that a decision was held against.
func (s *service) held(flow graph.FlowName, d plan.Decision) string {
	for _, f := range s.flows {
		if f.Graph.Flow != flow {
			continue
		}
		v, _, _ := judge(f.Graph, []plan.Decision{d}, s.facts())
		var ids []string
		for _, one := range v.Verdicts {
			for _, id := range one.Holds {
				ids = append(ids, string(id))
			}
		}
		return strings.Join(ids, " ")
	}
	return ""
}
