package engine

// The flows that emitted code made known to the process.

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"fluxo.dev/fluxo/graph"
)

// A Registered is a flow of the process. Its graph is parsed when a plan first
// names it, because a program that runs without a plan should not pay for it.
type Registered struct {
	Name    graph.FlowName
	Of      graph.FlowName // the generic flow that it is an instance of; otherwise Name
	Slot    *Slot
	Program Program
	Source  func() (*Source, error)
}

// registry is filled by init functions. Instances of generic flows come later:
// each with its first call.
var registry = struct {
	sync.Mutex
	byName  map[graph.FlowName]*Registered
	generic map[graph.FlowName]func() (*graph.Graph, error)
}{byName: map[graph.FlowName]*Registered{}, generic: map[graph.FlowName]func() (*graph.Graph, error){}}

// Register makes a flow known.
func Register(slot *Slot, p Program) { register(flowName(p.Graph), slot, p) }

// RegisterGeneric makes a generic flow known by its graph, whether or not it is
// ever called.
func RegisterGeneric(text string) {
	registry.Lock()
	defer registry.Unlock()
	registry.generic[flowName(text)] = sync.OnceValues(func() (*graph.Graph, error) { return graph.Parse(text) })
}

// RegisterInstance makes an instance of a generic flow known: args, in brackets,
// tells it apart from the others, and p has the graph of the generic flow.
func RegisterInstance(slot *Slot, p Program, args string) *Registered {
	generic := flowName(p.Graph)
	_, rest, _ := strings.Cut(p.Graph, "\n")
	p.Graph = "flow " + strconv.Quote(string(generic)+args) + "\n" + rest
	return register(generic, slot, p)
}

func register(of graph.FlowName, slot *Slot, p Program) *Registered {
	name := flowName(p.Graph)
	registry.Lock()
	defer registry.Unlock()
	if registry.byName[name] != nil {
		panic(fmt.Sprintf("bug: flow %s is registered twice", name))
	}
	r := &Registered{name, of, slot, p, sync.OnceValues(func() (*Source, error) { return NewSource(p) })}
	registry.byName[name] = r
	return r
}

// flowName reads the flow's name off the first line of a graph's text.
func flowName(text string) graph.FlowName {
	line, _, _ := strings.Cut(text, "\n")
	name, ok := strings.CutPrefix(line, "flow ")
	if unquoted, err := strconv.Unquote(name); err == nil {
		name = unquoted
	}
	if !ok || name == "" {
		panic("bug: emitted code registers a flow without a name")
	}
	return graph.FlowName(name)
}

// Lookup returns the flow called name; nil if there is none.
func Lookup(name graph.FlowName) *Registered {
	registry.Lock()
	defer registry.Unlock()
	return registry.byName[name]
}

// GraphOf returns the graph of the flow that a plan calls name, which may be
// generic, as the source has it; nil if there is none.
func GraphOf(name graph.FlowName) (*graph.Graph, error) {
	registry.Lock()
	r, generic := registry.byName[name], registry.generic[name]
	registry.Unlock()
	switch {
	case generic != nil:
		return generic()
	case r != nil && r.Of == name:
		src, err := r.Source()
		if err != nil {
			return nil, err
		}
		return src.Graph, nil
	}
	return nil, nil
}

// PlanNames returns the names by which plans call the flows of the process, sorted:
// of a generic flow its own, which stands for all its instances.
func PlanNames() []graph.FlowName {
	registry.Lock()
	defer registry.Unlock()
	names := slices.Collect(maps.Keys(registry.generic))
	for name, r := range registry.byName {
		if r.Of == name {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// FlowNames returns the names of the flows of the process, sorted: of a generic flow
// those of its instances.
func FlowNames() []graph.FlowName {
	registry.Lock()
	defer registry.Unlock()
	return slices.Sorted(maps.Keys(registry.byName))
}
