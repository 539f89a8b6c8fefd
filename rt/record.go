package rt

// Recording: requests are noted for a while, for package profile: of flows that run as written themselves, of those under a plan
// what they would be as written. While nobody records, nothing of all this is in their way.

import (
	"errors"
	"fmt"
	"runtime"
	"time"

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
	used time.Duration // of processors, when the last run was recorded,
	made int64         // calls of steps that had been made then,
	lost int           // runs that were lost before the first,
	seen int64         // and writes elsewhere that there had been when the last run was recorded
	of   *engine.Journal
}

// Record begins to record. service is the import path of the main package.
func Record(service string) (*Recording, error) {
	r := &Recording{Head: profile.Trace{Service: service, Began: clock.Began(), Cores: runtime.GOMAXPROCS(0)}}
	for _, name := range engine.FlowNames() {
		r.Head.Flows = append(r.Head.Flows, profile.Flow{Name: name, Graph: engine.Lookup(name).Program.Graph})
	}
	p := present
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.note(+1); err != nil {
		return nil, err
	}
	r.Head.Missing, r.of = p.missing(), p.recorded.journal
	r.made, r.lost = r.of.Made(), r.of.Lost()
	_, r.seen = r.of.Elsewhere(0)
	r.Listener, r.used = noted.Listen(maxPending), processorTime()
	return r, nil
}

// Next returns a run as it is recorded: with what the process used, the calls that it made, and what was written elsewhere, since
// the one before.
func (r *Recording) Next(run *profile.Run) *profile.Run {
	used, made := processorTime(), r.of.Made()
	one := *run // others may have been given it, too
	one.Busy, r.used = used-r.used, used
	one.Made, r.made = made-r.made, made
	one.Writes, r.seen = r.of.Elsewhere(r.seen)
	return &one
}

// Stop ends it, and returns how many requests were lost: too many waited, or they did too much.
func (r *Recording) Stop() (lost int) {
	p := present
	p.mu.Lock()
	defer p.mu.Unlock()
	lost = r.of.Lost() - r.lost
	if err := p.note(-1); err != nil {
		panic(fmt.Sprintf("bug: what was begun cannot be ended: %v", err))
	}
	return lost + r.Listener.Stop()
}

// note counts recorders, and has requests noted while there are any.
func (p *process) note(more int) error {
	if p.verifying != nil {
		return errors.New("requests are being verified: record when that is over")
	}
	recorders, recorded := p.recorders, p.recorded
	p.recorders += more
	switch {
	case p.recorders == 0:
		p.recorded = nil
		engine.Current().TellWrites(nil)
	case p.recorded == nil:
		p.recorded = &pairs{journal: engine.Current().NewTrail(), make: (*engine.Engine).Recorded}
	default:
		return nil
	}
	err := p.fill(engine.Current())
	if err != nil {
		p.recorders, p.recorded = recorders, recorded
		if recorded == nil {
			engine.Current().TellWrites(nil)
		}
	}
	return err
}

// missing lists the flows under a plan that are not noted.
func (p *process) missing() (all []profile.Missing) {
	for _, name := range engine.FlowNames() {
		why := ""
		switch of := engine.Lookup(name).Of; {
		case p.trial != nil && p.trial.affected[of]:
			why = "a plan is being tried"
		case p.planned[of] != nil:
			why = p.recorded.unable[name]
		}
		if why != "" {
			all = append(all, profile.Missing{Flow: name, Why: why})
		}
	}
	return all
}

// probe makes a flow that runs as written ready to be noted.
func probe(e *engine.Engine, fl *engine.Registered) (*engine.Plan, error) {
	src, err := fl.Source()
	if err != nil {
		return nil, err
	}
	return e.Probe(src, withOwn(src.Graph, nil))
}
