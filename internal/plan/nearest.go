package plan

// Suggestions for names that are not there.

import (
	"slices"
	"strings"
)

// nearest returns the candidate closest to s, if one is close: the same name
// in another block, a node of another kind about the same thing, or one that differs in
// at most a quarter of the letters of each part. Parts that are the same do not make
// those beside them more alike.
func nearest(s string, candidates []string) (string, bool) {
	best, at := "", -1
	for _, c := range candidates {
		d, near := apart(s, c)
		if lastPart(s) == lastPart(c) || subject(s) == subject(c) {
			d, near = min(d, 1), true
		}
		if near && (at < 0 || d < at) {
			best, at = c, d
		}
	}
	return best, at >= 0
}

// apart is the distance of two names, and whether it is small in every part.
func apart(s, t string) (d int, near bool) {
	isEdge := func(r rune) bool { return r == '.' || r == '/' }
	ss, ts := strings.FieldsFunc(s, isEdge), strings.FieldsFunc(t, isEdge)
	near = len(ss) == len(ts)
	for i := 0; near && i < len(ss); i++ {
		part := distance(ss[i], ts[i])
		d += part
		near = part*4 <= max(len(ss[i]), len(ts[i]))
	}
	if !near {
		return max(len(s), len(t)), false
	}
	return d, true
}

// lastPart is the name of a node within its block.
func lastPart(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// subject is what a loop or branch is about, with where it stands: fold.items is what became
// of each.items. Other names are about themselves.
func subject(s string) string {
	within, name := s[:len(s)-len(lastPart(s))], lastPart(s)
	kind, about, ok := strings.Cut(name, ".")
	if !ok || !slices.Contains([]string{"each", "fold", "if", "switch", "case"}, kind) {
		return s
	}
	return within + "*." + about
}

// maxDistanceLength bounds the work of distance; longer names are far apart.
const maxDistanceLength = 256

// distance is how many letters must be added, removed, replaced or swapped with
// the next (bytes; Damerau 1964, no letter touched twice). It takes
// O(len(s)·len(t)).
func distance(s, t string) int {
	if len(s) > maxDistanceLength || len(t) > maxDistanceLength {
		return max(len(s), len(t))
	}
	row := func(first int) []int {
		r := make([]int, len(t)+1)
		r[0] = first
		return r
	}
	var older, old []int
	now := row(0)
	for j := range now {
		now[j] = j
	}
	for i := range len(s) {
		older, old, now = old, now, row(i+1)
		for j := range len(t) {
			replace := old[j]
			if s[i] != t[j] {
				replace++
			}
			now[j+1] = min(replace, old[j+1]+1, now[j]+1)
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				now[j+1] = min(now[j+1], older[j-1]+1)
			}
		}
	}
	return now[len(t)]
}
