package replay

// Requests that fluxo record -values kept.

import (
	"bufio"
	"fmt"
	"io"
	"iter"

	"fluxo.dev/fluxo/internal/recorded"
)

// A CutError says where a record ends too early. The requests before it are whole.
type CutError struct{ err error }

func (e *CutError) Error() string { return e.err.Error() }

func (e *CutError) Unwrap() error { return e.err }

// Read returns the requests of a file of fluxo record -values, or of a list as ReadList has it. Those of which a
// secret or a body was left out are there as they were kept; their answers may differ from the recorded ones.
func Read(name string, r io.Reader) iter.Seq2[*Request, error] {
	in := bufio.NewReader(r)
	if first, err := in.Peek(1); err != nil || first[0] != '{' {
		return ReadList(name, in)
	}
	return func(yield func(*Request, error) bool) {
		_, all, err := recorded.Read(in)
		for _, q := range all {
			status := q.Status
			if len(q.Left) > 0 {
				status = 0 // nobody knows what it is without that
			}
			if !yield(&Request{At: q.At, Method: q.Method, URL: q.URL, Header: q.Header, Body: q.Body, Status: status}, nil) {
				return
			}
		}
		if err != nil {
			err = fmt.Errorf("%s: %w", name, err)
		}
		switch {
		case err != nil && len(all) > 0:
			yield(nil, &CutError{err})
		case err != nil:
			yield(nil, err)
		}
	}
}
