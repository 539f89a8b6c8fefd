package harness

// The flows of the process, by package and Go name. A generic one has an instance for each
// type that it is called with, and one plan for all of them.

import (
	"fmt"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/lockstep/world"
)

// A flow is one that plans name.
type flow struct {
	name      graph.FlowName
	graph     *graph.Graph
	instances []*engine.Registered // itself, if it is not generic
}

// maxInstances is how many instances of a generic flow a table has, at most: its entry calls the
// one that the length of the request's list says.
const maxInstances = 3

// flows lists the flows of packages.
func flows(tables map[string]map[string]world.Flow) (map[string]map[string]*flow, error) {
	out := map[string]map[string]*flow{}
	for _, name := range engine.PlanNames() {
		g, err := engine.GraphOf(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		pkg, fn := goName(name)
		if out[pkg] == nil {
			out[pkg] = map[string]*flow{}
		}
		out[pkg][fn] = &flow{name: name, graph: g}
		if engine.Lookup(name) == nil { // an instance is known from its first call on
			for i := range maxInstances {
				world.Touch(tables[pkg][fn], i)
			}
		}
	}
	for _, name := range engine.FlowNames() {
		r := engine.Lookup(name)
		pkg, fn := goName(r.Of)
		f := out[pkg][fn]
		f.instances = append(f.instances, r)
	}
	return out, nil
}

// goName returns the names of the package and of the function or method.
func goName(name graph.FlowName) (pkg, fn string) {
	dot := strings.LastIndexByte(string(name), '.')
	pkg, fn = strings.Trim(string(name[:dot]), "(*)"), string(name[dot+1:])
	if i := strings.LastIndexByte(pkg, '/'); i >= 0 {
		pkg = pkg[i+1:]
	}
	pkg, _, _ = strings.Cut(pkg, ".")
	return pkg, fn
}
