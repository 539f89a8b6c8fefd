package profile

// Traces as streams of bytes: what goes from a service to who records it.

import (
	"encoding/gob"
	"errors"
	"fmt"
	"hash/crc32"
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
	head.Runs, head.Sum = nil, t.sum()
	if err := errors.Join(enc.Encode(format), enc.Encode(&head)); err != nil {
		return nil, fmt.Errorf("begin a trace: %w", err)
	}
	return &Writer{enc}, nil
}

// sum returns the checksum of what says whose trace it is.
func (t *Trace) sum() uint32 {
	h := crc32.NewIEEE()
	fmt.Fprintf(h, "%q", t.Service)
	for _, f := range t.Flows {
		fmt.Fprintf(h, "%q%q", f.Name, f.Graph)
	}
	return h.Sum32()
}

// Add writes a run.
func (w *Writer) Add(r *Run) error { return w.enc.Encode(r) }

// A Reader reads a trace from a stream, run by run.
type Reader struct {
	dec  *gob.Decoder
	head *Trace
	runs int
}

// NewReader reads the head of a stream.
func NewReader(r io.Reader) (*Reader, error) {
	dec := gob.NewDecoder(r)
	var begin string
	if err := dec.Decode(&begin); err != nil || begin != format {
		return nil, fmt.Errorf("this is no trace: it does not begin with %q", format)
	}
	t := &Trace{}
	if err := dec.Decode(t); err != nil {
		return nil, fmt.Errorf("the trace's head cannot be read: %w", err)
	}
	if t.Sum != 0 && t.Sum != t.sum() {
		return nil, errors.New("the trace is damaged: its head is not as it was written; use another copy, or record anew")
	}
	t.Sum = 0
	return &Reader{dec: dec, head: t}, nil
}

// Head returns the trace without its runs.
func (r *Reader) Head() *Trace { return r.head }

// Next returns the next run; io.EOF behind the last.
func (r *Reader) Next() (*Run, error) {
	run := &Run{}
	err := r.dec.Decode(run)
	if err == nil {
		r.runs++
		return run, nil
	}
	if errors.Is(err, io.EOF) {
		return nil, io.EOF
	}
	return nil, fmt.Errorf("the trace cannot be read behind run %d: %w", r.runs, err)
}

// Read reads a stream to its end. Of one that is cut off it returns what comes before, with
// an error.
func Read(r io.Reader) (*Trace, error) {
	in, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	t := in.Head()
	for {
		switch run, err := in.Next(); {
		case err == io.EOF:
			return t, nil
		case err != nil:
			return t, err
		default:
			t.Runs = append(t.Runs, run)
		}
	}
}
