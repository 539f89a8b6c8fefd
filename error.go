package fluxo

// The one type of error of a running service.

import "strings"

// An Error says what was being done, in which flow, what kind of failure it was
// and why. All fields may be empty.
type Error struct {
	Op   string // the operation that failed: a step ("weather.Locate"), "bind", "encode"
	Flow string // the flow it failed in
	Kind Kind   // "" counts as Internal
	Err  error  // the cause
}

// Error joins what is known: "weather.Locate: no such ZIP code". The flow is left
// out: who prints an error knows which flow ran.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op)
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if e.Err != nil {
		b.WriteString(e.Err.Error())
	} else {
		b.WriteString(e.kind().Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is e's kind.
func (e *Error) Is(target error) bool {
	k, ok := target.(Kind)
	return ok && k == e.kind()
}

func (e *Error) kind() Kind { return e.Kind.known() }
