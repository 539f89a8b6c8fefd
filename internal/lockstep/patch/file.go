package patch

// One file with its mutants: a changed copy of a function for each of them, and the
// question which one to run.

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A file is one file of the engine.
type file struct {
	name   string
	src    string
	fset   *token.FileSet
	parsed *ast.File
	copies []*changed
}

// A changed is a function as one mutant has it.
type changed struct {
	mutant int // by its place in the list
	name   string
	fn     *ast.FuncDecl
	edits  []Edit
}

func read(root, name string) (*file, error) {
	src, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		return nil, err
	}
	f := &file{name: name, src: string(src), fset: token.NewFileSet()}
	f.parsed, err = parser.ParseFile(f.fset, name, src, parser.ParseComments)
	return f, err
}

func (f *file) offset(p token.Pos) int { return f.fset.Position(p).Offset }

// edit notes what a mutant changes.
func (f *file) edit(mutant int, name string, e Edit) error {
	if n := strings.Count(f.src, e.Old); n != 1 {
		return fmt.Errorf("its old text stands %d times in %s, it must be once: write the mutant again for the engine as it is now:\n%s", n, f.name, e.Old)
	}
	at := strings.Index(f.src, e.Old)
	var fn *ast.FuncDecl
	for _, d := range f.parsed.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil && f.offset(d.Body.Lbrace) < at && at+len(e.Old) <= f.offset(d.Body.Rbrace) {
			fn = d
		}
	}
	if fn == nil {
		return fmt.Errorf("its old text lies in the body of no function of %s:\n%s", f.name, e.Old)
	}
	for _, c := range f.copies {
		if c.mutant == mutant && c.fn == fn {
			c.edits = append(c.edits, e)
			return nil
		}
	}
	f.copies = append(f.copies, &changed{mutant, name, fn, []Edit{e}})
	return nil
}

// text returns the file with the copies and the questions.
func (f *file) text() ([]byte, error) {
	const imports = "; import lockstepmutant \"fluxo.dev/fluxo/internal/lockstep/mutant\""
	type insertion struct {
		at   int
		text string
	}
	all := []insertion{{f.offset(f.parsed.Name.End()), imports}}
	var copies strings.Builder
	for _, c := range f.copies {
		call, err := f.call(c)
		if err != nil {
			return nil, fmt.Errorf("mutant %q: %s: %w", c.name, f.name, err)
		}
		all = append(all, insertion{f.offset(c.fn.Body.Lbrace) + 1, fmt.Sprintf(" if lockstepmutant.Present == %q { %s };", c.name, call)})
		name := f.offset(c.fn.Name.Pos())
		text := f.src[f.offset(c.fn.Pos()):name] + c.copied() + f.src[name+len(c.fn.Name.Name):f.offset(c.fn.End())]
		for _, e := range c.edits {
			text = strings.Replace(text, e.Old, e.New, 1)
		}
		fmt.Fprintf(&copies, "\n%s\n", text)
	}
	slices.SortStableFunc(all, func(a, b insertion) int { return b.at - a.at })
	src := f.src
	for _, i := range all {
		src = src[:i.at] + i.text + src[i.at:]
	}
	return []byte(src + copies.String()), nil
}

// copied is the name of the copy.
func (c *changed) copied() string { return fmt.Sprint(c.fn.Name.Name, "Mutant", c.mutant) }

// call is a statement that leaves the function by calling its copy.
func (f *file) call(c *changed) (string, error) {
	names := func(list *ast.FieldList) (out []string, err error) {
		if list == nil {
			return nil, nil
		}
		for _, field := range list.List {
			if len(field.Names) == 0 {
				return nil, fmt.Errorf("%s has a parameter without a name", c.fn.Name.Name)
			}
			for _, n := range field.Names {
				name := n.Name
				if _, variadic := field.Type.(*ast.Ellipsis); variadic {
					name += "..."
				}
				out = append(out, name)
			}
		}
		return out, nil
	}
	fn := c.copied()
	if types, _ := names(c.fn.Type.TypeParams); len(types) > 0 {
		fn += "[" + strings.Join(types, ", ") + "]"
	}
	if recv, err := names(c.fn.Recv); err != nil {
		return "", err
	} else if len(recv) > 0 {
		fn = recv[0] + "." + fn
	}
	args, err := names(c.fn.Type.Params)
	if err != nil {
		return "", err
	}
	call := fn + "(" + strings.Join(args, ", ") + ")"
	if c.fn.Type.Results != nil {
		return "return " + call, nil
	}
	return call + "; return", nil
}
