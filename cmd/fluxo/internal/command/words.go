package command

// What a word on the command line stands for: a package, or a flow. Packages are written as
// for the go command, where a directory begins with ./; only graph takes names of flows, too.

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// isPattern reports whether a word can only be a package: it begins with a dot or a
// slash, or holds dots in a row.
func isPattern(word string) bool {
	return strings.HasPrefix(word, ".") || filepath.IsAbs(word) || strings.HasPrefix(word, "/") || strings.Contains(word, "...")
}

// splitNames tells names of flows from packages; without any of these, they are ./... .
func splitNames(words []string) (names, packages []string) {
	for _, w := range words {
		if isPattern(w) {
			packages = append(packages, w)
		} else {
			names = append(names, w)
		}
	}
	if len(packages) == 0 {
		packages = []string{"./..."}
	}
	return names, packages
}

// isNamed reports whether one of names means the flow: its full name, or the end of it.
func isNamed(flow graph.FlowName, names []string) bool {
	for _, n := range names {
		if string(flow) == n || strings.HasSuffix(string(flow), "."+n) || strings.HasSuffix(string(flow), "/"+n) {
			return true
		}
	}
	return len(names) == 0
}

// packageHint says how a word that names no flow would name a package; "" if there is no such package.
func (p *program) packageHint(word string) string {
	for _, pkg := range p.pkgs {
		if pkg.Path == word {
			return fmt.Sprintf("; for the package of that path write %s", p.env.asDirectory(pkg.Dir))
		}
	}
	if dir := filepath.Join(p.env.dir, word); isDirectory(dir) {
		return fmt.Sprintf("; for the package in that directory write %s", p.env.asDirectory(dir))
	}
	return ""
}

// asDirectory writes a directory as a package on the command line.
func (e *goEnv) asDirectory(dir string) string {
	rel, err := filepath.Rel(e.dir, dir)
	if err != nil || strings.HasPrefix(rel, "..") {
		return e.short(dir)
	}
	return "./" + filepath.ToSlash(rel)
}

func isDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// explainWords adds to err, about packages that cannot be loaded, how words among them were read that
// may have been meant otherwise.
func (e *goEnv) explainWords(err error, packages []string) error {
	for _, w := range packages {
		if isPattern(w) || !strings.Contains(err.Error(), "package "+w+" is not in std") {
			continue
		}
		if dir := filepath.Join(e.dir, w); isDirectory(dir) {
			return fmt.Errorf("%w\n\t%s is read as the path of an import; for the directory write %s", err, w, e.asDirectory(dir))
		}
		return fmt.Errorf("%w\n\t%s is read as the path of an import; a directory begins with ./, and only fluxo graph takes the name of a flow", err, w)
	}
	return err
}
