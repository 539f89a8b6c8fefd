package command

// The file that says which patterns of others a service is planned with.

import (
	"bytes"
	"errors"
	"fmt"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
)

// PatternsName is the name of the file beside the service's main package that imports patterns
// of the author's choice. PatternsTag keeps it out of the service.
const (
	PatternsName = "fluxo_patterns.go"
	PatternsTag  = "fluxoplan"
)

// patterns returns the packages that the service's author imports as patterns.
func (t *traced) patterns() ([]string, error) {
	name := filepath.Join(t.pkg.Dir, PatternsName)
	short := t.program.env.short(name)
	text, err := t.program.set.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f, err := parser.ParseFile(token.NewFileSet(), short, text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	if !onlyForPlanners(text) {
		return nil, fmt.Errorf("%s: this file is linked into the service; fix: begin it with the line //go:build %s", short, PatternsTag)
	}
	if len(f.Decls) > 1 || len(f.Decls) == 1 && len(f.Imports) == 0 {
		return nil, fmt.Errorf("%s: this file can hold one import declaration and nothing else, because its package is not built with it", short)
	}
	var all []string
	for _, i := range f.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", short, i.Path.Value, err)
		}
		if i.Name == nil || i.Name.Name != "_" {
			return nil, fmt.Errorf("%s: fix: import _ %q, since patterns make themselves known", short, path)
		}
		all = append(all, path)
	}
	return all, nil
}

// onlyForPlanners reports whether the text's build constraint keeps the file out of a build without
// the tag, and in one with it.
func onlyForPlanners(text []byte) bool {
	for line := range bytes.Lines(text) {
		line := strings.TrimSpace(string(line))
		if strings.HasPrefix(line, "package ") {
			return false
		}
		if !constraint.IsGoBuild(line) {
			continue
		}
		x, err := constraint.Parse(line)
		return err == nil && x.Eval(func(tag string) bool { return tag == PatternsTag }) && !x.Eval(func(tag string) bool { return tag != PatternsTag })
	}
	return false
}
