package plan

// What is wrong with a plan: where, what, and what to do about it.

import (
	"fmt"
	"strings"
)

// A Pos is a place in a plan file. The zero Pos is of a decision that was made
// and not read.
type Pos struct {
	File string // as given to Parse
	Line int    // from 1
	Col  int    // in bytes, from 1
}

func (p Pos) String() string {
	if p.Line == 0 {
		return "-"
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col)
}

// An Error is one thing wrong with a plan file.
type Error struct {
	Pos  Pos
	What string
	Fix  string // an imperative sentence
}

func (e *Error) Error() string { return sentence(e.Pos, e.What, e.Fix) }

func sentence(p Pos, what, fix string) string {
	return fmt.Sprintf("%v: %s; fix: %s", p, what, fix)
}

// maxErrors bounds how many errors one Parse reports.
const maxErrors = 20

// Errors are all errors of a plan file, in the order of the file, at most 20.
type Errors []*Error

func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find the first *Error.
func (es Errors) Unwrap() []error {
	errs := make([]error, len(es))
	for i, e := range es {
		errs[i] = e
	}
	return errs
}
