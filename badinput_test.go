package fluxo

// docs/bad-input.md names tests: each of them must be there.

import (
	"os"
	"regexp"
	"testing"
)

func TestBadInputNamesTests(t *testing.T) {
	page, err := os.ReadFile("docs/bad-input.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z/]+(?:_test\\.go|\\.txtar))(?::(\\w+))?`").FindAllSubmatch(page, -1)
	if len(named) < 50 {
		t.Fatalf("only %d tests found on the page", len(named))
	}
	for _, n := range named {
		file, test := string(n[1]), string(n[2])
		text, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		} else if test != "" && !regexp.MustCompile(`(?m)^func `+test+`\(`).Match(text) {
			t.Errorf("%s has no %s", file, test)
		}
	}
}
