package fluxo

// How an error crosses a process boundary: intact.

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
)

// maxWireDepth bounds how deep a tree of wrapped errors is encoded; what lies
// deeper survives as text only.
const maxWireDepth = 32

// A wireError is one error of the tree in JSON: an [Error] by its fields, a
// well-known value by its name, anything else by its text and what it wraps.
type wireError struct {
	Kind  Kind         `json:"kind,omitempty"`
	Op    string       `json:"op,omitempty"`
	Flow  string       `json:"flow,omitempty"`
	Bare  bool         `json:"bare,omitempty"` // the Kind itself, no Error around it
	Known string       `json:"known,omitempty"`
	Text  string       `json:"text,omitempty"`
	Wraps []*wireError `json:"wraps,omitempty"`
}

// knownErrors are the values that callers compare with and that therefore have
// to be themselves on the other side.
var knownErrors = map[string]error{
	"context.Canceled":         context.Canceled,
	"context.DeadlineExceeded": context.DeadlineExceeded,
	"io.EOF":                   io.EOF,
	"io.ErrUnexpectedEOF":      io.ErrUnexpectedEOF,
	"fs.ErrNotExist":           fs.ErrNotExist,
	"fs.ErrExist":              fs.ErrExist,
	"fs.ErrPermission":         fs.ErrPermission,
	"errors.ErrUnsupported":    errors.ErrUnsupported,
}

// MarshalJSON encodes e and everything it wraps: kinds, texts, the well-known
// errors of the standard library. Other types of error keep their text and what they wrap.
func (e *Error) MarshalJSON() ([]byte, error) {
	return json.Marshal(toWire(e, maxWireDepth))
}

// UnmarshalJSON is the inverse of MarshalJSON: the result has the same text, the
// same kinds, and errors.Is finds in it the same kinds and well-known errors.
func (e *Error) UnmarshalJSON(data []byte) error {
	var w wireError
	if err := json.Unmarshal(data, &w); err != nil {
		return err
	}
	if decoded, ok := w.error(maxWireDepth).(*Error); ok {
		*e = *decoded
		return nil
	}
	return errors.New("fluxo: the encoded error has no kind")
}

func toWire(err error, depth int) *wireError {
	for name, known := range knownErrors {
		if err == known {
			return &wireError{Known: name}
		}
	}
	if k, ok := err.(Kind); ok {
		return &wireError{Kind: k.known(), Bare: true}
	}
	e, isError := err.(*Error)
	w := &wireError{}
	if isError {
		w.Kind, w.Op, w.Flow = e.kind(), e.Op, e.Flow
	} else {
		w.Text = err.Error()
	}
	causes := wrapped(err)
	if depth == 0 {
		if isError && len(causes) > 0 {
			w.Wraps = []*wireError{{Text: causes[0].Error()}}
		}
		return w
	}
	for _, cause := range causes {
		w.Wraps = append(w.Wraps, toWire(cause, depth-1))
	}
	return w
}

// wrapped returns what err wraps, by either form of Unwrap.
func wrapped(err error) []error {
	switch u := err.(type) {
	case interface{ Unwrap() error }:
		if cause := u.Unwrap(); cause != nil {
			return []error{cause}
		}
	case interface{ Unwrap() []error }:
		return u.Unwrap()
	}
	return nil
}

func (w *wireError) error(depth int) error {
	if known, ok := knownErrors[w.Known]; ok {
		return known
	}
	if w.Bare {
		return w.Kind.known()
	}
	var causes []error
	if depth >= 0 {
		for _, cause := range w.Wraps {
			if cause != nil {
				causes = append(causes, cause.error(depth-1))
			}
		}
	}
	if w.Kind == "" {
		return &remoteError{w.Text, causes}
	}
	e := &Error{Op: w.Op, Flow: w.Flow, Kind: w.Kind.known()}
	if len(causes) > 0 {
		e.Err = causes[0]
	}
	return e
}

// A remoteError stands for an error of a type that did not cross with it.
type remoteError struct {
	text   string
	causes []error
}

func (e *remoteError) Error() string   { return e.text }
func (e *remoteError) Unwrap() []error { return e.causes }
