package patch

// Patches: what is changed, and the overlay that has all of it.

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// A Patch is one mutant.
type Patch struct {
	Name  string // "parallel/first failure"
	About string // the sentence or trap that it forgets
	Flows string // those of the generated ones that show it soonest; "" for any
	Edits []Edit
}

// An Edit changes one place in the body of a function. A function that calls recover
// itself, as deferred functions do, cannot be changed: its copy is called one deeper.
type Edit struct {
	File     string // below the root module
	Old, New string // Old stands there exactly once
}

// All lists the mutants.
func All() []Patch { return slices.Concat(parallel, store, standIns, share, hedges) }

// Names lists their names, each with the flows that it is run with: "store/kinds@Q1".
func Names() (names []string) {
	for _, p := range All() {
		name := p.Name
		if p.Flows != "" {
			name += "@" + p.Flows
		}
		names = append(names, name)
	}
	return names
}

// Overlay writes changed copies of the files of the root module to dir, and the file for
// go build's flag -overlay that puts them in place, whose name it returns.
func Overlay(root, dir string) (string, error) {
	changed, err := Apply(root)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for file, text := range changed {
		to := filepath.Join(dir, filepath.Base(filepath.Dir(file))+"_"+filepath.Base(file))
		if err := os.WriteFile(to, text, 0o644); err != nil {
			return "", err
		}
		replace[filepath.Join(root, file)] = to
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	list := filepath.Join(dir, "overlay.json")
	return list, os.WriteFile(list, text, 0o644)
}

// Apply returns the text of each file that a mutant changes, with all of them in it.
func Apply(root string) (map[string][]byte, error) {
	files := map[string]*file{}
	for i, p := range All() {
		for _, e := range p.Edits {
			f := files[e.File]
			if f == nil {
				var err error
				if f, err = read(root, e.File); err != nil {
					return nil, err
				}
				files[e.File] = f
			}
			if err := f.edit(i, p.Name, e); err != nil {
				return nil, fmt.Errorf("mutant %q: %w", p.Name, err)
			}
		}
	}
	out := map[string][]byte{}
	for name, f := range files {
		text, err := f.text()
		if err != nil {
			return nil, err
		}
		out[name] = text
	}
	return out, nil
}
