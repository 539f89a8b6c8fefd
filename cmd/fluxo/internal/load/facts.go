package load

// Facts are kept by package path and object path, so that an object from export
// data and the same object from source have the same facts.

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// A factKey names an object ("" for the package itself) and a kind of fact.
type factKey struct {
	object objectpath.Path
	kind   reflect.Type
}

// packageFacts are the facts about one package and its objects.
type packageFacts map[factKey]analysis.Fact

// A factStore holds the facts of all packages.
type factStore struct {
	loader    *loader
	analyzers []*analysis.Analyzer    // those with facts, and what they require
	own       map[string]bool         // paths of the packages checked from source
	of        map[string]packageFacts // by package path; an entry means that the package was analysed
	local     map[types.Object]map[reflect.Type]analysis.Fact
	encoder   objectpath.Encoder
	cache     *cache
	depth     int // of packages being analysed on demand
}

func newFactStore(l *loader, order []*analysis.Analyzer) *factStore {
	s := &factStore{loader: l, own: map[string]bool{}, of: map[string]packageFacts{}, local: map[types.Object]map[reflect.Type]analysis.Fact{}}
	var withFacts []*analysis.Analyzer
	for _, a := range order {
		if len(a.FactTypes) > 0 {
			withFacts = append(withFacts, a)
		}
	}
	s.analyzers = requirements(withFacts)
	s.cache = openCache(l.cfg, s.analyzers)
	return s
}

// begin opens the facts of a package. A test variant replaces what was said of
// the package without its tests.
func (s *factStore) begin(id string) { s.of[withoutTest(id)] = packageFacts{} }

// factsOf is the store as one package sees it.
type factsOf struct {
	*factStore
	from *Package
}

func (f factsOf) exportObject(obj types.Object, fact analysis.Fact) {
	if obj.Pkg() != f.from.Types {
		panic("bug: a fact about an object of another package: " + obj.String())
	}
	kind := reflect.TypeOf(fact)
	if f.local[obj] == nil {
		f.local[obj] = map[reflect.Type]analysis.Fact{}
	}
	f.local[obj][kind] = fact
	if path, err := f.encoder.For(obj); err == nil {
		f.of[f.from.Path][factKey{path, kind}] = fact
	}
}

func (f factsOf) importObject(obj types.Object, fact analysis.Fact) bool {
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	kind := reflect.TypeOf(fact)
	if obj.Pkg() == f.from.Types {
		return assign(fact, f.local[obj][kind])
	}
	facts := f.demand(obj.Pkg().Path())
	if len(facts) == 0 {
		return false
	}
	path, err := f.encoder.For(obj)
	return err == nil && assign(fact, facts[factKey{path, kind}])
}

func (f factsOf) exportPackage(fact analysis.Fact) {
	f.of[f.from.Path][factKey{"", reflect.TypeOf(fact)}] = fact
}

func (f factsOf) importPackage(pkg *types.Package, fact analysis.Fact) bool {
	return assign(fact, f.of[pkg.Path()][factKey{"", reflect.TypeOf(fact)}])
}

// assign copies a stored fact to where the caller wants it.
func assign(to, from analysis.Fact) bool {
	if from == nil {
		return false
	}
	reflect.ValueOf(to).Elem().Set(reflect.ValueOf(from).Elem())
	return true
}

// allObjects lists the facts about this package and the packages it imports
// that have been analysed already.
func (f factsOf) allObjects() []analysis.ObjectFact {
	var all []analysis.ObjectFact
	f.visible(func(p *types.Package, key factKey, fact analysis.Fact) {
		if key.object == "" {
			return
		}
		if obj, err := objectpath.Object(p, key.object); err == nil {
			all = append(all, analysis.ObjectFact{Object: obj, Fact: fact})
		}
	})
	return all
}

func (f factsOf) allPackages() []analysis.PackageFact {
	var all []analysis.PackageFact
	f.visible(func(p *types.Package, key factKey, fact analysis.Fact) {
		if key.object == "" {
			all = append(all, analysis.PackageFact{Package: p, Fact: fact})
		}
	})
	return all
}

func (f factsOf) visible(yield func(*types.Package, factKey, analysis.Fact)) {
	pkgs := imported(f.from.Types)
	pkgs[f.from.Types] = true
	for p := range pkgs {
		for key, fact := range f.of[p.Path()] {
			yield(p, key, fact)
		}
	}
}
