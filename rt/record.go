package rt

// Recording: requests are noted for a while, for package profile. Only flows that run as written are; while
// nobody records, nothing of all this is in their way.

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/feed"
	"fluxo.dev/fluxo/internal/profile"
)

// noted has the requests that are.
var noted feed.Feed[*profile.Run]

// maxPending bounds the requests that wait for a recorder. Those that come while so many
// wait are not recorded, and counted.
const maxPending = 1 << 12

// A Recording is one under way.
type Recording struct {
	*feed.Listener[*profile.Run]
	Head profile.Trace // without runs; their times count from its Began
	used time.Duration // of processors, when the last run was recorded
}

// ErrAllPlanned says that there is nothing to record.
var ErrAllPlanned = errors.New("every flow runs under a plan, and only those that run as written are recorded: start the service without its plan (-plain, or another fluxo.plan)")

// Record begins to record. service is the import path of the main package.
func Record(service string) (*Recording, error) {
	r := &Recording{Head: profile.Trace{Service: service, Began: clock.Began(), Cores: runtime.GOMAXPROCS(0)}}
	for _, name := range engine.FlowNames() {
		r.Head.Flows = append(r.Head.Flows, profile.Flow{Name: name, Graph: engine.Lookup(name).Program.Graph})
	}
	if err := present.note(+1); err != nil {
		return nil, err
	}
	r.Head.Planned = present.underPlan()
	r.Listener, r.used = noted.Listen(maxPending), processorTime()
	return r, nil
}

// Next returns a run as it is recorded: with what the process used since the one before.
func (r *Recording) Next(run *profile.Run) *profile.Run {
	used := processorTime()
	one := *run // others may have been given it, too
	one.Busy, r.used = used-r.used, used
	return &one
}

// Stop ends it, and returns how many requests were lost because too many waited.
func (r *Recording) Stop() (lost int) {
	if err := present.note(-1); err != nil {
		panic(fmt.Sprintf("bug: what was begun cannot be ended: %v", err))
	}
	return r.Listener.Stop()
}

// note counts recorders, and has flows that run as written noted while there are any.
func (p *process) note(more int) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.recorders
	p.recorders += more
	if (before > 0) == (p.recorders > 0) {
		return nil
	}
	plans, probes, err := p.probes(engine.Current(), p.recorders > 0)
	if err == nil && p.recorders > 0 && probes == 0 {
		err = ErrAllPlanned
	}
	if err != nil {
		p.recorders = before
		return err
	}
	engine.Current().Swap(func() {
		for name, plan := range plans {
			engine.Lookup(name).Slot.Set(plan)
		}
	})
	return nil
}

// underPlan lists the flows that do not run as written.
func (p *process) underPlan() (names []graph.FlowName) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, name := range engine.FlowNames() {
		if !p.asWritten(engine.Lookup(name).Of) {
			names = append(names, name)
		}
	}
	return names
}

// probes returns what flows that run as written have in their slots: probes, or nothing.
func (p *process) probes(e *engine.Engine, record bool) (plans map[graph.FlowName]*engine.Plan, n int, err error) {
	plans = map[graph.FlowName]*engine.Plan{}
	for _, name := range engine.FlowNames() {
		fl := engine.Lookup(name)
		if !p.asWritten(fl.Of) {
			continue
		}
		plans[name] = nil
		if record {
			if plans[name], err = probe(e, fl); err != nil {
				return nil, 0, err
			}
			n++
		}
	}
	return plans, n, nil
}

// probe makes a flow that runs as written ready to be noted.
func probe(e *engine.Engine, fl *engine.Registered) (*engine.Plan, error) {
	src, err := fl.Source()
	if err != nil {
		return nil, err
	}
	return e.Probe(src, withOwn(src.Graph, nil))
}
