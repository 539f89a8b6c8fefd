package profile

// What a process counts of itself all the time, at one moment: how its flows and the decisions of its plan fare.

import (
	"time"

	"fluxo.dev/fluxo/graph"
)

// Statistics are the counts of a process since it began. Two of them, one after the other, say what went on
// between: see Since of their parts.
type Statistics struct {
	Service string // import path of the main package
	Began   time.Time
	At      time.Time
	Flows   []FlowStatistics  // by name
	Queues  []QueueStatistics // of steps with a limit, by name
	Bytes   int64             // of all stored results

	Early, MostEarly int64 // what has begun early and is not over, and how much may

	Processor time.Duration // that the process used; 0 if that is not known
	Windows   time.Duration // of observation of what runs as written, together: runs over it is their rate
}

// FlowStatistics are those of one flow, under all plans that it had.
type FlowStatistics struct {
	Flow      graph.FlowName
	Planned   bool                 // it runs under a plan now
	Runs      RunStatistics        // under plans
	Written   RunStatistics        // as written, as far as they were noted: those in windows of observation
	Decisions []DecisionStatistics // of the plan that it has now
}

// RunStatistics are those of runs of one flow. Count lags behind by the few runs that
// are counted together with the next one: see package engine.
type RunStatistics struct {
	Count  int64
	Failed int64  // returned an error, panicked or left by Goexit; an estimate where runs take less than some microseconds
	Took   Sketch // in which short runs are a sample, with its weights
}

// Since returns what was counted after an earlier state of the same runs.
func (s RunStatistics) Since(before RunStatistics) RunStatistics {
	return RunStatistics{s.Count - before.Count, s.Failed - before.Failed, s.Took.Since(before.Took)}
}

// Merge adds what was counted of other runs.
func (s *RunStatistics) Merge(o RunStatistics) {
	s.Count += o.Count
	s.Failed += o.Failed
	s.Took.Merge(o.Took)
}

// QueueStatistics are those of the callers of one step with a limit.
type QueueStatistics struct {
	Step            string
	Limit           int
	Active, Waiting int // now
	Calls           int64
	Left            int64  // gave up waiting
	Waited          Sketch // times that callers waited who had to, those who gave up included
}

// DecisionStatistics are those of one decision at one place of its flow, under all plans that had it. What the decision
// has nothing to do with is zero.
type DecisionStatistics struct {
	Verb   string // as a plan writes it: store, coalesce, parallel, hedge
	Region string // likewise: "Locate", "Locate..Alerts"
	Line   string // the line of the plan without its mark, by which it can be switched off

	Hits      int64 // results taken from the store; these and those up to Expired begin anew when a plan has other memory
	Misses    int64
	Entries   int64 // kept now
	Bytes     int64
	Evicted   int64 // for want of memory
	Expired   int64
	Fills     int64 // times that the block ran to be kept, refreshes included
	Kept      int64 // fills whose results were kept; the others failed, or may not be kept
	Refreshes int64 // fills that nobody waited for, before a result expires

	Flights int64 // times that a shared block ran
	Joined  int64 // callers that took the results of a flight that somebody else began

	Started int64 // begun early; of hedge, second tries
	Taken   int64 // of those, what the walk took; the others were dropped, or overtaken; of hedge, those that came first
	Refused int64 // not begun, because the process had begun enough, or the budget of hedge was spent
}

// Since returns what was counted after an earlier state of the same decision. Entries and Bytes are as they are now.
func (s DecisionStatistics) Since(before DecisionStatistics) DecisionStatistics {
	s.Hits -= before.Hits
	s.Misses -= before.Misses
	s.Fills -= before.Fills
	s.Kept -= before.Kept
	s.Refreshes -= before.Refreshes
	s.Evicted -= before.Evicted
	s.Expired -= before.Expired
	s.Flights -= before.Flights
	s.Joined -= before.Joined
	s.Started -= before.Started
	s.Taken -= before.Taken
	s.Refused -= before.Refused
	return s
}
