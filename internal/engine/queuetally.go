package engine

// What is counted of queues: of steps with a limit, and of what is begun early.

import (
	"cmp"
	"slices"
	"sync/atomic"

	"fluxo.dev/fluxo/internal/profile"
)

// A queueTally counts the callers of a step that has a limit.
type queueTally struct {
	calls, left atomic.Int64
	waited      profile.LiveSketch
}

// queue returns the tally of a step. There are never more than steps with a limit.
func (a *tallies) queue(acts *Acts) *queueTally {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.queues[acts] == nil {
		a.queues[acts] = &queueTally{}
	}
	return a.queues[acts]
}

// Queues returns the statistics of steps with a limit that were called so far, by name.
func (e *Engine) Queues() []profile.QueueStatistics {
	e.tallies.mu.Lock()
	var out []profile.QueueStatistics
	var steps []*Acts
	for a, q := range e.tallies.queues {
		steps = append(steps, a)
		out = append(out, profile.QueueStatistics{Step: a.Step, Limit: a.Limit, Calls: q.calls.Load(), Left: q.left.Load(), Waited: q.waited.Sketch()})
	}
	e.tallies.mu.Unlock()
	for i, a := range steps { // a caller holds these while it asks for its tally
		a.mu.Lock()
		out[i].Active, out[i].Waiting = a.active, len(a.queue)
		a.mu.Unlock()
	}
	slices.SortFunc(out, func(x, y profile.QueueStatistics) int { return cmp.Compare(x.Step, y.Step) })
	return out
}

// Early returns how many forks have begun early and are not over, and how many may.
func (e *Engine) Early() (begun, most int64) { return e.most - max(e.early.Load(), 0), e.most }
