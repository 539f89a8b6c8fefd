package tool

import "testing"

func TestServiceHasTenThousandLines(t *testing.T) {
	lines, err := writeService(t.TempDir(), "test")
	if err != nil || lines < 10_000 || lines > 11_000 {
		t.Errorf("the generated service has %d lines, error %v", lines, err)
	}
}
