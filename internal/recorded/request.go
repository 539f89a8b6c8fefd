// Package recorded has HTTP requests that were recorded to be sent again: what is kept of one, what never is, and the
// file that they are in, one JSON object on a line.
//
// Values are kept only because somebody asked for them. What is said to be secret is not, even then: headers that are not
// known to be harmless, and parameters and fields that are of type fluxo.Secret, or whose names say that they hold a secret.
package recorded

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"fluxo.dev/fluxo/internal/feed"
)

// A Request is one that was recorded.
type Request struct {
	At     time.Duration `json:"at"` // when it came, since the beginning of the record
	Method string        `json:"method"`
	URL    string        `json:"url"` // path and query
	Header http.Header   `json:"header,omitempty"`
	Body   []byte        `json:"body,omitempty"` // in base64
	Size   int64         `json:"size,omitempty"` // of the body as it came, in bytes
	Status int           `json:"status"`         // of the answer
	Left   []string      `json:"left,omitempty"` // what was left out, by name: it cannot be sent again as it was
}

// MaxBody bounds what is kept of a body, in bytes. Of a larger one there is the size alone.
const MaxBody = 64 << 10

// Feed has the requests of this process while somebody records.
var Feed feed.Feed[*Request]

// headers are those that are kept: what they say changes the answer, and nobody is known by them.
var headers = []string{
	"Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "If-Modified-Since", "If-None-Match", "Range",
}

// harmless returns what is kept of a header.
func harmless(h http.Header) http.Header {
	kept := http.Header{}
	for _, name := range headers {
		if v := h.Values(name); len(v) > 0 {
			kept[name] = slices.Clone(v)
		}
	}
	return kept
}

// telling lists what is in the names of parameters and fields that hold secrets, in lower case and without separators.
var telling = []string{
	"password", "passwd", "passphrase", "passcode", "secret", "token", "apikey", "accesskey", "privatekey", "credential",
	"authorization", "sessionid", "cookie", "signature", "jwt", "bearer", "cardnumber", "securitycode",
}

// whole lists such names that are part of harmless ones, too.
var whole = []string{"auth", "key", "session", "sid", "sig", "otp", "pwd", "pass"}

// words lists names of payment cards, accounts and papers. They count as words of a name, or several in a row, since
// their letters are part of many others: the pan of company, the card of discard, the nationalid of international_id.
var words = []string{
	"card", "cardno", "cardnum", "cardholder", "creditcard", "debitcard", "ccnum", "ccnumber", "cvv", "cvc", "csc", "pan", "pin",
	"iban", "accountnumber", "ssn", "socialsecurity", "nationalid", "taxid", "passport", "driverlicense", "driverslicense",
}

// IsSecret reports whether a parameter or field holds a secret, by its name.
func IsSecret(name string) bool {
	plain := strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "", " ", "").Replace(name))
	return slices.Contains(whole, plain) || slices.ContainsFunc(telling, func(t string) bool { return strings.Contains(plain, t) }) ||
		hasWords(wordsOf(name))
}

// hasWords reports whether some of parts in a row make one of words.
func hasWords(parts []string) bool {
	for i := range parts {
		for j := i + 1; j <= min(len(parts), i+maxWords); j++ {
			if slices.Contains(words, strings.Join(parts[i:j], "")) {
				return true
			}
		}
	}
	return false
}

// maxWords is how many words in a row make one of words at most: driver's license.
const maxWords = 3

// wordsOf returns the words of a name in lower case: billing[cardCVV2] has billing, card and cvv.
func wordsOf(name string) []string {
	var spaced strings.Builder
	letters := []rune(name)
	for i, r := range letters {
		begins := i > 0 && unicode.IsUpper(r) && (unicode.IsLower(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1]))
		if begins || !unicode.IsLetter(r) {
			spaced.WriteByte(' ')
		}
		if unicode.IsLetter(r) {
			spaced.WriteRune(unicode.ToLower(r))
		}
	}
	return strings.Fields(spaced.String())
}
