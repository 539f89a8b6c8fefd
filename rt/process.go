package rt

// The plan that the process runs under.

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"

	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/plan"
)

// present is the plan of the process.
var present = process{file: plan.New("")}

type process struct {
	mu        sync.Mutex // one change at a time
	file      *plan.File
	planned   planned
	recorders int // flows that run as written are noted while there are any
}

// apply puts f in place of the present plan.
func (p *process) apply(f *plan.File, mode Mode) (Applied, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.replace(f, mode)
}

func (p *process) replace(f *plan.File, mode Mode) (Applied, error) {
	d, err := prepare(f, mode)
	if err != nil {
		return Applied{}, err
	}
	e := engine.Current()
	memory, _ := f.Memory()
	undo := e.SetMemory(int64(memory))
	plans, err := d.planned.compile(e, p.recorders > 0)
	if err != nil {
		undo()
		return Applied{}, err
	}
	out := Applied{InForce: d.inForce, LeftOut: d.leftOut, Problems: slices.Compact(d.problems)}
	for _, name := range slices.Sorted(maps.Keys(d.planned)) {
		out.Planned = append(out.Planned, string(name))
	}
	e.Swap(func() {
		for _, name := range engine.FlowNames() {
			engine.Lookup(name).Slot.Set(plans[name])
		}
	})
	p.file, p.planned = f, d.planned
	return out, nil
}

// join makes an instance of a generic flow known that is about to be called for
// the first time, under what the present plan says of the flow.
func (p *process) join(slot *Slot, program Program, args string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fl := engine.RegisterInstance(slot, program, args)
	own, err := p.planned.compileFlow(engine.Current(), fl, p.recorders > 0)
	if err != nil { // the code of all instances is one
		panic(fmt.Sprintf("bug: the plan in force cannot be compiled for %s: %v", fl.Name, err))
	}
	slot.Set(own)
}

// Switch turns one decision of the running plan off or on again, for calls that
// begin from now on. id names it as Current prints it, after its flow:
// "example.com/weather.Weather store Locate".
func Switch(id string, on bool) (Applied, error) {
	present.mu.Lock()
	defer present.mu.Unlock()
	f, err := plan.Parse(present.file.Name, present.file.Format())
	if err != nil {
		return Applied{}, fmt.Errorf("bug: the running plan cannot be read again: %w", err)
	}
	mark := plan.Off
	if on {
		mark = plan.None
	}
	if err := f.SetMark(plan.DecisionID(id), mark); err != nil {
		return Applied{}, err
	}
	return present.replace(f, Lenient)
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
