package lift

// What the lift hands to emission: a graph, and the author's code behind each
// of its nodes and variables.

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
	"fluxo.dev/fluxo/graph"
)

// A Package is what lifting a package gives.
type Package struct {
	Fset   *token.FileSet
	Types  *types.Package
	Info   *types.Info
	Files  []*ast.File
	Index  effect.Index
	Values *value.Env // which types are data
	Flows  []*Flow    // in source order; those with diagnostics are left out

	// Source returns the text of a file of the package.
	Source func(file string) ([]byte, error)

	// Changes says where a package variable or a field is assigned after the
	// start; "" if nowhere. Own tells the author's packages.
	Changes func(*types.Var) string
	Own     func(*types.Package) bool

	// Handles says where a helper handles a failure of one of its steps; "" if
	// it returns an error for each.
	Handles func(*types.Func) string
}

// A Flow is one lifted function.
type Flow struct {
	Graph   *graph.Graph
	Func    *types.Func
	Decl    *ast.FuncDecl
	Summary effect.Summary

	Params  []*Var   // the receiver first
	Results []*Var   // in order
	Vars    []*Var   // in the order of Graph.Vars
	Scopes  []*Scope // the flow's own, then one for each loop in the order of the text

	// Code is the code behind each node.
	Code map[*graph.Node]Code

	// At is where the code behind each node begins.
	At map[*graph.Node]token.Pos

	// Hoisted maps an expression that has been evaluated by a node of its own
	// to the variables that hold its values.
	Hoisted map[ast.Expr][]*Var

	// Lifted holds the init statements that have nodes of their own.
	Lifted map[ast.Stmt]bool

	// Jumps tells where a break or continue that leaves its node goes.
	Jumps map[*ast.BranchStmt]Jump

	// Returns tells what the returns of inlined functions become.
	Returns map[*ast.ReturnStmt]*InlinedReturn

	// Funcs holds the function literals that are written again where their
	// variable is used, Consts and Types the declarations inside the body.
	Funcs  map[types.Object]*ast.FuncLit
	Consts map[types.Object]constant.Value
	Types  []*types.TypeName

	NoPool bool // a frame may be referred to after the run

	vars map[types.Object]*Var
}

// Var returns the flow variable of an object; nil if the object is none.
func (f *Flow) Var(o types.Object) *Var { return f.vars[o] }

// A Scope is the flow itself or one of its loops: what has a frame of its own.
type Scope struct {
	Up   *Scope      // nil for the flow
	Loop *graph.Node // nil for the flow
	Vars []*Var

	open bool // variables declared in it live in the scope above
}

// Depth counts the scopes around s.
func (s *Scope) Depth() int {
	n := 0
	for ; s.Up != nil; s = s.Up {
		n++
	}
	return n
}

// A Var is one variable of a flow.
type Var struct {
	*graph.Var
	Object types.Object // nil for a temporary and an unnamed parameter or result
	Go     types.Type
	In     *Scope

	Parts []*Var // fields of it that are variables by themselves
	Of    *Var   // of such a field, the variable that it is a part of, and
	Path  string // its selection: "Grid.X"
}

// A Jump is a break or continue of the loop that is Out loops out.
type Jump struct {
	Out      int
	Continue bool
}

// An InlinedReturn is a return of a function whose body is part of the flow's
// graph: First, if not nil, becomes Expr unless it has been set before; Stop, if not
// nil, is called if that is a failure; then the function is left, by Jump if that is not nil.
type InlinedReturn struct {
	First *Var
	Stop  *Var
	Ends  *Var // the context of the group, where Stop is called later
	Expr  ast.Expr
	Jump  *Jump
}

// A Code is the author's code behind a node, one of the types below.
type Code interface{ code() }

type (
	// A Stmts is statements as written: glue.
	Stmts struct{ List []ast.Stmt }

	// A Set sets variables to the results of an expression. Where Call is not
	// nil the expression is that call of a step, a flow or a fresh value; a
	// nil Var stands for a result that is dropped.
	Set struct {
		Vars []*Var
		Expr ast.Expr
		Call *ast.CallExpr
		Fn   *types.Func // the callee; nil for a function value
		Err  int         // the index of the error result; -1 if there is none
		Ends *Var        // the context of a group that this error ends; nil if none
	}

	// A Zero sets variables to their zero values.
	Zero struct{ Vars []*Var }

	// An Ends ends the context of a group where an error is set.
	Ends struct{ Ctx, Err *Var }

	// A Guard is a failure edge: Body runs if Cond holds (if it does not,
	// where Not is set); where Cond is nil, if Held is not nil.
	Guard struct {
		Cond ast.Expr
		Not  bool
		Held *Var
		Body *ast.BlockStmt
	}

	// A Holds sets Var, an error, to nil unless Cond holds.
	Holds struct {
		Var  *Var
		Cond ast.Expr
	}

	// A Return sets the results and leaves the flow.
	Return struct{ Results []ast.Expr }

	// An If picks block 0 if Cond holds (if it does not, where Not is set),
	// else block 1 where there is one.
	If struct {
		Cond ast.Expr
		Not  bool
	}

	// A Switch picks the block of the clause that matches. Blocks stand in the
	// order of Clauses.
	Switch struct{ Stmt *ast.SwitchStmt }

	// A TypeSwitch picks the block of the clause that matches and sets the
	// variable that the clause binds; nil where it binds none.
	TypeSwitch struct {
		Stmt  *ast.TypeSwitchStmt
		Bound []*Var
	}

	// A Choose sets Var to the number of the clause that matches, -1 if none
	// does; where Stmt is nil, to Clause. A Chosen picks block 0 if Var is Clause.
	Choose struct {
		Stmt   *ast.SwitchStmt
		Var    *Var
		Clause int
	}
	Chosen struct {
		Var    *Var
		Clause int
	}

	// A WithCancel derives Ctx from Parent; calling Stop ends it. An Invoke calls Func.
	WithCancel struct {
		Parent    ast.Expr
		Ctx, Stop *Var
	}
	Invoke struct{ Func *Var }

	// A Range runs over Stmt.X; Key and Value are the iteration's own
	// variables, nil if not used.
	Range struct {
		Stmt       *ast.RangeStmt
		Key, Value *Var
	}

	// A For is a three-clause loop; Vars are those of its init statement. Where
	// Inside is set the condition is tested by a node of the body, an Until,
	// because it calls steps; where PostInside is, the post statement stands at
	// the end of the body for the same reason.
	For struct {
		Stmt               *ast.ForStmt
		Vars               []*Var
		Inside, PostInside bool
	}

	// An Until leaves the loop around it if Cond does not hold.
	Until struct{ Cond ast.Expr }

	// A Once is a loop of one iteration: a block that can be left in its middle.
	Once struct{}

	// A Defer registers a call.
	Defer struct {
		Call *ast.CallExpr
		Fn   *types.Func // the callee; nil for a function value
	}
)

func (*Stmts) code()      {}
func (*Set) code()        {}
func (*Zero) code()       {}
func (*Ends) code()       {}
func (*Guard) code()      {}
func (*Holds) code()      {}
func (*Return) code()     {}
func (*If) code()         {}
func (*Switch) code()     {}
func (*TypeSwitch) code() {}
func (*Choose) code()     {}
func (*Chosen) code()     {}
func (*WithCancel) code() {}
func (*Invoke) code()     {}
func (*Range) code()      {}
func (*For) code()        {}
func (*Until) code()      {}
func (*Once) code()       {}
func (*Defer) code()      {}
