package effect

// Steps with words that act.

import "fluxo.dev/fluxo/graph"

// Acts reports whether a step with that summary is wrapped.
func (s Summary) Acts() bool {
	if s.Timeout > 0 || s.Retry > 0 || s.Limit > 0 {
		return true
	}
	for _, e := range s.Effects {
		if e.Class == graph.Writes && s.Role == StepRole {
			return true
		}
	}
	return false
}
