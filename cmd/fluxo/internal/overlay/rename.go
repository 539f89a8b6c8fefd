package overlay

// Replacing names in an author's file: nothing else changes, so that lines stay
// what they are.

import (
	"bytes"
	"fmt"
	"slices"
)

// A Rename replaces the identifier Old at a byte offset by New.
type Rename struct {
	Offset   int
	Old, New string
}

// Apply returns src with the names replaced.
func Apply(src []byte, renames []Rename) ([]byte, error) {
	renames = slices.Clone(renames)
	slices.SortFunc(renames, func(a, b Rename) int { return a.Offset - b.Offset })
	var out bytes.Buffer
	at := 0
	for _, r := range renames {
		end := r.Offset + len(r.Old)
		if r.Offset < at || end > len(src) || string(src[r.Offset:end]) != r.Old {
			return nil, fmt.Errorf("bug: no identifier %s at offset %d", r.Old, r.Offset)
		}
		out.Write(src[at:r.Offset])
		out.WriteString(r.New)
		at = end
	}
	out.Write(src[at:])
	return out.Bytes(), nil
}
