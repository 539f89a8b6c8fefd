package host

// Answers that are ready: a request whose answer is kept is answered by its connection, before net/http has read it.
//
// Nothing of HTTP is parsed for that. Two parts of such a request are, byte for byte, what net/http read before: its target
// is that of a request which was answered by what is kept now, and what follows the target is what followed that of the
// request before on the same connection. Whatever else comes is net/http's.

import (
	"bytes"
	"hash/maphash"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/internal/recorded"
)

const (
	maxReady     = 1 << 14  // targets whose answers are known to be ready; of two with one place the later
	maxTarget    = 256      // bytes of one
	maxHead      = 1 << 10  // bytes of a request behind its target
	maxReadyBody = 32 << 10 // bytes: it is sent together with its header
)

// A ready target is one that was answered by what was kept.
type ready struct {
	target string
	route  *route
	again  func() (kept any, left time.Duration)
}

// A readyTable has ready targets.
type readyTable struct {
	seed   maphash.Seed
	places [maxReady]atomic.Pointer[ready]
}

func newReadyTable() *readyTable { return &readyTable{seed: maphash.MakeSeed()} }

func (t *readyTable) place(hash uint64) *atomic.Pointer[ready] { return &t.places[hash%maxReady] }

// find returns a target if it is ready; nil if it is not.
func (t *readyTable) find(target []byte) *ready {
	r := t.place(maphash.Bytes(t.seed, target)).Load()
	if r == nil || r.target != string(target) {
		return nil
	}
	return r
}

// learn notes the target of a request on c that was answered by what is kept, if nothing of the request counted but that.
func (s *Service) learn(c *conn, x *exchange, r *http.Request) {
	if c == nil || !c.last.plain || x.followed == nil || x.bind.beyond || x.bind.custom || x.route.User || len(r.RequestURI) > maxTarget {
		return
	}
	place := s.targets.place(maphash.String(s.targets.seed, r.RequestURI))
	if known := place.Load(); known != nil && known.target == r.RequestURI {
		return
	}
	if again := x.followed.Again(isReady); again != nil {
		place.Store(&ready{r.RequestURI, x.route, again})
	}
}

// isReady reports whether what is kept is an answer that can be sent together with its header: no failure, no content that is missing, and not too
// much to copy.
func isReady(kept any) bool {
	k, ok := kept.(*keptAnswer)
	return ok && k.mime != nil && len(k.data) <= maxReadyBody
}

// A lastHead is what followed the target of the request before on a connection.
type lastHead struct {
	bytes    []byte // empty if that did not come alone and in one piece
	requests int    // whose headers net/http has read since
	plain    bool   // the request's answer depends on nothing but its target
}

var (
	methodGet = []byte("GET ")
	headEnd   = []byte("\r\n\r\n")
)

// note looks at the first bytes of a request that net/http is given.
func (h *lastHead) note(q []byte) {
	*h = lastHead{bytes: h.bytes[:0]}
	if target, ok := bytes.CutPrefix(q, methodGet); ok && bytes.HasSuffix(q, headEnd) {
		if at := bytes.IndexByte(target, ' '); at >= 0 && len(target)-at <= maxHead {
			h.bytes = append(h.bytes, target[at:]...)
		}
	}
}

// arrived notes on a request's connection what it says; it returns the connection, nil if there is none of ours.
func arrived(r *http.Request) *conn {
	c, ok := r.Context().Value(connKey{}).(*conn)
	if !ok {
		return nil
	}
	c.last.plain = r.ContentLength == 0 && r.Header["Connection"] == nil && r.Header["If-None-Match"] == nil
	return c
}

// target returns the target of a request that differs from the one before in nothing else; nil if it may.
func (h *lastHead) target(q []byte) []byte {
	if !h.plain || h.requests != 1 || len(h.bytes) == 0 {
		return nil
	}
	rest, ok := bytes.CutPrefix(q, methodGet)
	target, same := bytes.CutSuffix(rest, h.bytes)
	if !ok || !same || len(target) > maxTarget {
		return nil
	}
	return target
}

// answerReady answers a request that came alone and in one piece; false if its answer is not ready.
func (s *Service) answerReady(c *conn, q []byte) (answered bool, err error) {
	target := c.last.target(q)
	if target == nil || recorded.Feed.IsHeard() {
		return false, nil
	}
	known := s.targets.find(target)
	if known == nil {
		return false, nil
	}
	defer s.inFlight.Add(-1)
	if s.inFlight.Add(1) > int64(s.limits.Requests) {
		return false, nil
	}
	start := time.Now()
	made, left := known.again()
	k, ok := made.(*keptAnswer)
	if !ok {
		return false, nil
	}
	b := buffers.Get().(*bytes.Buffer)
	b.Write(k.appendTo(b.AvailableBuffer(), known.route, left, start))
	_ = c.write.set(start.Add(s.limits.writing()))
	_, err = c.Write(b.Bytes())
	putBuffer(b)
	x := &exchange{method: http.MethodGet, route: known.route, start: start, status: http.StatusOK, bytes: len(k.data)}
	x.info.Number = s.requests.Add(1)
	s.log.request(x)
	_ = c.read.set(time.Now().Add(s.limits.Idle))
	return true, err
}

// appendTo appends what net/http would write.
func (k *keptAnswer) appendTo(b []byte, route *route, left time.Duration, now time.Time) []byte {
	b = slices.Grow(b, keptOverhead+len(k.data))
	b = append(b, "HTTP/1.1 200 OK\r\nCache-Control: "...)
	b = append(b, route.mayKeep(left)[0]...)
	b = append(b, "\r\nContent-Length: "...)
	b = append(b, k.length[0]...)
	b = append(b, "\r\nContent-Type: "...)
	b = append(b, k.mime[0]...)
	b = append(b, "\r\nEtag: "...)
	b = append(b, k.tag[0]...)
	for _, v := range route.Vary {
		b = append(b, "\r\nVary: "...)
		b = append(b, v...)
	}
	b = append(b, "\r\nX-Content-Type-Options: nosniff\r\nDate: "...)
	b = now.UTC().AppendFormat(b, http.TimeFormat)
	b = append(b, "\r\n\r\n"...)
	return append(b, k.data...)
}
