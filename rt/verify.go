package rt

// Verifying: while it is on, every request is run under the plan and as written, and the answers are compared.

import (
	"errors"
	"maps"
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
)

// Verified is what came of verifying so far.
type Verified struct {
	engine.Verified
	Unverified map[string]string // flows that cannot be run twice, with the reason
	Unreached  []string          // flows that can, and to which nothing came
}

// verifying is what a process knows of it.
type verifying struct {
	journal    *engine.Journal
	verified   map[graph.FlowName]bool
	unverified map[graph.FlowName]string
}

// ErrNotVerified says that nothing is being verified.
var ErrNotVerified = errors.New("nothing is being verified")

// Verify has every request verified that comes from now on. What was kept so far is forgotten: nobody noted it.
func Verify() error {
	p := present
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.isFree(0); err != nil {
		return err
	}
	before := p.verifying
	p.verifying = &verifying{engine.NewJournal(), map[graph.FlowName]bool{}, map[graph.FlowName]string{}}
	engine.Current().Forget()
	if err := p.fill(engine.Current()); err != nil {
		p.verifying = before
		return err
	}
	return nil
}

// StopVerifying ends it.
func StopVerifying() error {
	p := present
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.verifying == nil {
		return ErrNotVerified
	}
	p.verifying = nil
	return p.fill(engine.Current())
}

// VerifiedSoFar returns what was found.
func VerifiedSoFar() (Verified, error) {
	p := present
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.verifying == nil {
		return Verified{}, ErrNotVerified
	}
	v := Verified{Verified: p.verifying.journal.Report(), Unverified: map[string]string{}}
	for name, why := range p.verifying.unverified {
		v.Unverified[string(name)] = why
	}
	for _, name := range slices.Sorted(maps.Keys(p.verifying.verified)) {
		if v.Reached[string(name)] == 0 {
			v.Unreached = append(v.Unreached, string(name))
		}
	}
	return v, nil
}

// compileFlow makes a flow ready to be run both ways, or only under the plan if it cannot be run twice.
func (v *verifying) compileFlow(e *engine.Engine, ps planned, fl *engine.Registered) (*engine.Plan, error) {
	src, err := fl.Source()
	if err != nil {
		return nil, err
	}
	g := ps[fl.Of]
	if g == nil {
		g = withOwn(src.Graph, nil)
	}
	own := &graph.Graph{Flow: fl.Name, Vars: g.Vars, Body: g.Body}
	p, err := e.Verified(v.journal, src, own, func(graph.FlowName) bool { return true })
	if err == nil {
		delete(v.unverified, fl.Name)
		v.verified[fl.Name] = true
		return p, nil
	}
	delete(v.verified, fl.Name)
	v.unverified[fl.Name] = err.Error()
	all := maps.Clone(ps)
	all[fl.Of] = g
	return all.compileFlow(e, fl, false)
}
