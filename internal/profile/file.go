package profile

// Traces as streams of bytes: what goes from a service to who records it.

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
)

// format begins a stream.
const format = "fluxo trace 1"

// A Writer writes a trace to a stream, run by run. Its methods must not be called at the same time.
type Writer struct{ enc *gob.Encoder }

// NewWriter begins a stream with all of t but its runs.
func NewWriter(w io.Writer, t *Trace) (*Writer, error) {
	enc := gob.NewEncoder(w)
	head := *t
	head.Runs = nil
	if err := errors.Join(enc.Encode(format), enc.Encode(&head)); err != nil {
		return nil, fmt.Errorf("begin a trace: %w", err)
	}
	return &Writer{enc}, nil
}

// Add writes a run.
func (w *Writer) Add(r *Run) error { return w.enc.Encode(r) }

// Read reads a stream to its end. A stream that ends within a run gives the runs before it, with
// io.ErrUnexpectedEOF.
func Read(r io.Reader) (*Trace, error) {
	dec := gob.NewDecoder(r)
	var begin string
	if err := dec.Decode(&begin); err != nil || begin != format {
		return nil, fmt.Errorf("this is no trace: it does not begin with %q", format)
	}
	t := &Trace{}
	if err := dec.Decode(t); err != nil {
		return nil, fmt.Errorf("the trace's head cannot be read: %w", err)
	}
	for {
		run := &Run{}
		switch err := dec.Decode(run); {
		case errors.Is(err, io.EOF):
			return t, nil
		case err != nil:
			return t, fmt.Errorf("the trace cannot be read behind run %d: %w", len(t.Runs), err)
		}
		t.Runs = append(t.Runs, run)
	}
}
