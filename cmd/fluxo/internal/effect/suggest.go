package effect

// The nearest known word to a misspelt one.

import (
	"sort"
	"strings"
)

// nearest returns the known word closest to s, or "" if none is close: at most
// a third of its letters differ.
func nearest(s string, known []string) string {
	sort.Strings(known)
	best, least := "", len(s)/3+1
	for _, k := range known {
		if strings.EqualFold(s, k) {
			return k // GET for get is no distance at all
		}
		if d := distance(s, k); d <= least && (best == "" || d < least) {
			best, least = k, d
		}
	}
	return best
}

// distance is the restricted Damerau-Levenshtein distance: the number of
// letters inserted, dropped, changed or swapped with their neighbour.
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}

// keys returns the keys of m.
func keys[V any](m map[string]V) []string {
	all := make([]string, 0, len(m))
	for k := range m {
		all = append(all, k)
	}
	return all
}
