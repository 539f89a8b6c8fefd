package command

// A plan that a planner proposes: taken over line by line, held against the source, shown, written.

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/lockedfile"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/pattern/planner"
)

// A proposal is what the plan file is to become.
type proposal struct {
	service *service
	short   string // name of the file
	old     *plan.File
	new     *plan.File
	answer  *planner.Answer
}

// accept takes the decisions of an answer over into the present plan, whatever else the answer says. It
// fails if the outcome is not legal: a planner runs code that is anybody's. foreign has the
// predictions made here, too.
func (t *traced) accept(base *plan.File, a *planner.Answer, foreign bool) (*proposal, error) {
	said, err := plan.Parse("the proposed plan", []byte(a.Plan))
	if err != nil {
		return nil, fmt.Errorf("the planner proposes what is no plan: %w", err)
	}
	out, err := plan.Parse(base.Name, base.Format())
	if err != nil {
		return nil, err
	}
	for _, fl := range base.Flows() {
		for _, d := range fl.Decisions {
			if d.Mark == plan.None && !hasLine(said, fl.Name, d) {
				if err := out.Remove(d.ID(fl.Name)); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, fl := range said.Flows() {
		for _, d := range fl.Decisions {
			if d.Mark != plan.None || hasLine(base, fl.Name, d) {
				continue
			}
			if err := out.Add(fl.Name, d); err != nil {
				return nil, fmt.Errorf("the planner proposes %q for %s: %w", d, fl.Name, err)
			}
		}
	}
	planned := *t.service
	planned.plan = out
	if _, wrong := planned.verdicts(); len(wrong) > 0 {
		text := make([]string, len(wrong))
		for i, w := range wrong {
			text[i] = w.text
		}
		return nil, fmt.Errorf("the planner proposes a plan that is not legal, and nothing is written:\n%s", strings.Join(text, "\n"))
	}
	a.Plan = string(out.Format())
	p := &proposal{service: t.service, short: t.program.env.short(t.file), old: t.plan, new: out, answer: a}
	err = p.predict(t, &planned, foreign)
	if err == nil {
		_, wrong := t.verdicts()
		a.Worth = p.worth(len(wrong) == 0)
	}
	return p, err
}

// hasLine reports whether a plan has a decision without a mark.
func hasLine(f *plan.File, flow graph.FlowName, d plan.Decision) bool {
	return slices.ContainsFunc(f.Decisions(flow), func(e plan.Decision) bool { return e.Mark == plan.None && e.What() == d.What() })
}

// predict fills in what the planner did not replay, and what it is not to be believed.
func (p *proposal) predict(t *traced, planned *service, foreign bool) error {
	read, err := t.record.Replays()
	if err != nil {
		return err
	}
	replay := func(o sim.Options) (*planner.Prediction, error) {
		out, err := sim.Run(read, o)
		if err != nil {
			return nil, err
		}
		return planner.Predict(out), nil
	}
	if t.plan != nil {
		if p.answer.Present, err = replay(t.under(sim.Options{})); err != nil {
			return err
		}
	}
	if !foreign {
		return nil
	}
	if p.answer.Written, err = replay(t.written(sim.Options{})); err != nil {
		return err
	}
	p.answer.Proposed, err = replay(planned.under(sim.Options{}))
	return err
}

// worthwhile is the share of the goal that a plan has to gain over the present one to take its place: a file
// that is committed does not change for less.
const worthwhile = 0.005

// worth reports whether the proposed plan is to take the place of the present one, whatever it is.
func (p *proposal) worth(presentIsLegal bool) bool {
	a := p.answer
	if a.Present == nil || !presentIsLegal {
		return len(a.Decisions) > 0
	}
	if len(p.broken()) > 0 {
		return false
	}
	for _, l := range p.new.Limits() {
		if !a.Present.Keeps(l, a.Written) {
			return true
		}
	}
	return a.Proposed.Value(a.Goal) < a.Present.Value(a.Goal)*(1-worthwhile)
}

// broken lists the limits that the proposed plan does not keep: then no plan was found that does.
func (p *proposal) broken() (limits []string) {
	for _, l := range p.new.Limits() {
		if !p.answer.Proposed.Keeps(l, p.answer.Written) {
			limits = append(limits, l.String())
		}
	}
	return limits
}

// changes reports whether the file is to become another.
func (p *proposal) changes() bool { return p.answer.Worth && !p.same() }

// same reports whether what was found is what is there.
func (p *proposal) same() bool { return p.old != nil && bytes.Equal(p.old.Format(), p.new.Format()) }

// write writes the plan, unless the file is not any more what the planner was given.
func (p *proposal) write(c console) error {
	errChanged := fmt.Errorf("%s has changed since this command began: nothing is written; look at the change, and run it again", p.short)
	empty := false // as the file is that was not there until the lock was taken
	err := lockedfile.Transform(p.service.file, func(now []byte) ([]byte, error) {
		empty = len(now) == 0
		if !bytes.Equal(now, p.service.text) {
			return nil, errChanged
		}
		return []byte(p.answer.Plan), nil
	})
	if err != nil {
		if info, statErr := os.Stat(p.service.file); empty && statErr == nil && info.Size() == 0 {
			err = errors.Join(err, os.Remove(p.service.file))
		}
		return err
	}
	fmt.Fprintf(c.err, "%s is written\n", p.short)
	return nil
}

// confirmed asks a question on the terminal.
func confirmed(c console, question string) bool {
	fmt.Fprintf(c.err, "%s [y/N] ", question)
	answer, err := bufio.NewReader(c.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return false
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	return answer == "y" || answer == "yes"
}
