package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// full is a device without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestLostOutputIsAnError(t *testing.T) {
	say := func(_ context.Context, c console, _ []string) error {
		fmt.Fprintln(c.out, "something")
		return nil
	}
	err := printing(context.Background(), console{nil, full{}, io.Discard}, nil, say)
	if err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("got %v", err)
	}
	var out strings.Builder
	if err := printing(context.Background(), console{nil, &out, io.Discard}, nil, say); err != nil || out.String() != "something\n" {
		t.Errorf("got %v, %q", err, out.String())
	}
}
