package command

// fluxo plan.

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/pattern"
	_ "fluxo.dev/fluxo/pattern/cache"
	_ "fluxo.dev/fluxo/pattern/coalesce"
	_ "fluxo.dev/fluxo/pattern/parallel"
)

const planHelp = `Plan looks for a plan that makes a service faster: it takes a trace of the running
service, has patterns propose decisions, holds each against the source as fluxo check
does, replays the trace under them, and writes the plan beside the main package.

	fluxo plan -trace FILE ./weather     write ./weather/fluxo.plan
	fluxo plan -trace FILE -n ./weather  only show what would change

fluxo record writes such a file. Lines that the author marked pin, never or off stay as they are.`

func runPlan(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("plan", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("plan", "trace", "n"); err != nil {
		return err
	}
	if err := changeDir(args); err != nil {
		return err
	}
	dry := args.on("n")
	s, p, trace, err := traced(ctx, c, args, "trace", "n")
	if err != nil {
		return err
	}
	return s.improve(ctx, c, p, trace, dry)
}

// traced reads the service that the command line names, and a trace of it. own lists the command's flags.
func traced(ctx context.Context, c console, args *arguments, own ...string) (*service, *program, *profile.Trace, error) {
	file, _ := args.get("trace")
	if file == "" {
		return nil, nil, nil, usageError("which trace? -trace FILE names one, as fluxo record writes it")
	}
	args.drop(own...)
	trace, err := readTrace(c, file)
	if err != nil {
		return nil, nil, nil, err
	}
	p, err := read(ctx, args, false)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := p.refuse(c.err); err != nil {
		return nil, nil, nil, err
	}
	services, err := p.services()
	if err != nil {
		return nil, nil, nil, err
	}
	if len(services) != 1 {
		return nil, nil, nil, usageError(fmt.Sprintf("a plan is for one service, and here are %d; name the package of one", len(services)))
	}
	if err := services[0].agrees(trace); err != nil {
		return nil, nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	return services[0], p, trace, nil
}

// readTrace reads a file of fluxo record. Of one that was cut off what is whole counts.
func readTrace(c console, name string) (*profile.Trace, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	t, err := profile.Read(f)
	switch {
	case err != nil && (t == nil || len(t.Runs) == 0):
		return nil, fmt.Errorf("%s: %w", name, err)
	case err != nil:
		fmt.Fprintf(c.err, "warning: %s: %v; the %d requests before count\n", name, err, len(t.Runs))
	case len(t.Runs) == 0:
		return nil, fmt.Errorf("%s has no request in it: record while the service is used", name)
	}
	return t, nil
}

// agrees fails if the trace is not of this service as it stands.
func (s *service) agrees(t *profile.Trace) error {
	now := map[graph.FlowName]string{}
	for _, f := range s.flows {
		now[f.Graph.Flow] = f.Graph.String()
	}
	for _, f := range t.Flows {
		switch text, ok := now[f.Name]; {
		case !ok:
			return fmt.Errorf("the trace has a flow %s, and %s has none: it is of another service", f.Name, s.pkg.Path)
		case text != f.Graph:
			return fmt.Errorf("%s has changed since the trace was recorded: record one of the present version", f.Name)
		}
	}
	return nil
}

// improve looks for a plan and writes it.
func (s *service) improve(ctx context.Context, c console, p *program, trace *profile.Trace, dry bool) error {
	base := plan.New(p.env.short(s.file))
	if s.plan != nil {
		base = s.plan
	}
	kept, err := authored(base)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%d requests of %s\n", len(trace.Runs), trace.Service)
	r, err := search.Find(ctx, search.Problem{
		Trace: trace, Base: kept, Sole: s.facts().Sole, Patterns: pattern.All(), Goal: search.Mean,
		Progress: func(what string) { fmt.Fprintf(c.err, "  %s\n", what) },
	})
	if err != nil {
		return err
	}
	report(c.out, r)
	if dry {
		return nil
	}
	if err := os.WriteFile(s.file, r.Plan.Format(), 0o644); err != nil {
		return err
	}
	fmt.Fprintf(c.err, "%s is written\n", p.env.short(s.file))
	return nil
}

// authored is a plan without the lines that a tool may take out.
func authored(f *plan.File) (*plan.File, error) {
	out, err := plan.Parse(f.Name, f.Format())
	if err != nil {
		return nil, err
	}
	for _, fl := range f.Flows() {
		for _, d := range fl.Decisions {
			if d.Mark == plan.None {
				if err := out.Remove(d.ID(fl.Name)); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}

// report prints what was decided and why.
func report(w io.Writer, r *search.Result) {
	for _, s := range r.Steps {
		for _, d := range s.Candidate.Decisions {
			fmt.Fprintf(w, "+ %s %s\n", s.Candidate.Flow, d)
		}
		fmt.Fprintf(w, "    %s: mean %s, with it %s; %s\n", s.Candidate.Pattern, seconds(s.Before), seconds(s.After), s.Candidate.Why)
		if s.Next != nil {
			fmt.Fprintf(w, "    next to it: %s, with which %s\n", s.Next, seconds(s.NextAfter))
		}
	}
	for _, no := range r.Refused {
		fmt.Fprintf(w, "refused %s\n%s", no.Candidate, indent(no.Reason))
	}
	fmt.Fprintln(w)
	printOutcomes(w, []string{"as written", "predicted"}, []*sim.Outcome{r.Before, r.After})
}

func indent(s string) string {
	var b bytes.Buffer
	for line := range strings.Lines(strings.TrimSpace(s)) {
		b.WriteString("    " + strings.TrimRight(line, "\n") + "\n")
	}
	return b.String()
}

func seconds(s float64) string {
	return round(time.Duration(s * float64(time.Second)))
}

// round prints a time to three digits.
func round(d time.Duration) string {
	for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond} {
		if d >= unit {
			return d.Round(unit / 100).String()
		}
	}
	return d.String()
}

func quantile(o *sim.Outcome, q float64) string {
	var all []time.Duration
	for _, r := range o.Requests {
		all = append(all, r.Took)
	}
	slices.Sort(all)
	return round(all[min(int(q*float64(len(all))), len(all)-1)])
}

func calls(o *sim.Outcome) (n int) {
	for _, k := range o.Calls {
		n += k
	}
	return n
}
