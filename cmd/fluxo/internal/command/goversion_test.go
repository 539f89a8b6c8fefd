package command

import (
	"strings"
	"testing"
)

func TestProgramOfNewerGo(t *testing.T) {
	for _, c := range []struct {
		program, own string
		newer        bool
	}{
		{"go1.26.9", "go1.26.9", false},
		{"go1.26.10", "go1.26.9", false},
		{"go1.25.1", "go1.26.9", false},
		{"go1.27.0", "go1.26.9", true},
		{"go1.27rc1", "go1.26.9", true},
		{"go1.27.0", "go1.27rc2", false},
		{"devel go1.28-abcdef", "go1.26.9", false}, // no release to compare: the program's errors will tell
	} {
		err := readableBy(c.program, c.own)
		if (err != nil) != c.newer {
			t.Errorf("program of %s, fluxo of %s: %v", c.program, c.own, err)
		}
		if err != nil && !strings.Contains(err.Error(), "GOTOOLCHAIN="+c.program+",") {
			t.Errorf("the message does not say what to build with: %v", err)
		}
	}
}
