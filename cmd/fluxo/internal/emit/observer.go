package emit

// Context keys that cannot influence results: //fluxo:observer.

import (
	"go/types"
	"strconv"
	"strings"
)

// Observer tells the runtime of a context key, named as the analysis names it: a
// quoted string, or the import path and name of a variable, constant or type. A
// name that the package cannot write is left to the package that declares it.
func (f *File) Observer(key string) {
	if text, err := strconv.Unquote(key); err == nil {
		f.observe(strconv.Quote(text))
		return
	}
	dot := strings.LastIndexByte(key, '.')
	if dot < 0 {
		return
	}
	p := f.reached(key[:dot])
	if p == nil {
		return
	}
	obj := p.Scope().Lookup(key[dot+1:])
	if obj == nil || p != f.Pkg && !obj.Exported() {
		return
	}
	name := obj.Name()
	if q := f.Qualifier(p); q != "" {
		name = q + "." + name
	}
	if _, isType := obj.(*types.TypeName); isType {
		name = "*new(" + name + ")"
	}
	f.observe(name)
}

func (f *File) observe(key string) {
	f.Add("func init() { %s.Observer(%s) }\n", f.Runtime(), key)
}

// reached returns the package of that path if it is this one or an import.
func (f *File) reached(path string) *types.Package {
	if path == f.Pkg.Path() {
		return f.Pkg
	}
	for _, p := range f.Pkg.Imports() {
		if p.Path() == path {
			return p
		}
	}
	return nil
}
