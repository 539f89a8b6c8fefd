package patch_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"fluxo.dev/fluxo/internal/lockstep/patch"
)

const root = "../../.."

// Every mutant fits the engine as it is now, and has a name of its own.
func TestMutantsFit(t *testing.T) {
	if _, err := patch.Apply(root); err != nil {
		t.Error(err)
	}
	seen := map[string]bool{}
	for _, name := range patch.Names() {
		if seen[name] {
			t.Errorf("two mutants are called %q", name)
		}
		seen[name] = true
	}
}

// What lockstep leaves to other tests, they test.
func TestElsewhereExists(t *testing.T) {
	for _, e := range patch.Elsewheres() {
		files, err := filepath.Glob(filepath.Join(root, e.Dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found = found || regexp.MustCompile(`(?m)^func `+e.Test+`\(`).Match(text)
		}
		if !found {
			t.Errorf("%s: there is no %s in %s", e.About, e.Test, e.Dir)
		}
	}
}
