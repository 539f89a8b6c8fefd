// Package golden runs tests over txtar files: a comment, then sections that
// begin with a line "-- name --". With -update, what a test computed is written
// back, so that the difference can be read.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write computed sections back to testdata")

// A Section is one named part of an archive. Its text ends in a newline unless
// it is empty.
type Section struct{ Name, Text string }

// An Archive is one txtar file.
type Archive struct {
	Comment  string
	Sections []Section
}

// Parse reads an archive. Whatever stands before the first section is comment.
func Parse(text string) *Archive {
	a := &Archive{}
	into := &a.Comment
	for line := range strings.Lines(text) {
		name, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-- ")
		if name, end := strings.CutSuffix(name, " --"); ok && end {
			a.Sections = append(a.Sections, Section{Name: strings.TrimSpace(name)})
			into = &a.Sections[len(a.Sections)-1].Text
			continue
		}
		*into += line
	}
	return a
}

// String writes the archive as Parse reads it.
func (a *Archive) String() string {
	var b strings.Builder
	b.WriteString(a.Comment)
	for _, s := range a.Sections {
		b.WriteString("-- " + s.Name + " --\n" + s.Text)
	}
	return b.String()
}

// Get returns the text of a section, and whether there is one.
func (a *Archive) Get(name string) (string, bool) {
	for _, s := range a.Sections {
		if s.Name == name {
			return s.Text, true
		}
	}
	return "", false
}

// Set gives a section another text, and adds it at the end if it is new.
func (a *Archive) Set(name, text string) {
	for i := range a.Sections {
		if a.Sections[i].Name == name {
			a.Sections[i].Text = text
			return
		}
	}
	a.Sections = append(a.Sections, Section{name, text})
}

// Run calls f for every file that matches pattern. f sets what it computed;
// where that differs from the file the test fails, or with -update the file is
// written.
func Run(t *testing.T, pattern string, f func(t *testing.T, a *Archive)) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files match %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a := Parse(string(data))
			f(t, a)
			got := a.String()
			if got == string(data) {
				return
			}
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("%s differs; run go test with -update and read the difference. Now:\n%s", file, got)
		})
	}
}
