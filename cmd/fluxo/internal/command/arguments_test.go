package command

import (
	"slices"
	"strings"
	"testing"
)

func TestArguments(t *testing.T) {
	for _, c := range []struct{ command, line, flags, packages, rest string }{
		{"build", "-tags x -o y ./cmd/svc", "-tags x -o y", "./cmd/svc", ""},
		{"build", "--tags=x -race ./a ./b", "--tags=x -race", "./a ./b", ""},
		{"build", "-v -- -odd", "-v", "-odd", ""},
		{"run", "-race ./svc -addr :8080 x", "-race", "./svc", "-addr :8080 x"},
		{"run", ". -- a -b", "", ".", "-- a -b"}, // as go run has it
		{"run", "-v -- ./svc a", "-v", "./svc", "a"},
		{"run", "a.go b.go -v c.go", "", "a.go b.go", "-v c.go"},
		{"run", "", "", "", ""},
		{"test", "-run TestX ./... -v -args -count 2", "-run TestX -v", "./...", "-args -count 2"},
		{"test", "-test.run=X -cover", "-test.run=X -cover", "", ""},
		{"vet", "-json ./...", "-json", "./...", ""},
	} {
		a, err := parseArguments(c.command, strings.Fields(c.line))
		if err != nil {
			t.Fatal(err)
		}
		got := []string{strings.Join(a.words(), " "), strings.Join(a.packages, " "), strings.Join(a.rest, " ")}
		if want := []string{c.flags, c.packages, c.rest}; !slices.Equal(got, want) {
			t.Errorf("%s %s: got %q, want %q", c.command, c.line, got, want)
		}
	}
	if _, err := parseArguments("build", []string{"-tags"}); err == nil {
		t.Error("a flag without its value was accepted")
	}
}

func TestListFlags(t *testing.T) {
	a, err := parseArguments("test", strings.Fields("-run X -tags=a,b -race -count 1 -mod=mod -o z"))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(a.listFlags(), " "); got != "-tags=a,b -race -mod=mod" {
		t.Errorf("got %s", got)
	}
}

func TestSplitFlags(t *testing.T) {
	got := splitFlags(`-tags=x  "-ldflags=-X a=b" '-o=my dir'`)
	if want := []string{"-tags=x", "-ldflags=-X a=b", "-o=my dir"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}
