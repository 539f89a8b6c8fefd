package host

// What browsers and proxies may do with an answer: use it while it is good, and
// ask from then on whether it still is the answer (RFC 9110, sections 8.8.3 and 13.1.2;
// RFC 9111, section 5.2.2).

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

var (
	noCache        = []string{"no-cache"}
	privateNoCache = []string{"private, no-cache"}
)

// A Cache says who may keep the answers of a route without being asked for each.
type Cache uint8

const (
	NoStore Cache = iota // nobody: asking changes something
	Private              // the one who asked: the answer may be for him alone
	Public               // everybody
)

// keep says how long an answer may be used, and reports whether the client
// has it already. A time is promised only for what depends on nothing but the address, and what is left
// of it is looked at now, when the answer leaves.
func (x *exchange) keep(r *rendering) (known bool) {
	header := x.Header()
	if x.route == nil || x.route.Cache == NoStore || !x.asks() {
		header["Cache-Control"] = noStore
		return false
	}
	header["Cache-Control"] = x.mayKeep()
	if x.route.Vary != nil {
		header["Vary"] = x.route.Vary
	}
	if r.tag == nil {
		r.tag = []string{etag(r.data)}
	}
	header["Etag"] = r.tag
	return hasTag(x.bind.http.Header["If-None-Match"], r.tag[0])
}

// mayKeep returns the value of Cache-Control.
func (x *exchange) mayKeep() []string {
	switch run := x.followed; {
	case run != nil && run.Hidden():
		return privateNoCache
	case run == nil || x.bind.beyond:
		return x.route.mayKeep(0)
	default:
		return x.route.mayKeep(run.Left())
	}
}

// mayKeep returns it for an answer that is nobody's own and may be used for so long; 0 if that is not known.
func (rt *route) mayKeep(left time.Duration) []string {
	if rt.Cache == Private || rt.User {
		return privateNoCache
	}
	if seconds := int64(left / time.Second); seconds > 0 {
		return maxAge(seconds)
	}
	return noCache
}

// maxAges remembers the headers of short lives, by their seconds: all answers share them.
var maxAges [3600]atomic.Pointer[[]string]

// maxAge returns the header for so many seconds.
func maxAge(seconds int64) []string {
	if seconds >= int64(len(maxAges)) {
		return newMaxAge(seconds)
	}
	known := maxAges[seconds].Load()
	if known == nil {
		made := newMaxAge(seconds)
		known = &made
		maxAges[seconds].Store(known)
	}
	return *known
}

func newMaxAge(seconds int64) []string {
	return []string{"public, max-age=" + strconv.FormatInt(seconds, 10)}
}

// etag names a body by its content: two that differ never have the same.
func etag(body []byte) string {
	sum := sha256.Sum256(body)
	b := make([]byte, 0, 24)
	b = append(b, '"')
	b = base64.RawURLEncoding.AppendEncode(b, sum[:16])
	return string(append(b, '"'))
}

// hasTag reports whether one of the lists of tags in values names tag.
func hasTag(values []string, tag string) bool {
	for _, list := range values {
		for one := range strings.SplitSeq(list, ",") {
			one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
			if one == tag || one == "*" {
				return true
			}
		}
	}
	return false
}
