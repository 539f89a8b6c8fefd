package host

// What browsers and proxies may do with an answer: use it while it is good, and
// ask from then on whether it still is the answer (RFC 9110, sections 8.8.3 and 13.1.2;
// RFC 9111, section 5.2.2).

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

var (
	noCache        = []string{"no-cache"}
	privateNoCache = []string{"private, no-cache"}
)

// keep says how long the answer body may be used, and reports whether the client
// has it already. What a flow that is more than a read answered is kept by nobody. A time is
// promised only for what depends on nothing but the address.
func (x *exchange) keep(body []byte) (known bool) {
	header := x.Header()
	if x.route == nil || !x.route.Read || x.route.probe || !x.asks() {
		header["Cache-Control"] = noStore
		return false
	}
	switch seconds := int64(x.left / time.Second); {
	case x.route.User:
		header["Cache-Control"] = privateNoCache
	case seconds > 0 && !x.bind.beyond:
		header["Cache-Control"] = []string{"public, max-age=" + strconv.FormatInt(seconds, 10)}
	default:
		header["Cache-Control"] = noCache
	}
	tag := etag(body)
	header["Etag"] = []string{tag}
	return hasTag(x.bind.http.Header["If-None-Match"], tag)
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
