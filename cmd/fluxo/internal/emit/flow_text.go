package emit

// The author's text with small edits: variables of the flow become fields of
// its frames, exits become results of the node's function. Text is cut from
// the source and not printed from the syntax tree, so that lines stay where
// they are and comments stay at all.

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
)

// A text prints pieces of the author's code inside one function of a node.
type text struct {
	*flowPrinter
	scope  *lift.Scope            // of the frame that the function gets
	places map[*lift.Var]string   // where variables are, if not in their frames
	step   bool                   // contexts of calls go through the thread
	frames map[*lift.Scope]string // the frames used so far, by name
	funcs  map[types.Object]bool  // function literals used
	consts map[types.Object]bool  // constants used

	whole   ast.Stmt     // the statement being printed
	literal *ast.FuncLit // the outermost literal being printed, if any

	thread, frame string // parameters of the function
}

func (p *flowPrinter) newText(s *lift.Scope) *text {
	return &text{
		flowPrinter: p, scope: s,
		places: map[*lift.Var]string{}, frames: map[*lift.Scope]string{},
		funcs: map[types.Object]bool{}, consts: map[types.Object]bool{},
		thread: value.Local("t"), frame: value.Local("fr"),
	}
}

// place is the expression for a variable.
func (t *text) place(v *lift.Var) string {
	if at := t.places[v]; at != "" {
		return at
	}
	return t.vars(v.In) + "." + t.fields[v]
}

// vars is the name by which the function refers to the variables of a scope.
func (t *text) vars(s *lift.Scope) string {
	if t.frames[s] == "" {
		name := "f"
		if d := s.Depth(); d > 0 {
			name = fmt.Sprintf("f%d", d)
		}
		t.frames[s] = value.Local(name)
	}
	return t.frames[s]
}

// places prints the places of variables as a list.
func (t *text) list(vars []*lift.Var) string {
	var all []string
	for _, v := range vars {
		all = append(all, t.place(v))
	}
	return strings.Join(all, ", ")
}

// An edit replaces the text from..to.
type edit struct {
	from, to token.Pos
	text     string
}

// of prints a syntax node.
func (t *text) of(n ast.Node) string {
	if e, ok := n.(ast.Expr); ok {
		if vars := t.flow.Hoisted[e]; vars != nil {
			return t.list(vars)
		}
	}
	if s, ok := n.(ast.Stmt); ok {
		t.whole = s
	}
	var edits []edit
	ast.Inspect(n, func(n ast.Node) bool { return t.visit(n, &edits) })
	return t.cut(n.Pos(), n.End(), edits)
}

// cut returns the source from..to with edits made.
func (t *text) cut(from, to token.Pos, edits []edit) string {
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].from < edits[j].from })
	var b strings.Builder
	for _, e := range edits {
		if e.from < from {
			continue // made with the text around it
		}
		b.WriteString(t.source(from, e.from))
		b.WriteString(e.text)
		from = e.to
	}
	b.WriteString(t.source(from, to))
	return b.String()
}

func (t *text) source(from, to token.Pos) string {
	if from >= to {
		return ""
	}
	file := t.pkg.Fset.File(from)
	src, err := t.pkg.Source(file.Name())
	if err != nil {
		panic(fmt.Sprintf("bug: source that was analysed cannot be read: %v", err))
	}
	return string(src[file.Offset(from):file.Offset(to)])
}

// visit appends the edits for n, and reports whether to look inside.
func (t *text) visit(n ast.Node, edits *[]edit) bool {
	replace := func(n ast.Node, text string) bool {
		*edits = append(*edits, edit{n.Pos(), n.End(), text})
		return false
	}
	if e, ok := n.(ast.Expr); ok {
		if vars := t.flow.Hoisted[e]; vars != nil {
			return replace(e, t.list(vars))
		}
	}
	if s, ok := n.(ast.Stmt); ok && t.flow.Lifted[s] && s != t.whole {
		return false // dropped by the statement around it
	}
	t.marks.list(n, edits)
	switch n := n.(type) {
	case *ast.Ident:
		if s, ok := t.ident(n); ok {
			return replace(n, s)
		}
	case *ast.SelectorExpr:
		// The selected name is never a variable of the flow.
		ast.Inspect(n.X, func(n ast.Node) bool { return t.visit(n, edits) })
		return false
	case *ast.KeyValueExpr:
		if id, ok := n.Key.(*ast.Ident); ok {
			if v, ok := t.pkg.Info.Uses[id].(*types.Var); ok && v.IsField() {
				ast.Inspect(n.Value, func(n ast.Node) bool { return t.visit(n, edits) })
				return false
			}
		}
	case *ast.FuncLit:
		inner := *t
		if inner.literal == nil {
			inner.literal = n
		}
		var own []edit
		ast.Inspect(n.Type, func(n ast.Node) bool { return t.visit(n, &own) })
		ast.Inspect(n.Body, func(n ast.Node) bool { return inner.visitLiteral(n, &own) })
		*edits = append(*edits, own...)
		return false
	case *ast.CallExpr:
		return t.visitCall(n, edits)
	case *ast.AssignStmt:
		if s, ok := t.assign(n); ok {
			return replace(n, s)
		}
	case *ast.DeclStmt:
		if s, ok := t.declaration(n); ok {
			return replace(n, s)
		}
	case *ast.ReturnStmt:
		if r := t.flow.Returns[n]; r != nil {
			return replace(n, t.inlinedReturn(r))
		}
		return replace(n, t.returns(n.Results))
	case *ast.BranchStmt:
		if jump, ok := t.flow.Jumps[n]; ok {
			return replace(n, t.jump(jump))
		}
		return false
	case *ast.LabeledStmt:
		ast.Inspect(n.Stmt, func(n ast.Node) bool { return t.visit(n, edits) })
		return false
	case *ast.IfStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt:
		t.dropInit(n.(ast.Stmt), edits)
	}
	return true
}

// visitLiteral is visit inside a function literal, whose returns are its own.
func (t *text) visitLiteral(n ast.Node, edits *[]edit) bool {
	t.marks.list(n, edits)
	switch n := n.(type) {
	case *ast.ReturnStmt:
		for _, e := range n.Results {
			ast.Inspect(e, func(n ast.Node) bool { return t.visitLiteral(n, edits) })
		}
		return false
	case *ast.BlockStmt, *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt,
		*ast.CaseClause, *ast.LabeledStmt, *ast.SelectStmt, *ast.CommClause, *ast.BranchStmt:
		return true
	case nil:
		return true
	}
	return t.visit(n, edits)
}

// dropInit removes an init statement that has a node of its own.
func (t *text) dropInit(s ast.Stmt, edits *[]edit) {
	var init ast.Stmt
	var next token.Pos
	switch s := s.(type) {
	case *ast.IfStmt:
		init, next = s.Init, s.Cond.Pos()
	case *ast.SwitchStmt:
		init, next = s.Init, s.Body.Lbrace
		if s.Tag != nil {
			next = s.Tag.Pos()
		}
	case *ast.TypeSwitchStmt:
		init, next = s.Init, s.Assign.Pos()
	}
	if init != nil && t.flow.Lifted[init] {
		*edits = append(*edits, edit{init.Pos(), next, ""})
	}
}

// declaredHere reports whether the statement or literal being printed declares o.
func (t *text) declaredHere(o types.Object) bool {
	return t.whole != nil && contains(t.whole, o) || t.literal != nil && contains(t.literal, o)
}

func contains(n ast.Node, o types.Object) bool { return n.Pos() <= o.Pos() && o.Pos() < n.End() }

// visitCall sends the contexts of a step's calls through the thread.
func (t *text) visitCall(c *ast.CallExpr, edits *[]edit) bool {
	if !t.step || t.pkg.Info.Types[c.Fun].IsType() || makesContext(t.pkg.Info.TypeOf(c)) {
		return true
	}
	sig, ok := t.pkg.Info.TypeOf(c.Fun).Underlying().(*types.Signature)
	if !ok {
		return true
	}
	ast.Inspect(c.Fun, func(n ast.Node) bool { return t.visit(n, edits) })
	for i, arg := range c.Args {
		if i < sig.Params().Len() && isNamed(sig.Params().At(i).Type(), "context", "Context") {
			*edits = append(*edits, edit{arg.Pos(), arg.End(), t.thread + ".Context(" + t.of(arg) + ")"})
			continue
		}
		ast.Inspect(arg, func(n ast.Node) bool { return t.visit(n, edits) })
	}
	return false
}

// makesContext reports whether one of a call's results is a context: that one
// may outlive the fork that the call runs on.
func makesContext(t types.Type) bool {
	if tuple, ok := t.(*types.Tuple); ok {
		for v := range tuple.Variables() {
			if isNamed(v.Type(), "context", "Context") {
				return true
			}
		}
		return false
	}
	return t != nil && isNamed(t, "context", "Context")
}
