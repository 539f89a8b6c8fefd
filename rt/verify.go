package rt

// Verifying: while it is on, every request is run under the plan and as written, and the answers are compared.

import (
	"errors"
	"maps"
	"slices"

	"fluxo.dev/fluxo/internal/engine"
)

// Verified is what came of verifying so far.
type Verified struct {
	engine.Verified
	Unverified map[string]string // flows that cannot be run twice, with the reason
	Unreached  []string          // flows that can, and to which nothing came
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
	if p.recorders > 0 {
		return errors.New("the service is being recorded: verify when that is over")
	}
	before := p.verifying
	p.verifying = &pairs{journal: engine.Current().NewJournal(), make: (*engine.Engine).Verified}
	engine.Current().Forget()
	if err := p.fill(engine.Current()); err != nil {
		p.verifying = before
		var j *engine.Journal
		if before != nil {
			j = before.journal
		}
		engine.Current().TellWrites(j)
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
	engine.Current().TellWrites(nil)
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
	for name, why := range p.verifying.unable {
		v.Unverified[string(name)] = why
	}
	for _, name := range slices.Sorted(maps.Keys(p.verifying.plans)) {
		if v.Reached[string(name)] == 0 {
			v.Unreached = append(v.Unreached, string(name))
		}
	}
	return v, nil
}
