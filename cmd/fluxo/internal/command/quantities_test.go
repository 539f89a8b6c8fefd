package command

import (
	"strings"
	"testing"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/rt"
)

// One thing is told as one.
func TestOneIsNoPlural(t *testing.T) {
	fared := func(n int64) string {
		what, _, _ := strings.Cut((&rt.Fared{Requests: n}).String(), ",")
		return what
	}
	for _, c := range [][2]string{
		{counted(0, "decision"), "0 decisions"},
		{counted(1, "decision"), "1 decision"},
		{counted(2, "decision"), "2 decisions"},
		{inGoal(plan.Calls, 1), "1 call"},
		{inGoal(plan.Calls, 1.004), "1 call"},
		{inGoal(plan.Calls, 1.5), "1.5 calls"},
		{fared(1), "1 request"},
		{fared(2), "2 requests"},
	} {
		if c[0] != c[1] {
			t.Errorf("%s, want %s", c[0], c[1])
		}
	}
}
