package plan

// Suggestions for names that are not there.

import "strings"

// nearest returns the candidate closest to s, if one is close: the same name
// in another block, or few letters apart (Levenshtein's distance at most a
// third of the longer).
func nearest(s string, candidates []string) (string, bool) {
	best, at := "", -1
	for _, c := range candidates {
		d := distance(s, c)
		if lastPart(s) == lastPart(c) {
			d = min(d, 1)
		}
		if d*3 <= max(len(s), len(c)) && (at < 0 || d < at) {
			best, at = c, d
		}
	}
	return best, at >= 0
}

// lastPart is the name of a node within its block.
func lastPart(s string) string { return s[strings.LastIndexByte(s, '/')+1:] }

// maxDistanceLength bounds the work of distance; longer names are far apart.
const maxDistanceLength = 256

// distance is how many letters must be added, removed or replaced (bytes,
// Levenshtein 1965). It takes O(len(s)·len(t)).
func distance(s, t string) int {
	if len(s) > maxDistanceLength || len(t) > maxDistanceLength {
		return max(len(s), len(t))
	}
	row := make([]int, len(t)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(s) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(t) {
			replace := diagonal
			if s[i] != t[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(t)]
}
