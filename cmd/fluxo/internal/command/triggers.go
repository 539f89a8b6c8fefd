package command

// What has a service run its functions: routes, schedules, raw handlers, and who pulls them.

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/cmd/fluxo/internal/emit"
	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/graph"
)

// A triggered function is one with a trigger that the service pulls.
type triggered struct {
	fn      *types.Func
	trigger emit.Trigger
	text    string // as written
}

// triggered lists the triggers of the package.
func (pkg *packageOf) triggered() []triggered {
	var all []triggered
	for _, flow := range pkg.lifted.Flows {
		for _, t := range flow.Summary.Triggers {
			if trigger, ok := emit.ParseTrigger(t); ok {
				all = append(all, triggered{flow.Func, trigger, t})
			}
		}
	}
	return append(all, pkg.raw()...)
}

// raw lists the package's handlers that nobody looks into.
func (pkg *packageOf) raw() []triggered {
	var all []triggered
	for _, fn := range pkg.effects.Declared {
		for _, t := range pkg.effects.Of(fn).Triggers {
			if trigger, ok := emit.ParseTrigger(t); ok && trigger.Raw {
				all = append(all, triggered{fn, trigger, t})
			}
		}
	}
	return all
}

// scheduled returns the flows that nothing but a schedule begins: nobody waits for their runs.
func (s *service) scheduled() map[graph.FlowName]bool {
	all := map[graph.FlowName]bool{}
	for _, flow := range s.flows {
		triggers := flow.Summary.Triggers
		if len(triggers) > 0 && !slices.ContainsFunc(triggers, func(text string) bool { t, _ := emit.ParseTrigger(text); return t.Every == 0 }) {
			all[flow.Graph.Flow] = true
		}
	}
	return all
}

// reach says what whoever runs a flow must know of it.
func (pkg *packageOf) reach(flow *lift.Flow) emit.Reach {
	r := reachOf(flow.Graph)
	if r.Cache != "" {
		r.Vary = varyOf(pkg.Info, flow)
	}
	if slices.ContainsFunc(r.Vary, func(h string) bool { return slices.Contains(identifying, h) }) {
		r.Cache = "Private"
	}
	return r
}

// reachOf says what a flow does to the world.
func reachOf(g *graph.Graph) emit.Reach {
	r := emit.Reach{Read: true, Cache: "Public"}
	for at := range g.Places() {
		for _, e := range at.Node.Effects {
			switch {
			case e.Class == graph.Writes || e.Class == graph.Acts:
				return emit.Reach{}
			case e.Class == graph.Opaque:
				r = emit.Reach{Cache: "Private"}
			case e.Hidden != "" && r.Cache == "Public":
				r.Cache = "Private"
			}
		}
	}
	return r
}

// unserved lists the routes that only the program's own router can serve.
func (p *program) unserved(flows []*lift.Flow) []string {
	var all []string
	for _, flow := range flows {
		for _, t := range flow.Summary.Triggers {
			if _, ok := emit.ParseTrigger(t); ok && !emit.CanRoute(flow.Func) {
				all = append(all, fmt.Sprintf("%s: //fluxo:%s stands on %s, which needs a receiver or a framework's context, so that only a router of your own can call it; fix: register it there, and write //fluxo:flow", p.place(flow.Func), t, flow.Func.FullName()))
			}
		}
	}
	return all
}

// uncalled lists the triggers of a main package with a main function of its own that nobody
// pulls: the package never names their functions, or they wait for a schedule.
func (p *program) uncalled(pkg *packageOf) []string {
	if pkg.Name != "main" || pkg.Types.Scope().Lookup("main") == nil {
		return nil // Fluxo pulls them
	}
	named := map[types.Object]bool{}
	for _, obj := range pkg.Info.Uses {
		named[obj] = true
	}
	const own = "for the program has a main function of its own"
	var all []string
	for _, t := range pkg.triggered() {
		switch {
		case t.trigger.Every > 0:
			all = append(all, fmt.Sprintf("%s: nobody runs %s every %v, %s; fix: remove func main, and Fluxo supplies one that does; or call it from a goroutine with a time.Ticker, and write //fluxo:flow", p.place(t.fn), t.fn.Name(), t.trigger.Every, own))
		case emit.CanRoute(t.fn) && !named[t.fn]:
			all = append(all, fmt.Sprintf("%s: nobody %s, %s, which never names %s; fix: remove func main, and Fluxo supplies one that serves it; or register or call %[4]s", p.place(t.fn), t.trigger, own, t.fn.Name()))
		}
	}
	return all
}

// place is where a function is declared, for people.
func (p *program) place(fn *types.Func) token.Position {
	pos := p.loaded.Fset.Position(fn.Pos())
	pos.Filename = p.env.short(pos.Filename)
	return pos
}
