package host

// What browsers and proxies may do with an answer: keep it, but ask each time
// whether it still is the answer (RFC 9110, sections 8.8.3 and 13.1.2; RFC 9111).

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

var (
	noCache        = []string{"no-cache"}
	privateNoCache = []string{"private, no-cache"}
)

// keep says how long the answer body may be used, and reports whether the client
// has it already. What a flow that is more than a read answered is kept by nobody; nor is
// anything promised for a time: how long a result lasts is known only inside the flow.
func (x *exchange) keep(body []byte) (known bool) {
	header := x.Header()
	if x.route == nil || !x.route.Read || x.route.probe || x.method != http.MethodGet && x.method != http.MethodHead {
		header["Cache-Control"] = noStore
		return false
	}
	header["Cache-Control"] = noCache
	if x.route.User {
		header["Cache-Control"] = privateNoCache
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
