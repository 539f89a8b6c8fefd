package command

// Traces that commands are given, and the service that they are of.

import (
	"context"
	"fmt"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/pattern/planner"
)

// A traced is a service with what was recorded of it.
type traced struct {
	*service
	program *program
	files   []string
	record  *planner.Record
}

// readTraced reads the service that the command line names, and traces of it. own lists the
// command's flags.
func readTraced(ctx context.Context, c console, args *arguments, own ...string) (*traced, error) {
	files := args.all("trace")
	if len(files) == 0 {
		return nil, usageError("which trace? -trace FILE names one, as fluxo record writes it")
	}
	args.drop(append(own, "trace")...)
	record, err := planner.Open(files, func(warning string) { fmt.Fprintf(c.err, "warning: %s\n", warning) })
	if err != nil {
		return nil, err
	}
	s, p, err := oneService(ctx, c, args)
	if err != nil {
		return nil, err
	}
	if err := s.agrees(record.Head()); err != nil {
		return nil, err
	}
	return &traced{s, p, files, record}, nil
}

// oneService reads the one service that the command line names.
func oneService(ctx context.Context, c console, args *arguments) (*service, *program, error) {
	p, err := read(ctx, args, false)
	if err != nil {
		return nil, nil, err
	}
	if err := p.refuse(c.err); err != nil {
		return nil, nil, err
	}
	services, err := p.services()
	if err != nil {
		return nil, nil, err
	}
	if len(services) != 1 {
		return nil, nil, usageError(fmt.Sprintf("a plan is for one service, and here are %d; name the package of one", len(services)))
	}
	return services[0], p, nil
}

// agrees fails if the trace is not of this service as it stands.
func (s *service) agrees(t *profile.Trace) error {
	now := map[graph.FlowName]string{}
	for _, f := range s.flows {
		now[f.Graph.Flow] = f.Graph.String()
	}
	for _, f := range t.Flows {
		text, ok := now[f.Name]
		if !ok {
			return fmt.Errorf("the trace has a flow %s, and %s has none: it is of another service", f.Name, s.pkg.Path)
		}
		what, err := profile.Differ(f.Name, f.Graph, text)
		if err != nil {
			return err
		}
		if what != "" {
			return fmt.Errorf("%s has changed since the trace was recorded, first at %s: record one of the present version", f.Name, what)
		}
	}
	return nil
}
