package world

// Steps that nobody needs: of a fork that was dropped, or of a request whose caller went
// away, no step begins, and what has begun hears that it is over.

import (
	"fmt"
	"time"
)

// atOnce is how long after the end a step may find out, in a world whose time stands
// still while anybody can go on.
const atOnce = time.Millisecond

// alone reports whether all that runs for a request is done by its own walk and forks.
func (h *History) alone() bool { return !h.Shared && !h.Kept }

// begins notes that a step begins for the running task.
func (l *live) begins(name string) {
	if r := l.request(); l.h.alone() && !l.h.Calls && r.End != 0 {
		r.Trace = fmt.Sprintf("%s begins after the answer", name)
	}
}

// ended notes that a step which began at began has got its answer: it did not hear of an
// end meanwhile.
func (l *live) ended(name string, began time.Duration) {
	now := l.now()
	before := now - atOnce
	r := l.request()
	switch {
	case l.h.Kept, began >= before:
	case l.h.Shared && widening[name].standIn > 0: // tried again, behind an answer
	case l.h.Shared:
		for _, q := range l.h.Requests {
			if q.Arrive <= now && (q.End == 0 || q.End >= before) {
				return
			}
		}
		r.Trace = fmt.Sprintf("%s goes on though nobody waits for it", name)
	case r.End != 0 && r.End < before:
		r.Trace = fmt.Sprintf("%s goes on after the answer", name)
	case r.Cancel >= 0 && r.Cancel < before:
		r.Trace = fmt.Sprintf("%s goes on though the caller is gone", name)
	}
}
