package load

// What is wrong with a program that cannot be loaded, in the go command's words.

import (
	"fmt"
	"strings"
)

// maxErrors bounds how many problems are told at once.
const maxErrors = 20

// An Error says why a program could not be loaded.
type Error struct {
	What     string
	Problems []string // "file.go:3:4: undefined: x"
	more     int
}

func (e *Error) Error() string {
	text := e.What
	for _, p := range e.Problems {
		text += "\n\t" + strings.ReplaceAll(p, "\n", "\n\t")
	}
	if e.more > 0 {
		text += fmt.Sprintf("\n\tand %d more", e.more)
	}
	return text
}

func (e *Error) add(pos, problem string) {
	problem = strings.TrimSpace(problem)
	if pos != "" && !strings.HasPrefix(problem, pos) {
		problem = pos + ": " + problem
	}
	for _, p := range e.Problems {
		if p == problem {
			return
		}
	}
	if len(e.Problems) == maxErrors {
		e.more++
		return
	}
	e.Problems = append(e.Problems, problem)
}

// orNil returns e as an error if anything was added.
func (e *Error) orNil(what string) error {
	if len(e.Problems) == 0 {
		return nil
	}
	e.What = what
	return e
}
