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
	Slot    *Slot
	Program Program
	Source  func() (*Source, error)
}

// registry is filled by init functions.
var registry = struct {
	sync.Mutex
	byName map[graph.FlowName]*Registered
}{byName: map[graph.FlowName]*Registered{}}

// Register makes a flow known.
func Register(slot *Slot, p Program) {
	name, ok := flowName(p.Graph)
	if !ok {
		panic("bug: emitted code registers a flow without a name")
	}
	registry.Lock()
	defer registry.Unlock()
	if registry.byName[name] != nil {
		panic(fmt.Sprintf("bug: flow %s is registered twice", name))
	}
	registry.byName[name] = &Registered{name, slot, p, sync.OnceValues(func() (*Source, error) { return NewSource(p) })}
}

// flowName reads the flow's name off the first line of a graph's text.
func flowName(text string) (graph.FlowName, bool) {
	line, _, _ := strings.Cut(text, "\n")
	name, ok := strings.CutPrefix(line, "flow ")
	if unquoted, err := strconv.Unquote(name); err == nil {
		name = unquoted
	}
	return graph.FlowName(name), ok && name != ""
}

// Lookup returns the flow called name; nil if there is none.
func Lookup(name graph.FlowName) *Registered {
	registry.Lock()
	defer registry.Unlock()
	return registry.byName[name]
}

// FlowNames returns the names of the flows of the process, sorted.
func FlowNames() []graph.FlowName {
	registry.Lock()
	defer registry.Unlock()
	return slices.Sorted(maps.Keys(registry.byName))
}
