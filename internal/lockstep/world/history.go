package world

// The history of a live run: what was asked of the program, what it did to the
// world and when, and what it answered.

import (
	"fmt"
	"time"
)

// A History is one live run.
type History struct {
	Script   Script
	Requests []*Request
	Shared   bool // the plan lets overlapping runs become one
	Calls    bool // a planned flow calls a flow, whose steps hear of an end by their context alone
	Kept     bool // the plan keeps results: what is kept may be renewed with nobody waiting
}

// A Request is one call of a flow. Times count from the start of the run.
type Request struct {
	Flow string
	K    int
	S    string
	Ks   []int
	User int

	Arrive   time.Duration
	Cancel   time.Duration // when its caller went away; -1 for never
	Deadline time.Duration // when its caller said that it would; -1 if it did not
	End      time.Duration // when it was answered
	Trace    string        // a step that went on without need; "" for none

	Acts     []Act
	Observed []string
	Answer   Answer
}

// An Act is a step that is not free of effects, as it happened.
type Act struct {
	Op, Name           string
	K                  int
	S                  string
	Start, Commit, End time.Duration // Commit is -1 if nothing happened
	Result             Rec
	Err, Panic         string
}

func (a Act) sameCall(b Act) bool {
	return a.Op == b.Op && a.Name == b.Name && a.K == b.K && a.S == b.S
}

func (a Act) String() string {
	return fmt.Sprintf("%s %s(%d, %q) %v-%v", a.Op, a.Name, a.K, a.S, a.Start, a.End)
}

// An Answer is all that a caller can see of a request.
type Answer struct {
	Rec      Rec
	Lines    []string // what the handle was given
	Err      string
	NotFound bool // errors.Is still finds the cause
	Panic    string
	Abort    bool // the panic's value is ErrAbort, not one that looks like it
	Goexit   bool
	Ks       []int // the caller's list, which the flow may have changed
}

// orders reports whether a keeps its source order with a step that asks src.
func (a Act) orders(src Source) bool {
	if a.Op != "write" || !src.Data {
		return true
	}
	return a.Name == src.Name && (a.K == src.K || a.K == All || src.K == All)
}

// version is what the acts committed until t made of src.
func (h *History) version(src Source, t time.Duration) string {
	switch {
	case src.Data:
		n, last, at := 0, "", time.Duration(-1)
		for _, r := range h.Requests {
			for _, a := range r.Acts {
				if a.Op == "write" && a.Commit >= 0 && a.Commit <= t && a.orders(src) {
					n++
					if a.Commit >= at {
						last, at = a.S, a.Commit
					}
				}
			}
		}
		return fmt.Sprint("#", n, last)
	case src.Name == "V0":
		n := 0
		for _, r := range h.Requests {
			for _, a := range r.Acts {
				if a.Commit >= 0 && a.Commit <= t {
					n++
				}
			}
		}
		return fmt.Sprint("#", n)
	}
	return ""
}

// changes lists the moments in (from, to] at which the answer of src may change.
func (h *History) changes(src Source, from, to time.Duration) []time.Duration {
	var at []time.Duration
	for t := from; ; {
		_, end := h.Script.epoch(src, t)
		if end > to {
			break
		}
		at = append(at, end)
		t = end
	}
	if src.Data || src.Name == "V0" {
		for _, r := range h.Requests {
			for _, a := range r.Acts {
				if a.Commit > from && a.Commit <= to && (src.Name == "V0" || a.orders(src)) {
					at = append(at, a.Commit)
				}
			}
		}
	}
	return at
}

// outcomesIn lists the distinct outcomes of src at moments in [from, to].
func (h *History) outcomesIn(src Source, from, to time.Duration) []outcome {
	if to < from {
		return nil
	}
	var out []outcome
	seen := map[string]bool{}
	for _, t := range append([]time.Duration{from}, h.changes(src, from, to)...) {
		n, _ := h.Script.epoch(src, t)
		o := h.Script.answer(src, n, h.version(src, t))
		if key := fmt.Sprint(o.val, o.err, o.panics, o.goexit); !seen[key] {
			seen[key] = true
			out = append(out, o)
		}
	}
	return out
}

// keptIn lists the values of named data at moments in [from, to], whether or
// not its source answered then.
func (h *History) keptIn(src Source, from, to time.Duration) []outcome {
	if to < from {
		return nil
	}
	calm := h.Script
	calm.Trouble = 0
	quiet := &History{Script: calm, Requests: h.Requests}
	return quiet.outcomesIn(src, from, to)
}

// overlapping returns when the first request arrived that was under way when r
// arrived: whatever r can share began after that.
func (h *History) overlapping(r *Request) time.Duration {
	first := r.Arrive
	for _, q := range h.Requests {
		if q.Arrive < first && q.End >= r.Arrive {
			first = q.Arrive
		}
	}
	return first
}
