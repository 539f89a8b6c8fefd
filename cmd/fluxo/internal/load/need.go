package load

// Which packages have to be read: those with directives, what they import, and
// the main packages that all of it ends in.

import (
	"bytes"
)

// mark is in every directive, those with a space too many included.
var mark = []byte("fluxo:")

// needed returns the IDs of the packages to type-check from source, each after
// its imports: editable packages with directives, the packages named by the
// patterns that import one, and every editable import of these.
func (l *loader) needed(listed []Listed) ([]string, error) {
	marked := map[string]bool{} // has directives, or imports a package that has
	for i := range listed {
		p := &listed[i]
		if !p.Editable() {
			continue
		}
		has, err := l.hasDirectives(p)
		if err != nil {
			return nil, err
		}
		for _, path := range p.Imports {
			has = has || marked[path]
		}
		marked[p.ImportPath] = has
	}
	want := map[string]bool{}
	var include func(id string)
	include = func(id string) {
		p := l.byID[id]
		if want[id] || p == nil || !p.Editable() {
			return
		}
		want[id] = true
		for _, path := range p.Imports {
			include(path)
		}
	}
	for _, p := range listed {
		if marked[p.ImportPath] && !generatedTestMain(&p) {
			include(p.ImportPath)
		}
	}
	var order []string
	for _, p := range listed {
		if want[p.ImportPath] {
			order = append(order, p.ImportPath)
		}
	}
	return order, nil
}

// generatedTestMain reports whether p is the main package that go test writes.
func generatedTestMain(p *Listed) bool {
	return p.Name == "main" && len(p.ImportPath) > 5 && p.ImportPath[len(p.ImportPath)-5:] == ".test"
}

func (l *loader) hasDirectives(p *Listed) (bool, error) {
	for _, f := range p.files() {
		text, err := l.overlay.ReadFile(f)
		if err != nil {
			return false, err
		}
		if bytes.Contains(text, mark) {
			return true, nil
		}
	}
	return false, nil
}
