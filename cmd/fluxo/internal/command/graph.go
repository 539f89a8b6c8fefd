package command

// fluxo graph.

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/draw"
)

const graphHelp = `Graph shows flows as Fluxo understands them: nodes in source order with what each
reads, sets and does to the world.

	fluxo graph                 every flow of the module, as text
	fluxo graph Weather         one flow; a full name works, too
	fluxo graph -plan Weather   with the nodes that the plan adds
	fluxo graph -dot Weather    for Graphviz
	fluxo graph -svg Weather    as a drawing

It takes build flags and packages as fluxo build does. A word that begins with a dot or a slash,
or holds ..., is a package (./cmd/server); any other is the name of a flow. Packages without a flow of
their own show those that they link: "fluxo graph -plan Weather ./cmd/server" has the
flow as that main package runs it.`

func runGraph(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("graph", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("graph", "dot", "svg", "plan"); err != nil {
		return err
	}
	if err := changeDir(args); err != nil {
		return err
	}
	dot, svg, planned := args.on("dot"), args.on("svg"), args.on("plan")
	if dot && svg {
		return usageError("-dot and -svg are two forms of one drawing; give one of them")
	}
	args.drop("dot", "svg", "plan")
	names, packages := splitNames(args.packages)
	args.packages = packages
	p, err := read(ctx, args, false)
	if err != nil {
		return err
	}
	if err := p.refuse(c.err); err != nil {
		return err
	}
	graphs, err := p.graphs(names, planned)
	if err != nil {
		return err
	}
	if (dot || svg) && len(graphs) != 1 {
		return usageError(fmt.Sprintf("a drawing shows one flow, and here are %d; name one of them: %s", len(graphs), namesOf(graphs)))
	}
	for i, g := range graphs {
		switch {
		case dot:
			fmt.Fprint(c.out, draw.DOT(g))
		case svg:
			fmt.Fprint(c.out, draw.SVG(g))
		case i > 0:
			fmt.Fprintf(c.out, "\n%s", g)
		default:
			fmt.Fprint(c.out, g)
		}
	}
	return nil
}

// graphs returns the flows of these names, all if there are none.
func (p *program) graphs(names []string, planned bool) ([]*graph.Graph, error) {
	var found []*graph.Graph
	for _, pkg := range p.pkgs {
		for _, f := range pkg.lifted.Flows {
			if (pkg.Matched || len(names) > 0) && isNamed(f.Graph.Flow, names) {
				found = append(found, f.Graph)
			}
		}
	}
	for _, n := range names {
		if !slices.ContainsFunc(found, func(g *graph.Graph) bool { return isNamed(g.Flow, []string{n}) }) {
			hint := p.packageHint(n)
			if all := flowsIn(p); len(all) > 0 {
				return nil, fmt.Errorf("there is no flow %s%s; these are the flows: %s", n, hint, namesOf(all))
			}
			return nil, fmt.Errorf("there is no flow %s, nor any other in %s%s", n, strings.Join(p.args.packages, " "), hint)
		}
	}
	if len(found) == 0 {
		found = flowsIn(p) // a main package is about what it links
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no function here is a flow: put //fluxo:flow above one, or a route such as //fluxo:get /path")
	}
	if planned {
		return p.plannedGraphs(found)
	}
	return found, nil
}

func flowsIn(p *program) (all []*graph.Graph) {
	for _, pkg := range p.pkgs {
		for _, f := range pkg.lifted.Flows {
			all = append(all, f.Graph)
		}
	}
	return all
}

func namesOf(graphs []*graph.Graph) string {
	var names []string
	for _, g := range graphs {
		names = append(names, string(g.Flow))
	}
	return strings.Join(names, ", ")
}

// plannedGraphs writes the plans of the services into the graphs. A flow that two of them
// plan has no one picture.
func (p *program) plannedGraphs(graphs []*graph.Graph) ([]*graph.Graph, error) {
	services, err := p.allServices()
	if err != nil {
		return nil, err
	}
	out := slices.Clone(graphs)
	by := map[graph.FlowName]*service{}
	for _, s := range services {
		for _, part := range s.plan.Flows() {
			i := slices.IndexFunc(graphs, func(g *graph.Graph) bool { return g.Flow == part.Name })
			if i < 0 {
				continue
			}
			if other := by[part.Name]; other != nil {
				return nil, fmt.Errorf("%s is planned by %s and by %s; name one of their packages: fluxo graph -plan %[1]s %[4]s",
					part.Name, p.env.short(other.file), p.env.short(s.file), p.env.short(filepath.Dir(other.file)))
			}
			by[part.Name] = s
			_, out[i], _ = judge(graphs[i], part.Decisions, s.facts())
		}
	}
	return out, nil
}
