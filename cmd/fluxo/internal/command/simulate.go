package command

// fluxo simulate.

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/pattern/planner"
)

const simulateHelp = `Simulate replays a trace as written and under the present plan, and says how long requests
would take, on the machine and beside the upstreams that you suppose.

	fluxo simulate -trace FILE ./weather
	fluxo simulate -trace FILE -memory 8MiB -cores 4 ./weather
	fluxo simulate -trace FILE -rate 3 -slower 10 ./weather             requests thrice as often, all upstreams ten times slower
	fluxo simulate -trace FILE -slower weather.Observe=10 ./weather     one of them`

func runSimulate(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("simulate", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("simulate", "trace", "memory", "cores", "rate", "slower"); err != nil {
		return err
	}
	if err := changeDir(args); err != nil {
		return err
	}
	o, err := suppositions(args)
	if err != nil {
		return err
	}
	s, err := readTraced(ctx, c, args, "memory", "cores", "rate", "slower")
	if err != nil {
		return err
	}
	if o.Slower, err = s.steps(o.Slower); err != nil {
		return err
	}
	read, err := sim.Read(s.trace)
	if err != nil {
		return err
	}
	written, err := sim.Run(read, o)
	if err != nil {
		return err
	}
	if s.plan == nil {
		printPredictions(c.out, []string{"as written"}, []*planner.Prediction{planner.Predict(written)})
		return nil
	}
	o.Plans = s.plannedGraphs()
	planned, err := sim.Run(read, o)
	if err != nil {
		return err
	}
	printPredictions(c.out, []string{"as written", "planned"}, []*planner.Prediction{planner.Predict(written), planner.Predict(planned)})
	return nil
}

// steps gives factors for steps by their full names, where they came by the ends of those.
func (s *service) steps(by map[string]float64) (map[string]float64, error) {
	out := map[string]float64{}
	for name, k := range by {
		found := false
		for _, f := range s.flows {
			for at := range f.Graph.Places() {
				if c := at.Node.Callee; c == name || strings.HasSuffix(c, "/"+name) {
					out[c], found = k, true
				}
			}
		}
		if !found {
			return nil, usageError(fmt.Sprintf("-slower: no flow calls a step %s; fluxo graph shows which they call", name))
		}
	}
	return out, nil
}

// suppositions reads the flags that say what is supposed.
func suppositions(args *arguments) (o sim.Options, err error) {
	if text, ok := args.get("memory"); ok {
		b, ok := plan.ParseBytes(text)
		if !ok {
			return o, usageError(fmt.Sprintf("-memory is a size like 64MiB, not %q", text))
		}
		o.Memory = int64(b)
	}
	if text, ok := args.get("rate"); ok {
		if o.Rate, err = factor("rate", text); err != nil {
			return o, err
		}
	}
	if text, ok := args.get("cores"); ok {
		if o.Cores, err = strconv.Atoi(text); err != nil || o.Cores < 1 {
			return o, usageError(fmt.Sprintf("-cores is a number from 1 on, not %q", text))
		}
	}
	for _, f := range args.flags {
		if f.name != "slower" {
			continue
		}
		step, text, one := strings.Cut(f.value, "=")
		if !one {
			step, text = "", step
		}
		k, err := factor("slower", text)
		if err != nil {
			return o, err
		}
		if !one {
			o.SlowerAll = k
			continue
		}
		if o.Slower == nil {
			o.Slower = map[string]float64{}
		}
		o.Slower[step] = k
	}
	return o, nil
}

func factor(name, text string) (float64, error) {
	k, err := strconv.ParseFloat(text, 64)
	if err != nil || k <= 0 || k > 1e6 {
		return 0, usageError(fmt.Sprintf("-%s is a factor above 0, not %q", name, text))
	}
	return k, nil
}

// plannedGraphs returns the flows under what of the plan is legal.
func (s *service) plannedGraphs() map[graph.FlowName]*graph.Graph {
	plans := map[graph.FlowName]*graph.Graph{}
	for _, f := range s.flows {
		v, planned, _ := judge(f.Graph, s.plan.Decisions(f.Graph.Flow), s.facts())
		if v.OK() {
			plans[f.Graph.Flow] = planned
		}
	}
	return plans
}
