package emit

// The author's text with small edits: variables of the flow become fields of
// its frames, exits become results of the node's function. Text is cut from
// the source and not printed from the syntax tree, so that lines stay where
// they are and comments stay at all.

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"sort"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
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

	whole ast.Stmt // the statement being printed

	thread, frame string // parameters of the function
}

func (p *flowPrinter) newText(s *lift.Scope) *text {
	return &text{
		flowPrinter: p, scope: s,
		places: map[*lift.Var]string{}, frames: map[*lift.Scope]string{},
		funcs: map[types.Object]bool{}, consts: map[types.Object]bool{},
		thread: p.free("t"), frame: p.free("fr"),
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
		t.frames[s] = t.free(name)
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

// ident prints an identifier that does not mean the same outside of the author's function.
func (t *text) ident(id *ast.Ident) (string, bool) {
	o := t.pkg.Info.ObjectOf(id)
	if o == nil {
		return "", false
	}
	if v := t.flow.Var(o); v != nil {
		return t.place(v), true
	}
	if name, ok := t.types[o]; ok {
		return name + t.args, true
	}
	if t.flow.Funcs[o] != nil {
		t.funcs[o] = true
	}
	if _, ok := t.flow.Consts[o]; ok {
		t.consts[o] = true
	}
	switch o := o.(type) {
	case *types.PkgName:
		return t.Import(o.Imported().Path(), o.Name()), true
	case *types.Var, *types.Func, *types.Const, *types.TypeName:
		if o.Pkg() != nil && o.Pkg() != t.Pkg && o.Parent() == o.Pkg().Scope() {
			return t.Import(o.Pkg().Path(), o.Pkg().Name()) + "." + id.Name, true // a dot import
		}
	}
	return "", false
}

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

// assign prints a := of flow variables as an assignment.
func (t *text) assign(s *ast.AssignStmt) (string, bool) {
	if s.Pos() == s.End() || !s.Lhs[0].Pos().IsValid() {
		return "", false
	}
	if !t.source1(s) {
		return t.exprs(s.Lhs) + " = " + t.exprs(s.Rhs), true
	}
	if s.Tok != token.DEFINE || !t.definesVar(s.Lhs) {
		return "", false
	}
	var edits []edit
	for _, e := range append(s.Lhs[:len(s.Lhs):len(s.Lhs)], s.Rhs...) {
		ast.Inspect(e, func(n ast.Node) bool { return t.visit(n, &edits) })
	}
	edits = append(edits, edit{s.TokPos, s.TokPos + 2, "="})
	return t.cut(s.Pos(), s.End(), edits), true
}

// source1 reports whether the statement stands in the source as it is; the lift
// makes some of its own.
func (t *text) source1(s *ast.AssignStmt) bool {
	for _, e := range s.Rhs {
		if id, ok := e.(*ast.Ident); ok && id.Name == "_" && t.flow.Hoisted[e] != nil {
			return false
		}
	}
	return true
}

func (t *text) exprs(list []ast.Expr) string {
	var all []string
	for _, e := range list {
		all = append(all, t.of(e))
	}
	return strings.Join(all, ", ")
}

func (t *text) definesVar(lhs []ast.Expr) bool {
	for _, x := range lhs {
		if id, ok := x.(*ast.Ident); ok {
			if v := t.flow.Var(t.pkg.Info.ObjectOf(id)); v != nil {
				return true
			}
		}
	}
	blank := true
	for _, x := range lhs {
		id, ok := x.(*ast.Ident)
		blank = blank && ok && id.Name == "_"
	}
	return blank
}

// declaration prints var x T = e of flow variables as an assignment.
func (t *text) declaration(s *ast.DeclStmt) (string, bool) {
	d := s.Decl.(*ast.GenDecl)
	if d.Tok != token.VAR || len(d.Specs) != 1 {
		return "", false
	}
	spec := d.Specs[0].(*ast.ValueSpec)
	var names []ast.Expr
	flows := len(spec.Values) > 0
	for _, id := range spec.Names {
		names = append(names, id)
		flows = flows && (id.Name == "_" || t.flow.Var(t.pkg.Info.Defs[id]) != nil)
	}
	if !flows {
		return "", false
	}
	var edits []edit
	for _, e := range spec.Values {
		ast.Inspect(e, func(n ast.Node) bool { return t.visit(n, &edits) })
	}
	return t.exprs(names) + " = " + t.cut(spec.Values[0].Pos(), spec.Values[len(spec.Values)-1].End(), edits), true
}

// returns prints a return of the flow.
func (t *text) returns(results []ast.Expr) string {
	if len(results) == 0 {
		return "return " + t.Runtime() + ".Return"
	}
	var edits []edit
	for _, e := range results {
		ast.Inspect(e, func(n ast.Node) bool { return t.visit(n, &edits) })
	}
	root := t.vars(t.flow.Scopes[0])
	return "return " + root + ".fluxoReturn(" + t.cut(results[0].Pos(), results[len(results)-1].End(), edits) + ")"
}

// inlinedReturn prints a return of a function whose body is part of the flow's graph.
func (t *text) inlinedReturn(r *lift.InlinedReturn) string {
	leave := t.Runtime() + ".Next"
	if r.Jump != nil {
		leave = strings.TrimPrefix(t.jump(*r.Jump), "return ")
	}
	if r.First == nil {
		return "return " + leave
	}
	return fmt.Sprintf("return %s.First(&%s, %s, %s)", t.Runtime(), t.place(r.First), t.of(r.Expr), leave)
}

func (t *text) jump(j lift.Jump) string {
	if j.Continue {
		return fmt.Sprintf("return %s.ContinueOut(%d)", t.Runtime(), j.Out)
	}
	return fmt.Sprintf("return %s.BreakOut(%d)", t.Runtime(), j.Out)
}

// typ prints a type as the file writes it; those declared in the body by their
// names outside.
func (p *flowPrinter) typ(t types.Type) string {
	s := types.TypeString(t, p.Qualifier)
	for o, name := range p.types {
		s = replaceWord(s, o.Name(), name+p.args, t, o)
	}
	return s
}

// replaceWord replaces the local type's name in a printed type that mentions it.
func replaceWord(s, old, new string, t types.Type, o types.Object) string {
	if !mentions(t, o, map[types.Type]bool{}) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if strings.HasPrefix(s[i:], old) && !wordByte(s, i-1) && !wordByte(s, i+len(old)) && (i == 0 || s[i-1] != '.') {
			b.WriteString(new)
			i += len(old)
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

func wordByte(s string, i int) bool {
	if i < 0 || i >= len(s) {
		return false
	}
	c := s[i]
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func mentions(t types.Type, o types.Object, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		return t.Obj() == o
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if mentions(a, o, seen) {
				return true
			}
		}
		return t.Obj() == o
	case *types.Pointer:
		return mentions(t.Elem(), o, seen)
	case *types.Slice:
		return mentions(t.Elem(), o, seen)
	case *types.Array:
		return mentions(t.Elem(), o, seen)
	case *types.Chan:
		return mentions(t.Elem(), o, seen)
	case *types.Map:
		return mentions(t.Key(), o, seen) || mentions(t.Elem(), o, seen)
	case *types.Struct:
		for f := range t.Fields() {
			if mentions(f.Type(), o, seen) {
				return true
			}
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			if mentions(v.Type(), o, seen) {
				return true
			}
		}
		for v := range t.Results().Variables() {
			if mentions(v.Type(), o, seen) {
				return true
			}
		}
	}
	return false
}

// constants prints the declarations of the constants used.
func (t *text) constants() string {
	var all []*types.Const
	for o := range t.consts {
		all = append(all, o.(*types.Const))
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Pos() < all[j].Pos() })
	var b strings.Builder
	for _, c := range all {
		typ := ""
		if basic, ok := c.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
			typ = t.typ(c.Type())
		}
		fmt.Fprintf(&b, "const %s %s = %s\n", c.Name(), typ, constantText(c))
	}
	return b.String()
}

// constantText prints a constant exactly, with its default type.
func constantText(c *types.Const) string {
	v := c.Val()
	switch v.Kind() {
	case constant.Float:
		num, den := constant.Num(v), constant.Denom(v)
		if num.Kind() == constant.Int && den.Kind() == constant.Int {
			return fmt.Sprintf("%s.0 / %s.0", num.ExactString(), den.ExactString())
		}
	case constant.Complex:
		return fmt.Sprintf("%s + %si", constant.Real(v), constant.Imag(v))
	case constant.Int:
		if b, ok := c.Type().(*types.Basic); ok && b.Kind() == types.UntypedRune {
			return fmt.Sprintf("'\\x00' + %s", v.ExactString())
		}
		if b, ok := c.Type().(*types.Basic); ok && b.Kind() == types.UntypedFloat {
			return v.ExactString() + ".0"
		}
	}
	return v.ExactString()
}
