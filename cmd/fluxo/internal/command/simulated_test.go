package command

import (
	"errors"
	"strings"
	"testing"

	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/pattern/planner"
)

// What a replay overloads is said once, with what to do; the other one is shown.
func TestOverloadIsSaidOnce(t *testing.T) {
	over, well := replayed{err: sim.ErrOverload}, replayed{Prediction: &planner.Prediction{Requests: 3, Mean: 1}}
	for _, c := range []struct {
		row  simulated
		who  string
		head string
	}{
		{simulated{written: over, planned: &over}, "as written and planned", ""},
		{simulated{written: over}, "as written", ""},
		{simulated{written: over, planned: &well}, "as written", "planned"},
		{simulated{written: well, planned: &over}, "planned", "as written"},
	} {
		var b strings.Builder
		err := printReplay(&b, &c.row)
		if !errors.Is(err, sim.ErrOverload) || !strings.HasPrefix(err.Error(), c.who+": overload: ") || strings.Count(err.Error(), "overload") != 1 || !strings.Contains(err.Error(), "suppose fewer requests with -rate 0.5") {
			t.Errorf("%s: %v", c.who, err)
		}
		if head, _, _ := strings.Cut(b.String(), "\n"); strings.TrimSpace(head) != c.head {
			t.Errorf("%s overloads: shown is\n%s", c.who, b.String())
		}
	}
}
