package load

// Third-party packages are analysed when somebody first asks for a fact of
// theirs, which only happens where a flow or a step's promise depends on it.

import (
	"strings"
)

// maxDepth bounds how deep a question about one package may lead into others.
// Beyond it a function counts as unknown.
const maxDepth = 12

// demand returns the facts of a package, analysing it if need be. It is nil for
// the standard library and for what cannot be analysed.
func (s *factStore) demand(path string) packageFacts {
	if facts, ok := s.of[path]; ok {
		return facts
	}
	p := s.loader.byID[path]
	if p == nil || p.Standard || s.own[path] || s.depth == maxDepth || strings.HasPrefix(path, "fluxo.dev/fluxo") {
		return nil
	}
	if facts, ok := s.cache.get(s.loader, p); ok {
		s.of[path] = facts
		return facts
	}
	s.of[path] = packageFacts{} // an import cycle is impossible, but a broken package is not
	s.depth++
	defer func() { s.depth-- }()
	if !s.analyzeOnDemand(p) {
		return nil
	}
	s.cache.put(s.loader, p, s.of[path])
	return s.of[path]
}

// analyzeOnDemand checks a third-party package from source and runs the
// analyzers that leave facts. A package that does not check is left unknown:
// the compiler, not this package, is to say so.
func (s *factStore) analyzeOnDemand(p *Listed) bool {
	var broken Error
	pkg, err := s.loader.checkOne(p, s.loader.parse(p), &broken)
	if err != nil || len(broken.Problems) > 0 {
		return false
	}
	return s.loader.analyzeOne(pkg, s.analyzers, false) == nil
}
