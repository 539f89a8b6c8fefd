package rt

// The plan that the process runs under.

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/plan"
)

// present is the plan of the process.
var present = newProcess()

// newProcess returns that of a process which has been given no plan yet.
func newProcess() *process { return &process{file: plan.New(""), planned: planned{}, version: 1} }

type process struct {
	mu        sync.Mutex // one change at a time
	file      *plan.File
	applied   Applied // what it came to
	planned   planned // never nil: arms that differ from it are copies
	verifying *pairs  // nil if nothing is
	trial     *trial  // under way; nil for none
	version   uint64  // counts changes
	history   []Event
	gains     map[graph.FlowName][]*gain // of the plan in force, where they are measured
	measures  bool                       // they are
	recorders int                        // requests are noted while there are any,
	recorded  *pairs                     // of flows under a plan by these; nil without any
}

// apply puts f in place of the present plan.
func (p *process) apply(f *plan.File, mode Mode, version uint64) (Applied, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.isFree(version); err != nil {
		return Applied{}, err
	}
	return p.replace(f, mode, Event{What: "applied"})
}

// replace makes f the plan of all requests. why is for the history.
func (p *process) replace(f *plan.File, mode Mode, why Event) (Applied, error) {
	d, err := prepare(f, mode)
	if err != nil {
		return Applied{}, err
	}
	return d.applied(), p.install(f, d, why)
}

// install puts a plan that is worked out in place for all requests.
func (p *process) install(f *plan.File, d *draft, why Event) error {
	e := engine.Current()
	memory, _ := f.Memory()
	undo := e.SetMemory(int64(memory))
	before, gains := p.planned, p.gains
	p.planned, p.gains = d.planned, nil
	var err error
	if p.measures {
		p.gains, err = d.gainsOf()
	}
	if err == nil {
		err = p.fill(e)
	}
	if err != nil {
		undo()
		p.planned, p.gains = before, gains
		return err
	}
	p.file, p.applied = f, d.applied()
	p.changed(why)
	return nil
}

// fill puts into the slots of all flows what they are to run under.
func (p *process) fill(e *engine.Engine) error {
	plans := map[graph.FlowName]*engine.Plan{}
	if v := p.pairs(); v != nil {
		if err := v.prepare(e, p.planned); err != nil {
			return err
		}
	}
	for _, name := range engine.FlowNames() {
		own, err := p.compileFlow(e, engine.Lookup(name))
		if err != nil {
			return err
		}
		plans[name] = own
	}
	e.Swap(func() {
		for name, own := range plans {
			engine.Lookup(name).Slot.Set(own)
		}
	})
	return nil
}

// compileFlow makes one flow ready to run; nil if it runs as written and is not noted.
func (p *process) compileFlow(e *engine.Engine, fl *engine.Registered) (*engine.Plan, error) {
	switch {
	case p.verifying != nil && p.verifying.plans[fl.Name] == nil:
		return p.verifying.alone(e, p.planned, fl)
	case p.verifying != nil:
		return p.verifying.plans[fl.Name], nil
	case p.trial != nil && p.trial.affected[fl.Of]:
		return p.trial.compileFlow(e, fl)
	case p.pairs() != nil && p.recorded.plans[fl.Name] != nil:
		return p.recorded.plans[fl.Name], nil
	}
	own, err := p.planned.compileFlow(e, fl, p.recorders > 0)
	if err == nil && own != nil {
		err = p.measure(e, fl, own)
	}
	return own, err
}

// pairs returns the flows that are run both ways; nil if none are.
func (p *process) pairs() *pairs {
	if p.verifying == nil && len(p.planned) > 0 {
		return p.recorded
	}
	return p.verifying
}

// join makes an instance of a generic flow known that is about to be called for
// the first time, under what the present plan says of the flow.
func (p *process) join(slot *Slot, program Program, args string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fl, e := engine.RegisterInstance(slot, program, args), engine.Current()
	var err error
	if p.pairs() != nil {
		err = p.fill(e) // those that call it are no pairs if it is none
	} else {
		var own *engine.Plan
		own, err = p.compileFlow(e, fl)
		slot.Set(own)
	}
	if err != nil { // the code of all instances is one
		panic(fmt.Sprintf("bug: the plan in force cannot be compiled for %s: %v", fl.Name, err))
	}
}

// Switch turns one decision of the running plan off or on again, for calls that
// begin from now on. id names it as Current prints it, after its flow:
// "example.com/weather.Weather store Locate".
func Switch(id string, on bool) (Applied, error) { return SwitchFrom(0, id, on) }

// SwitchFrom is Switch by somebody who has seen the plan in that version of State; 0 for any.
func SwitchFrom(version uint64, id string, on bool) (Applied, error) {
	present.mu.Lock()
	defer present.mu.Unlock()
	if err := present.isFree(version); err != nil {
		return Applied{}, err
	}
	if on {
		return present.turn(plan.DecisionID(id), plan.None, Event{What: "switched on: " + id})
	}
	return present.turn(plan.DecisionID(id), plan.Off, Event{What: "switched off: " + id})
}

// turn gives a decision of the plan another mark.
func (p *process) turn(id plan.DecisionID, mark plan.Mark, why Event) (Applied, error) {
	f, err := plan.Parse(p.file.Name, p.file.Format())
	if err != nil {
		return Applied{}, fmt.Errorf("bug: the running plan cannot be read again: %w", err)
	}
	if err := f.SetMark(id, mark); err != nil {
		return Applied{}, err
	}
	return p.replace(f, Lenient, why)
}

// Measure has the gain of every decision measured, of this plan and those to come. Embed calls it.
func Measure() {
	present.mu.Lock()
	defer present.mu.Unlock()
	if !present.measures {
		present.measures = true
		engine.Current().World().After(gainEvery, present.weigh)
	}
}

// Current returns the plan that the process runs under, as text.
func Current() []byte {
	present.mu.Lock()
	defer present.mu.Unlock()
	return bytes.Clone(present.file.Format())
}

// Embed applies the plan that was built into the program, and logs whether the
// program runs under one, which it returns. Call it in the last init function of the main package.
// What is stale or illegal in it runs as written, with a warning: the build has
// said why before, or refused it.
func Embed(name, text string) Applied {
	observed.begin()
	Measure()
	if text == "" {
		slog.Info("fluxo: plain: every flow runs as written")
		return Applied{}
	}
	a, err := Apply(name, []byte(text), Lenient)
	if err != nil {
		what, _, _ := strings.Cut(err.Error(), "\n")
		slog.Error("fluxo: plain: the plan cannot be used, every flow runs as written: fluxo check says all that is wrong", slog.String("error", what))
		return Applied{}
	}
	if a.LeftOut > 0 { // in full the reasons are many lines
		slog.Warn("fluxo: decisions are left out, and what they are about runs as written: fluxo check says why", slog.Int("decisions", a.LeftOut), slog.String("plan", name))
	}
	slog.Info("fluxo: planned", slog.Int("flows", len(a.Planned)), slog.String("plan", name))
	return a
}
