package command

// Coverage of planned flows: their pieces run in place of the author's body, so
// they count the author's statements, with the counters that the cover tool gave that body.

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/emit"
)

// A counter is a block of the author's code as the cover tool counts it.
type counter struct {
	begins string // statements that say which function it is of
	counts string // the statement that counts it
}

// instrumented is an author's file with its counters.
type instrumented struct {
	of    []counter    // by statement, as emit.Statements numbers them; empty outside of functions
	lists [][]ast.Stmt // statement lists of the author's file
	index map[ast.Stmt]int
}

// counters reads the counters of the authors' files, by their base names.
func (s *shim) counters() (map[string]*instrumented, error) {
	files := map[string]*instrumented{}
	for out, author := range s.authors {
		name := author
		if with := s.overlay[author]; with != "" {
			name = with
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		covered, err := os.ReadFile(out)
		if err != nil {
			return nil, err
		}
		in, err := readCounters(text, covered)
		if err != nil {
			return nil, fmt.Errorf("reading the coverage counters of %s: %w", author, err)
		}
		files[filepath.Base(author)] = in
	}
	return files, nil
}

// readCounters reads the author's file and what the cover tool made of it.
func readCounters(author, covered []byte) (*instrumented, error) {
	f, err := parser.ParseFile(token.NewFileSet(), "", author, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	in := &instrumented{index: map[ast.Stmt]int{}}
	all := emit.Statements(f)
	for i, s := range all {
		in.index[s] = i
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			in.lists = append(in.lists, n.List)
		case *ast.CaseClause:
			in.lists = append(in.lists, n.Body)
		}
		return true
	})
	if in.of, err = countersOf(covered); err != nil {
		return nil, err
	}
	if len(in.of) != len(all) {
		return nil, fmt.Errorf("the cover tool made %d statements of %d", len(in.of), len(all))
	}
	return in, nil
}

// countersOf returns the counter of each of the author's statements: the one
// that stands before it.
func countersOf(covered []byte) ([]counter, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", covered, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var (
		of   []counter
		last counter
	)
	for _, d := range f.Decls {
		last = counter{}
		for _, s := range emit.Statements(d) {
			text := string(covered[fset.PositionFor(s.Pos(), false).Offset:fset.PositionFor(s.End(), false).Offset])
			switch slot, ok := counterSlot(s); {
			case !ok:
				of = append(of, last)
			case slot < headerSlots:
				last.begins += text + "; "
			default:
				last.counts = text + "; "
			}
		}
	}
	return of, nil
}

// headerSlots is how many slots of a function's counters say which function it
// is; the cover tool sets them where the function begins (internal/coverage.FirstCtrOffset).
const headerSlots = 3

// counterSlot returns the slot that a statement of the cover tool sets; false
// for a statement of the author's.
func counterSlot(s ast.Stmt) (int, bool) {
	var x ast.Expr
	switch s := s.(type) {
	case *ast.AssignStmt:
		x = s.Lhs[0]
	case *ast.IncDecStmt:
		x = s.X
	case *ast.ExprStmt: // _cover_atomic_.AddUint32(&goCover_…[3], 1)
		if c, ok := s.X.(*ast.CallExpr); ok && len(c.Args) == 2 {
			if u, ok := c.Args[0].(*ast.UnaryExpr); ok {
				x = u.X
			}
		}
	}
	at, ok := x.(*ast.IndexExpr)
	if !ok {
		return 0, false
	}
	array, ok := at.X.(*ast.Ident)
	slot, isLit := at.Index.(*ast.BasicLit)
	if !ok || !isLit || !strings.HasPrefix(array.Name, "goCover_") {
		return 0, false
	}
	n, err := strconv.Atoi(slot.Value)
	return n, err == nil
}

// counting returns, for each statement of the file that is marked in the pieces,
// the counters to put in the place of its marks: each block is counted by its first marked statement. A
// block without one (declarations, functions that run beside the flow) is counted with
// the statement after it, or else before it.
func (in *instrumented) counting(marked map[int]bool) map[int][]counter {
	by := map[counter]int{}
	for i, c := range in.of {
		if _, had := by[c]; !had && marked[i] && c.counts != "" {
			by[c] = i
		}
	}
	for _, list := range in.lists {
		for k, s := range list {
			c := in.of[in.index[s]]
			if _, had := by[c]; had || c.counts == "" {
				continue
			}
			if near, ok := in.nearest(list, k, marked); ok {
				by[c] = near
			}
		}
	}
	counting := map[int][]counter{}
	for _, c := range in.of {
		if i, ok := by[c]; ok {
			counting[i] = append(counting[i], c)
			delete(by, c)
		}
	}
	return counting
}

// nearest returns the marked statement of a list that stands next to number k.
func (in *instrumented) nearest(list []ast.Stmt, k int, marked map[int]bool) (int, bool) {
	for j := k + 1; j < len(list); j++ {
		if i := in.index[list[j]]; marked[i] {
			return i, true
		}
	}
	for j := k - 1; j >= 0; j-- {
		if i := in.index[list[j]]; marked[i] {
			return i, true
		}
	}
	return 0, false
}

// countPieces replaces the marks in emitted code by the counters of the author's
// files, which are known by their base names.
func countPieces(pieces []byte, files map[string]*instrumented) ([]byte, error) {
	marked := map[string]map[int]bool{}
	for _, m := range emit.Mark.FindAllSubmatch(pieces, -1) {
		i, err := strconv.Atoi(string(m[1]))
		if err != nil {
			return nil, err
		}
		name := string(m[2])
		if marked[name] == nil {
			marked[name] = map[int]bool{}
		}
		marked[name][i] = true
	}
	counting := map[string]map[int][]counter{}
	for name, in := range files {
		counting[name] = in.counting(marked[name])
	}
	pieces = emit.Mark.ReplaceAllFunc(pieces, func(mark []byte) []byte {
		m := emit.Mark.FindSubmatch(mark)
		i, _ := strconv.Atoi(string(m[1]))
		var b bytes.Buffer
		for _, c := range counting[string(m[2])][i] {
			b.WriteString(c.begins + c.counts)
		}
		return b.Bytes()
	})
	if bytes.Contains(pieces, []byte("_cover_atomic_.")) {
		return importAtomic(pieces)
	}
	return pieces, nil
}

// importAtomic imports what atomic counters need, as the cover tool does it: on
// the line of the package clause, so that lines stay where they are.
func importAtomic(src []byte) ([]byte, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, parser.PackageClauseOnly)
	if err != nil {
		return nil, err
	}
	at := fset.PositionFor(f.Name.End(), false).Offset
	return bytes.Join([][]byte{src[:at], src[at:]}, []byte(`; import _cover_atomic_ "sync/atomic"`)), nil
}
