package plan

// Edits by tools, which leave every other line and its comments alone.

import (
	"errors"
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// Add appends a decision to a flow's lines, and begins them if there are none.
// It fails if d is malformed or contradicts a line that is there.
func (f *File) Add(flow graph.FlowName, d Decision) error {
	if what, fix := d.malformed(); what != "" {
		return fmt.Errorf("%s; fix: %s", what, fix)
	}
	if !isFlowName(string(flow)) {
		return fmt.Errorf("%q is no name of a flow", flow)
	}
	have := f.Decisions(flow)
	if len(have) >= MaxDecisions {
		return fmt.Errorf("flow %s has %d decisions, and no more are allowed", flow, len(have))
	}
	if err := Fits(have, d); err != nil {
		return err
	}
	at := f.closeOf(flow)
	if at < 0 {
		f.lines = append(f.lines, line{}, line{kind: openLine, flow: flow}, line{kind: closeLine})
		at = len(f.lines) - 1
	}
	d.Pos = Pos{}
	f.lines = slices.Insert(f.lines, at, line{kind: decisionLine, decision: d})
	return nil
}

// Fits fails if d contradicts one of a flow's decisions.
func Fits(have []Decision, d Decision) error {
	for _, e := range have {
		if what, fix := contradiction(e, d); what != "" {
			return fmt.Errorf("%v: %s; fix: %s", e.Pos, what, fix)
		}
	}
	return nil
}

// closeOf returns the index of the line that closes flow; -1 if there is none.
func (f *File) closeOf(flow graph.FlowName) int {
	inside := false
	for i, l := range f.lines {
		switch l.kind {
		case openLine:
			inside = l.flow == flow
		case closeLine:
			if inside {
				return i
			}
		}
	}
	return -1
}

// find returns the index of the line of a decision; -1 if there is none.
func (f *File) find(id DecisionID) int {
	var flow graph.FlowName
	for i, l := range f.lines {
		switch l.kind {
		case openLine:
			flow = l.flow
		case decisionLine:
			if l.decision.ID(flow) == id {
				return i
			}
		}
	}
	return -1
}

// ErrNoDecision says that a plan has no decision of that ID.
var ErrNoDecision = errors.New("no such decision in the plan")

// Remove removes a decision with the comment on its line. Comments on lines of
// their own stay.
func (f *File) Remove(id DecisionID) error {
	i := f.find(id)
	if i < 0 {
		return fmt.Errorf("remove %s: %w", id, ErrNoDecision)
	}
	f.lines = slices.Delete(f.lines, i, i+1)
	return nil
}

// SetMark gives a decision another mark, so that it is pinned or switched off
// where it stands.
func (f *File) SetMark(id DecisionID, m Mark) error {
	i := f.find(id)
	if i < 0 {
		return fmt.Errorf("mark %s: %w", id, ErrNoDecision)
	}
	d := f.lines[i].decision
	flow := f.flowOf(i)
	d.Mark = m
	if what, fix := d.malformed(); what != "" {
		return fmt.Errorf("%s; fix: %s", what, fix)
	}
	for _, e := range f.Decisions(flow) {
		if e.ID(flow) == id {
			continue
		}
		if what, fix := contradiction(e, d); what != "" {
			return fmt.Errorf("%v: %s; fix: %s", e.Pos, what, fix)
		}
	}
	f.lines[i].decision = d
	return nil
}

// flowOf returns the flow that line i belongs to.
func (f *File) flowOf(i int) graph.FlowName {
	for _, l := range slices.Backward(f.lines[:i]) {
		if l.kind == openLine {
			return l.flow
		}
	}
	panic("bug: a decision outside of a flow")
}

// SetMemory bounds all stored results together.
func (f *File) SetMemory(b Bytes) error {
	if again, ok := ParseBytes(b.String()); !ok || again != b {
		return fmt.Errorf("memory of %d bytes is no whole number of KiB", b)
	}
	for i, l := range f.lines {
		if l.kind == memoryLine {
			f.lines[i].memory = b
			return nil
		}
	}
	i := slices.IndexFunc(f.lines, func(l line) bool { return l.kind == versionLine })
	f.lines = slices.Insert(f.lines, i+1, line{kind: memoryLine, memory: b})
	return nil
}
