package rt

// The flows of the process.

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"fluxo.dev/fluxo"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
)

// flows is filled by init functions.
var flows = registry{byName: map[graph.FlowName]*flow{}, sole: map[string]bool{}}

func init() {
	engine.SetCurrent(engine.New(engine.Options{
		World:  realWorld{},
		KindOf: func(err error) string { return string(fluxo.KindOf(err)) },
	}))
}

type registry struct {
	mu     sync.Mutex
	byName map[graph.FlowName]*flow
	sole   map[string]bool // named data without other writers
}

// A flow is one registered flow. Its graph is parsed when a plan first names it,
// because a program that runs without a plan should not pay for it.
type flow struct {
	slot    *Slot
	program Program
	source  func() (*engine.Source, error)
}

func (r *registry) add(slot *Slot, p Program) {
	name, ok := flowName(p.Graph)
	if !ok {
		panic("bug: emitted code registers a flow without a name")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byName[name] != nil {
		panic(fmt.Sprintf("bug: flow %s is registered twice", name))
	}
	r.byName[name] = &flow{slot, p, sync.OnceValues(func() (*engine.Source, error) { return engine.NewSource(p) })}
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

// own notes that this process is the only writer of the data called name.
func (r *registry) own(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sole[name] = true
}

func (r *registry) get(name graph.FlowName) *flow {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byName[name]
}

// names returns the flows of the process, sorted.
func (r *registry) names() []graph.FlowName {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.byName))
}
