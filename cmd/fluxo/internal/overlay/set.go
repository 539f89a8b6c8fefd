package overlay

// The set of files of one overlay.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// A Set is an overlay that is being put together.
type Set struct {
	user  map[string]string // the user's own overlay: file → replacement, "" for deleted
	files map[string][]byte // by absolute file name
}

// New returns a set that stands on top of the user's own overlay; nil for none.
func New(user map[string]string) *Set {
	return &Set{user: user, files: map[string][]byte{}}
}

// ReadFile reads a file as the go command would see it under the set.
func (s *Set) ReadFile(name string) ([]byte, error) {
	name = filepath.Clean(name)
	if text, ok := s.files[name]; ok {
		return text, nil
	}
	if with, ok := s.user[name]; ok {
		if with == "" {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		}
		name = with
	}
	return os.ReadFile(name)
}

// Exists reports whether the go command would see a file of that name.
func (s *Set) Exists(name string) bool {
	name = filepath.Clean(name)
	if _, ok := s.files[name]; ok {
		return true
	}
	if with, ok := s.user[name]; ok {
		return with != ""
	}
	_, err := os.Stat(name)
	return err == nil
}

// Put replaces or adds a file. name is absolute.
func (s *Set) Put(name string, text []byte) { s.files[filepath.Clean(name)] = text }

// Names returns the files of the set, sorted, without the user's.
func (s *Set) Names() []string { return slices.Sorted(maps.Keys(s.files)) }

// Empty reports whether the set adds nothing to the user's own overlay.
func (s *Set) Empty() bool { return len(s.files) == 0 }

// replace is the format of the go command.
type replace struct {
	Replace map[string]string
}

// Write writes the set, the user's files included, and returns the name of the
// file for -overlay.
func (s *Set) Write(c *Cache) (string, error) {
	r := replace{Replace: map[string]string{}}
	maps.Copy(r.Replace, s.user)
	for _, name := range s.Names() {
		at, err := c.Put(s.files[name], filepath.Ext(name))
		if err != nil {
			return "", err
		}
		r.Replace[name] = at
	}
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return "", err
	}
	return c.Put(append(text, '\n'), ".json")
}

// Read reads an overlay file of the go command. Names are taken relative to dir.
func Read(file, dir string) (map[string]string, error) {
	text, err := os.ReadFile(absolute(file, dir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the overlay %s does not exist: correct the flag -overlay, or GOFLAGS", file)
	}
	if err != nil {
		return nil, fmt.Errorf("the overlay cannot be read: %w", err)
	}
	var r replace
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("the overlay %s is not what go build -overlay takes: %w", file, err)
	}
	all := map[string]string{}
	for from, to := range r.Replace {
		if to != "" {
			to = absolute(to, dir)
		}
		all[absolute(from, dir)] = to
	}
	return all, nil
}

func absolute(name, dir string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

// Clone returns a set that can be added to without changing s.
func (s *Set) Clone() *Set { return &Set{user: s.user, files: maps.Clone(s.files)} }
