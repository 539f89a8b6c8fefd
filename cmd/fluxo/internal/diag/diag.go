// Package diag holds the table of what Fluxo says to authors: every diagnostic
// has a stable code, a reason and a page docs/errors/CODE.md with a failing and
// a mended example, which the tests compile; fluxo help CODE shows it.
package diag

import (
	"fmt"
	"go/token"
	"sort"

	"golang.org/x/tools/go/analysis"
)

// A Code names a kind of diagnostic and never changes its meaning.
//
//	FX1xx  directives
//	FX2xx  flows: what the subset leaves out
//	FX3xx  steps and promises
//	FX4xx  the whole program
//	FX5xx  notes: nothing is wrong, something could be faster
type Code string

// IsNote reports whether c only says what could be faster.
func (c Code) IsNote() bool { return len(c) > 2 && c[2] == '5' }

// A Rule is the fixed part of a diagnostic.
type Rule struct {
	Code   Code
	Title  string // what happened, in a few words
	Reason string // why Fluxo cannot have it
}

// Report reports rule code at pos: what exactly stands there, and the smallest
// fix, an imperative sentence with the names filled in.
func Report(pass *analysis.Pass, pos, end token.Pos, code Code, what, fix string) {
	pass.Report(New(pos, end, code, what, fix))
}

// New is Report's diagnostic, for those who report it later.
func New(pos, end token.Pos, code Code, what, fix string) analysis.Diagnostic {
	r, ok := rules[code]
	if !ok {
		panic("bug: diagnostic without a rule: " + string(code))
	}
	return analysis.Diagnostic{
		Pos: pos, End: end, Category: string(code),
		Message: fmt.Sprintf("%s: %s (%s); fix: %s [fluxo help %s]", code, what, r.Reason, fix, code),
	}
}

// Rules returns the table, ordered by code.
func Rules() []Rule {
	all := make([]Rule, 0, len(rules))
	for _, r := range rules {
		all = append(all, r)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Code < all[j].Code })
	return all
}
