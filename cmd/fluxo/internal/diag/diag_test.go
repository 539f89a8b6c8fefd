package diag

import "testing"

// A code registered twice would change its meaning with the order of files.
func TestCodesAreUnique(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Fatal("the second rule FX101 was accepted")
		}
	}()
	register([]Rule{{Code: "FX101"}})
}

func TestRulesAreComplete(t *testing.T) {
	for _, r := range Rules() {
		if r.Title == "" || r.Reason == "" {
			t.Errorf("%s lacks a title or a reason", r.Code)
		}
	}
}
