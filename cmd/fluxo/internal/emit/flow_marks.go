package emit

// Marks for coverage: comments in the pieces of a flow that name the author's
// statements which they are made of. Counters exist only once the cover tool has
// seen the author's file; whoever runs that tool puts them in the place of the marks.

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
)

// Mark matches a mark: the number of a statement, then the base name of its file.
var Mark = regexp.MustCompile(`/\*fluxo:statement (\d+) (.+?)\*/`)

// Statements returns the statements of a file in the order of the text, blocks
// and empty ones left out. A mark names a statement by its index.
func Statements(f ast.Node) []ast.Stmt {
	var all []ast.Stmt
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt, *ast.EmptyStmt:
		case ast.Stmt:
			all = append(all, n)
		}
		return true
	})
	return all
}

// marks prints the marks of one flow. All methods do nothing on nil.
type marks struct {
	file  string
	stmts []ast.Stmt
	index map[ast.Stmt]int
	done  map[int]bool // those printed by once
	node  token.Pos    // where the code of the present node begins
}

func newMarks(pkg *lift.Package, flow *lift.Flow) *marks {
	m := &marks{file: baseName(pkg.Fset.Position(flow.Decl.Pos()).Filename), index: map[ast.Stmt]int{}, done: map[int]bool{}}
	for _, f := range pkg.Files {
		if f.FileStart <= flow.Decl.Pos() && flow.Decl.Pos() < f.FileEnd {
			m.stmts = Statements(f)
		}
	}
	for i, s := range m.stmts {
		m.index[s] = i
	}
	return m
}

// at says where the code of the node begins that is printed next.
func (m *marks) at(pos token.Pos) {
	if m != nil {
		m.node = pos
	}
}

// ofNode marks the statement of the present node.
func (m *marks) ofNode() string {
	if m == nil {
		return ""
	}
	return m.once(m.node)
}

// once marks the innermost statement at pos, unless that was done: of several
// nodes that a statement has become one counts.
func (m *marks) once(pos token.Pos) string {
	if m == nil {
		return ""
	}
	at := -1
	for i, s := range m.stmts {
		if s.Pos() <= pos && pos < s.End() {
			at = i
		}
	}
	if at < 0 || m.done[at] {
		return ""
	}
	m.done[at] = true
	return m.of(m.stmts[at]) + "\n"
}

// of marks a statement of the author's text, as often as that is printed.
func (m *marks) of(s ast.Stmt) string {
	if m == nil {
		return ""
	}
	return fmt.Sprintf("/*fluxo:statement %d %s*/", m.index[s], m.file)
}

// list marks the statements of a list inside of the author's text.
func (m *marks) list(n ast.Node, edits *[]edit) {
	if m == nil {
		return
	}
	var list []ast.Stmt
	switch n := n.(type) {
	case *ast.BlockStmt:
		list = n.List
	case *ast.CaseClause:
		list = n.Body
	}
	for _, s := range list {
		*edits = append(*edits, edit{s.Pos(), s.Pos(), m.of(s)})
	}
}
