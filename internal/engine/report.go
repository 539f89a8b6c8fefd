package engine

// Reports of broken promises: each once, with both values and the line.

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"fluxo.dev/fluxo/graph"
)

// maxReports bounds how many different reports one process makes.
const maxReports = 256

type reports struct {
	mu   sync.Mutex
	made map[string]bool
	list []Report
}

// A Report says that a step did not keep its word.
type Report struct {
	Flow, Step, At string
	What, Fix      string
	Values         []string `json:",omitempty"` // that show it: "served=…"
}

// Reports returns the reports so far, the first ones first.
func (e *Engine) Reports() []Report {
	e.reports.mu.Lock()
	defer e.reports.mu.Unlock()
	return slices.Clone(e.reports.list)
}

// keep remembers a report.
func (r *reports) keep(made Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, made)
}

// first reports whether key was not reported before, and notes that it is now.
func (r *reports) first(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.made[key] || len(r.made) >= maxReports {
		return false
	}
	if r.made == nil {
		r.made = map[string]bool{}
	}
	r.made[key] = true
	return true
}

// promise reports that a step does not keep its word.
func (r *reports) promise(e *Engine, flow graph.FlowName, n *graph.Node, what, fix string, args ...slog.Attr) {
	if !r.first(string(flow) + " " + string(n.ID) + " " + what) {
		return
	}
	made := Report{Flow: string(flow), Step: n.Callee, At: n.Pos.String(), What: what, Fix: fix}
	for _, a := range args {
		made.Values = append(made.Values, a.String())
	}
	r.keep(made)
	attrs := append([]slog.Attr{
		slog.String("flow", string(flow)), slog.String("step", n.Callee), slog.String("at", n.Pos.String()),
	}, args...)
	attrs = append(attrs, slog.String("fix", fix))
	e.logger().LogAttrs(context.Background(), slog.LevelWarn, what, attrs...)
}

// hidden reports that a step in a region that begins with n read a context value.
func (r *reports) hidden(e *Engine, flow graph.FlowName, n *graph.Node, key any) {
	name := keyName(key)
	r.promise(e, flow, n, fmt.Sprintf("a step reads the context value %s, so that its result is neither kept nor shared", name),
		"pass the value as an argument; or write //fluxo:context on the function that extracts it, or //fluxo:observer "+name+" if it cannot matter")
}
