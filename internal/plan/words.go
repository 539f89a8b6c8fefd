package plan

// A line of a plan file as words with positions.

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Bounds of a file. A plan is read by people: anything beyond is a mistake.
const (
	MaxFile = 4 << 20 // bytes
	MaxLine = 8 << 10 // bytes
)

// A word is a run of bytes without blanks.
type word struct {
	text string
	col  int
}

// split cuts a line without its end into words and its comment.
func split(s string) (words []word, comment string) {
	if i := strings.Index(s, "//"); i >= 0 {
		s, comment = s[:i], strings.TrimRight(s[i:], " \t")
	}
	for i := 0; i < len(s); {
		if s[i] == ' ' || s[i] == '\t' {
			i++
			continue
		}
		n := strings.IndexAny(s[i:], " \t")
		if n < 0 {
			n = len(s) - i
		}
		words = append(words, word{s[i : i+n], i + 1})
		i += n
	}
	return words, comment
}

// badByte finds what no plan may hold: control characters and bytes that are
// not UTF-8. col is 0 if there is none.
func badByte(s string) (col int, what string) {
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			return i + 1, fmt.Sprintf("byte 0x%02x is not UTF-8", s[i])
		case r == '\uFEFF':
			return i + 1, "there is a byte order mark"
		case r == '\r':
			return i + 1, "there is a carriage return within the line"
		case r < ' ' && r != '\t' || r == 0x7f:
			return i + 1, fmt.Sprintf("there is a control character (0x%02x)", r)
		}
	}
	return 0, ""
}

// shorten keeps what is quoted in a message short.
func shorten(s string) string {
	const limit = 80
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
