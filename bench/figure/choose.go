package figure

// Which figures a run prints.

import (
	"fmt"
	"strings"
)

// Choose returns the figures whose names begin with one of the prefixes, all if
// there is none; a prefix that chooses nothing is an error.
func Choose(all []Figure, prefixes []string) ([]Figure, error) {
	if len(prefixes) == 0 {
		return all, nil
	}
	chosen := make([]bool, len(all))
	for _, p := range prefixes {
		found := false
		for i, f := range all {
			if strings.HasPrefix(f.Name, p) {
				chosen[i], found = true, true
			}
		}
		if !found {
			return nil, fmt.Errorf("no figure begins with %q: bench -list names them all", p)
		}
	}
	var out []Figure
	for i, f := range all {
		if chosen[i] {
			out = append(out, f)
		}
	}
	return out, nil
}
