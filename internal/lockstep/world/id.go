package world

// IDs: new ones every time, so that answers are compared by their order, and by
// whether any two requests got the same.

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// idNumber is the ID made as the nth.
func idNumber(n int) (id [16]byte) {
	binary.BigEndian.PutUint64(id[:], uint64(n))
	return id
}

var idText = regexp.MustCompile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

// IDs lists the IDs in an answer, in their order, each once.
func (a Answer) IDs() []string {
	var ids []string
	for _, text := range append([]string{a.Rec.S}, a.Lines...) {
		if !strings.Contains(text, "-0000-") {
			continue // as nearly all
		}
		ids = append(ids, idText.FindAllString(text, -1)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// ranked returns a with each ID replaced by its place among them.
func (a Answer) ranked() Answer {
	ids := a.IDs()
	if len(ids) == 0 {
		return a
	}
	rank := func(text string) string {
		return idText.ReplaceAllStringFunc(text, func(id string) string {
			return fmt.Sprint("ID", slices.Index(ids, id))
		})
	}
	a.Rec.S = rank(a.Rec.S)
	a.Lines = slices.Clone(a.Lines)
	for i, line := range a.Lines {
		a.Lines[i] = rank(line)
	}
	return a
}

// Repeated returns an ID that two requests of h got; "" if there is none.
func (h *History) Repeated() string {
	seen := map[string]bool{}
	for _, r := range h.Requests {
		for _, id := range r.Answer.IDs() {
			if seen[id] {
				return id
			}
			seen[id] = true
		}
	}
	return ""
}
