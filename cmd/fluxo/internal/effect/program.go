package effect

// Conditions of the whole program, checked on its main package.

import "golang.org/x/tools/go/analysis"

// Program checks on the main package, without test files, what only the program
// as a whole can answer for.
var Program = &analysis.Analyzer{
	Name:     "fluxoprogram",
	Doc:      "conditions that flows put on the program as a whole",
	URL:      "https://fluxo.dev/docs/language",
	Requires: []*analysis.Analyzer{Analyzer},
	Run:      runProgram,
}

func runProgram(pass *analysis.Pass) (any, error) { return nil, nil }
