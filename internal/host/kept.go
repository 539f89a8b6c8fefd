package host

// Encoded answers that are kept for requests to come: a request that finds one neither runs its flow nor
// encodes anything.

import (
	"bytes"
	"strconv"
	"time"
)

// A Followed is one run of a flow, as Route.Follow has it.
type Followed interface {
	// End says that the flow has returned.
	End()

	// Kept returns what an earlier run gave to Keep; nil if there is nothing, and the flow ran.
	Kept() any

	// Keep has an answer kept for runs with the same parameters, if it may be. Otherwise make is not
	// called. It returns the answer with its size in bytes.
	Keep(make func() (answer any, size int))

	// Left returns for how much longer the results may be used; 0 if that is not known.
	Left() time.Duration

	// Hidden reports whether the results depend on a value of the context, which is the caller's.
	Hidden() bool

	// Again returns what finds the answer that was kept, or is now, for requests to come with the same parameters, and for
	// how much longer it may be used; that finds nil where the flow has to be called, or what is kept does not suit. Again returns nil if there
	// is no answer.
	Again(suits func(kept any) bool) func() (kept any, left time.Duration)
}

// A keptAnswer is what is kept. It is never changed.
type keptAnswer struct {
	rendering
	failure error     // it is written for each request anew, which it names
	texts   [2]string // of its headers, beside each other: an answer that nobody asked for of late is in no cache of the processor
}

// newKept returns a rendering as it is kept, with the headers that go by its body.
func newKept(r *rendering) *keptAnswer {
	k := &keptAnswer{rendering: rendering{mime: r.mime, data: bytes.Clone(r.data)}}
	if r.mime != nil {
		k.texts = [2]string{etag(r.data), strconv.Itoa(len(r.data))}
		k.tag, k.length = k.texts[:1:1], k.texts[1:]
	}
	return k
}

// keptOverhead is what a kept answer takes beside its body, in bytes, about.
const keptOverhead = 320

// encode renders what a flow returned, or takes what was kept in its place.
func (x *exchange) encode(result any, failure error, limits *Limits) (r rendering, err error) {
	if x.followed == nil {
		if failure != nil {
			return rendering{}, failure
		}
		return render(result, limits)
	}
	if kept, ok := x.followed.Kept().(*keptAnswer); ok {
		return kept.rendering, kept.failure
	}
	return x.encodeToKeep(result, failure, limits)
}

// encodeToKeep renders what a flow returned, which is kept if it may be.
func (x *exchange) encodeToKeep(result any, failure error, limits *Limits) (r rendering, err error) {
	if failure == nil {
		if r, err = render(result, limits); err != nil {
			return rendering{}, err
		}
	}
	x.followed.Keep(func() (any, int) {
		if failure != nil {
			return &keptAnswer{failure: failure}, keptOverhead + len(failure.Error())
		}
		k := newKept(&r)
		r.tag = k.tag
		return k, keptOverhead + len(k.data)
	})
	return r, failure
}
