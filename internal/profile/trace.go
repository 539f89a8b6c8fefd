package profile

// A trace: whole requests as they were run, node by node.

import (
	"encoding/binary"
	"time"

	"fluxo.dev/fluxo/graph"
)

// A Trace is a sample of the requests of one service.
type Trace struct {
	Service string    // import path of its main package
	Began   time.Time // what the times of arrival count from
	Cores   int       // that its process could use
	Costs   Costs     // that no visit shows
	Flows   []Flow    // that the runs are of
	Missing []Missing // flows of which there are no runs, though requests may have come
	Runs    []*Run    // by time of arrival
}

// Missing is a flow under a plan that could not be recorded.
type Missing struct {
	Flow graph.FlowName
	Why  string
}

// Costs are times of a processor that no visit of a trace shows; 0 where nobody measured them: then they are worked out from what the
// process used while its requests were recorded.
type Costs struct {
	Request time.Duration // of one request, around its flow: to read it and to send the answer
	Call    time.Duration // of one call of a step that waits
}

// A Flow is a flow with its source graph, in text form.
type Flow struct {
	Name  graph.FlowName
	Graph string
}

// A Run is one run of a flow: a request, or a call out of another run.
type Run struct {
	Flow   graph.FlowName
	At     time.Duration // of a request: when it arrived; of a call: 0
	Took   time.Duration // until it answered; of a flow under a plan, until it would have as written
	Busy   time.Duration // of a request: what the process used of its processors since the one recorded before; 0 if nobody looked
	Made   int64         // likewise, calls of steps, where flows run under a plan; 0 where each visit of a step is a call
	Params []Value
	Visits []Visit // in source order
	Failed bool    // it ended by a panic
	Writes []Write // of a request: what was written since the one recorded before, and shows in no visit

	live *Live
}

// Live is what is known of a run only in the process where it was.
type Live struct {
	Parent string          // what the request said of the trace that it is part of: the header traceparent; "" for nothing
	Starts []time.Duration // when each visit began, as Run.At counts

	// Of a run under a plan, whose visits are steps, calls and decisions.
	Within  []int            // in which other visit each one was, from 1; 0 for none
	Decided map[int]*Decided // what visits were decisions
	Failure string           // kind of the error that the flow returned; "" for none
}

// Decided is what a decision of a plan came to.
type Decided struct{ Line, Outcome string }

// Live returns what is known of r in its process; nil if nobody asked for that, or r was read from somewhere.
func (r *Run) Live() *Live { return r.live }

// SetLive notes it.
func (r *Run) SetLive(l *Live) { r.live = l }

// Size returns how many visits the run made, those of flows that it called included; at least 1.
func (r *Run) Size() int {
	n := 1 + len(r.Visits)
	for i := range r.Visits {
		if called := r.Visits[i].Run; called != nil {
			n += called.Size()
		}
	}
	return n
}

// A Visit is one node as a run came by.
type Visit struct {
	Node   int32 // number of the node in the text of its graph
	Took   time.Duration
	Waited time.Duration // of that, a step with a limit, for its turn
	Exit   int32         // how it left its block, as package engine numbers exits, or Raised
	Block  int32         // of a branch: the block that it took, -1 for none; of a loop: 0 where an iteration begins, -1 at its end
	Sets   []Value       // variables that it set
	Parts  []uint64      // of the keys of the named data that it read and wrote, hashes in the order of its graph; 0 of one that could not be told; nil if none could
	Kind   string        // of the error that a step returned; "" for none
	Run    *Run          // of a call of a flow: what went on in it; nil if nobody saw
	Call   uint64        // which call of the step it was, where one may stand for those of many runs; 0 for one of its own
}

// A Write is one of named data.
type Write struct {
	At, Took time.Duration // when it began, as Run.At counts
	Data     string        // name
	Parts    []uint64      // hashes, as those of visits, up to the first that could not be told
}

// Path names what is written.
func (w Write) Path() string {
	b := append(make([]byte, 0, len(w.Data)+1+8*len(w.Parts)), w.Data...)
	b = append(b, 0)
	for _, p := range w.Parts {
		b = binary.LittleEndian.AppendUint64(b, p)
	}
	return string(b)
}

// Alone is how long the visit took but for waiting for its turn.
func (v *Visit) Alone() time.Duration { return v.Took - v.Waited }

// Calls are those that visits have shown, where one stands for many: by number, and by their time as well, since traces that
// were joined number theirs alike.
type Calls map[shown]bool

type shown struct {
	call uint64
	took time.Duration
}

// Add reports whether a visit's call was not shown before.
func (c Calls) Add(v *Visit) bool {
	one := shown{v.Call, v.Took}
	if v.Call == 0 {
		return true
	}
	before := c[one]
	c[one] = true
	return !before
}

// Raised is the exit of a node that ended by a panic or by Goexit.
const Raised = -1

// AnyError is the kind of errors that have none.
const AnyError = "error"

// A Value is the content of a variable at one time.
type Value struct {
	Var  int32  // number of the variable in the text of its graph
	Hash uint64 // of its canonical key, 0 if it has none; of an error, whether there is one
	Size int32  // bytes of a copy
}

// Mix adds a value's hash to one of those before it.
func Mix(h, value uint64) uint64 {
	h = (h ^ value) * 0x9e3779b97f4a7c15
	return h ^ h>>29
}
