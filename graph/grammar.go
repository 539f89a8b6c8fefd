package graph

// The words of the text form, and which strings stand in it without quotes.

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	kindNames    = [...]string{"glue", "step", "call", "fresh", "fail", "result", "defer", "branch", "each", "fold", "start", "stored", "shared", "hedged"}
	roleNames    = [...]string{"var", "param", "result"}
	varKindNames = [...]string{"data", "error", "context", "identity", "handle", "func"}
	classNames   = [NumClasses]string{"pure", "reads", "volatile", "local", "writes", "effect", "opaque", "observes"}
	exitNames    = [...]string{"return", "break", "continue"} // by bit
	effectWords  = [...]string{"idempotent", "deferrable", "unordered"}
)

func (k Kind) String() string    { return nameOf(kindNames[:], int(k)) }
func (r Role) String() string    { return nameOf(roleNames[:], int(r)) }
func (k VarKind) String() string { return nameOf(varKindNames[:], int(k)) }
func (c Class) String() string   { return nameOf(classNames[:], int(c)) }

// String lists the exits: "return,break".
func (e Exits) String() string {
	var names []string
	for i, name := range exitNames {
		if e&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return "?" + strconv.Itoa(i)
}

// indexOf returns the place of name among names, -1 if it is not there.
func indexOf(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}

// hasCallee reports whether the text of a node of kind k names a function.
func (k Kind) hasCallee() bool { return k == Step || k == Call || k == Fresh || k == Defer }

func isEffectWord(s string) bool { return indexOf(effectWords[:], s) >= 0 }

// quoteUnless returns s, quoted if it cannot stand for itself.
func quoteUnless(s string, plain func(string) bool) string {
	if plain(s) {
		return s
	}
	return quote(s)
}

// quote prefers back quotes, which leave Go source readable.
func quote(s string) string {
	if strconv.CanBackquote(s) && !strings.ContainsAny(s, "\t\ufeff") && utf8.ValidString(s) {
		return "`" + s + "`"
	}
	return strconv.Quote(s)
}

// stops marks the bytes that end a bare word.
var stops = func() (t [256]bool) {
	for c := range ' ' + 1 {
		t[c] = true
	}
	for _, c := range "(){};,=@:\"`\x7f" {
		t[c] = true
	}
	return
}()

// isBare reports whether s can stand as an ID or a value: no byte of the
// grammar in it, and no "..", which parts the ends of a range.
func isBare(s string) bool {
	for i := range len(s) {
		if stops[s[i]] {
			return false
		}
	}
	return s != "" && !strings.Contains(s, "..") && s[len(s)-1] != '.' && s[0] != '.' && isPrint(s)
}

// isLong reports whether s can stand as a name that ends at the next space.
func isLong(s string) bool {
	return s != "" && !strings.ContainsAny(s, " \"`") && isPrint(s)
}

// isExpr reports whether s can stand between the braces of a key part.
func isExpr(s string) bool {
	return !strings.ContainsAny(s, "{}\"`") && isPrint(s)
}

func isPrint(s string) bool {
	for _, r := range s {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
