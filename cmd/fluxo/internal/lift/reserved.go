package lift

// Names that emitted code needs: what a package with flows must not declare
// at package level, nor call a type parameter of a flow. Emitted code stands in the author's package, where such a
// declaration would take the name's meaning away from it.

import (
	"go/token"
	"go/types"
	"regexp"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
)

// neededBuiltins are the predeclared functions and constants that emitted code
// uses. It uses all predeclared types: variables of the flow may be of them.
const neededBuiltins = " append false len make new nil true "

// emittedName matches the names of emitted declarations: "fluxoSlot_Page".
var emittedName = regexp.MustCompile(`^fluxo[A-Z][A-Za-z]*_`)

// reserved reports the declarations of pkg whose names emitted code needs.
func reserved(pkg *types.Package, tell report) {
	for _, name := range pkg.Scope().Names() {
		o := pkg.Scope().Lookup(name)
		at := span{o.Pos(), o.Pos() + token.Pos(len(name))}
		switch {
		case isNeeded(name):
			tell(at, "FX220", "the package declares "+name+", which is predeclared",
				"give it another name; or move the package's flows and the steps with words that act to a package of their own")
		case emittedName.MatchString(name):
			tell(at, "FX220", "the package declares "+name+", as emitted code may", "give it another name")
		}
	}
}

// reservedParams reports the type parameters of fn, for which code is emitted, that have
// the name of something predeclared: emitted code declares them once more.
func reservedParams(fn *types.Func, tell report) {
	for _, list := range []*types.TypeParamList{fn.Signature().TypeParams(), fn.Signature().RecvTypeParams()} {
		for t := range list.TypeParams() {
			if o := t.Obj(); isNeeded(o.Name()) {
				tell(span{o.Pos(), o.Pos() + token.Pos(len(o.Name()))}, "FX220",
					"the type parameter "+o.Name()+" of "+fn.Name()+" is called as something predeclared", "give it another name")
			}
		}
	}
}

func isNeeded(name string) bool {
	o := types.Universe.Lookup(name)
	_, isType := o.(*types.TypeName)
	return o != nil && (isType || strings.Contains(neededBuiltins, " "+name+" "))
}

// emits reports whether code is emitted for a function with that summary.
func emits(s effect.Summary) bool { return len(s.Triggers) > 0 || s.Acts() }
