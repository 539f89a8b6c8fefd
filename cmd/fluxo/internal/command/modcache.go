package command

// Flows and steps of packages that the author cannot edit: the overlay cannot
// replace files of the module cache, so they run as written.

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
	"fluxo.dev/fluxo/cmd/fluxo/internal/overlay"
)

// taken are the directives that make Fluxo take a function over.
var taken = regexp.MustCompile(`(?m)^//fluxo:((flow|get|post|put|patch|delete|writes)\b|.*\b(timeout|retry|limit)\b)`)

// noteModuleCache prints a note for every package with such directives that is
// compiled as it is.
func (p *program) noteModuleCache(w io.Writer) error {
	for i := range p.loaded.Listed {
		l := &p.loaded.Listed[i]
		if l.Standard || l.Editable() || l.ForTest != "" || isFluxo(l) {
			continue
		}
		for _, name := range l.GoFiles {
			text, err := p.set.ReadFile(filepath.Join(l.Dir, name))
			if err != nil {
				return err
			}
			if at := taken.FindIndex(text); at != nil {
				line := 1 + bytes.Count(text[:at[0]], []byte("\n"))
				fmt.Fprintf(w, "note: %s:%d: %s runs as written: its files are not in a main module, so Fluxo cannot take functions over; fix: work on a copy, go mod edit -replace=%s=DIR, or declare a flow of your own that calls it\n",
					p.env.short(filepath.Join(l.Dir, name)), line, l.ImportPath, l.Module.Path)
				break
			}
		}
	}
	return nil
}

func isFluxo(l *load.Listed) bool {
	return l.ImportPath == overlay.Path || strings.HasPrefix(l.ImportPath, overlay.Path+"/")
}
