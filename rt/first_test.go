package rt

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestFailureOfAGroup(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	ended := fmt.Errorf("asked: %w", context.Canceled)
	for _, c := range []struct{ first, second, want error }{
		{nil, nil, nil},
		{a, nil, a},
		{nil, b, b},
		{a, b, a},
		{ended, b, b},
		{a, ended, a},
		{ended, nil, ended},
		{ended, context.Canceled, ended},
	} {
		var got error
		stops := 0
		for _, err := range []error{c.first, c.second} {
			FirstStops(&got, err, func() { stops++ }, Next)
		}
		if got != c.want {
			t.Errorf("%v, then %v: the group failed with %v, want %v", c.first, c.second, got, c.want)
		}
		if (stops > 0) != (c.want != nil) {
			t.Errorf("%v, then %v: its context was ended %d times", c.first, c.second, stops)
		}
	}
}

func TestEndsReachesTheInnermostGroup(t *testing.T) {
	outer, _ := WithGroup(t.Context())
	inner, _ := WithGroup(outer)
	below, cancel := context.WithCancel(inner)
	defer cancel()
	Ends(below, nil)
	if below.Err() != nil {
		t.Error("no failure ended the group")
	}
	Ends(below, errors.New("failed"))
	if below.Err() == nil || inner.Err() == nil {
		t.Error("the failure did not end the group")
	}
	if outer.Err() != nil {
		t.Error("the failure ended the group around it")
	}
	Ends(t.Context(), errors.New("failed")) // in no group
}
