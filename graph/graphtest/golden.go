package graphtest

// Golden files: a txtar archive holds an input and what was made of it.

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write golden files anew")

// Golden runs a test for each archive that pattern matches. make gets the files
// of the archive and returns the contents that some of them must have. With
// -update they are written instead, and the difference is for a person to read.
//
// The txtar format is simple enough to be read here: the root module requires
// no other for its tests, because an adopter's module graph would inherit it.
func Golden(t *testing.T, pattern string, make func(t *testing.T, files map[string]string) map[string]string) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden file matches %s (%v)", pattern, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			ar := parseArchive(string(data))
			for name, got := range make(t, ar.content) {
				if *update {
					ar.set(name, got)
				} else if want := ar.content[name]; got != want {
					t.Errorf("%s: %s is\n%s\nwant\n%s\n(run with -update to accept)", path, name, got, want)
				}
			}
			if *update {
				if err := os.WriteFile(path, []byte(ar.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// An archive is a comment and files, each after a line "-- NAME --".
type archive struct {
	comment string
	names   []string
	content map[string]string
}

func parseArchive(text string) *archive {
	ar := &archive{content: map[string]string{}}
	name := ""
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(rest, " --") {
			name = strings.TrimSuffix(rest, " --")
			ar.names = append(ar.names, name)
		} else if name == "" {
			ar.comment += line
		} else {
			ar.content[name] += line
		}
	}
	return ar
}

func (ar *archive) set(name, content string) {
	if _, ok := ar.content[name]; !ok {
		ar.names = append(ar.names, name)
	}
	ar.content[name] = content
}

func (ar *archive) String() string {
	text := ar.comment
	for _, name := range ar.names {
		text += "-- " + name + " --\n" + ar.content[name]
	}
	return text
}
