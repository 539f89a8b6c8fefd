package lift

// The lift of one function: state, entry, and the making of nodes.

import (
	"go/ast"
	"go/constant"
	"go/scanner"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/graph"
)

// A lifter lifts one function.
type lifter struct {
	*Package
	info   *types.Info
	index  effect.Index
	tell   report
	noted  bool // that the flow has effects
	failed bool // something was reported that is not a note

	flow  *Flow
	sig   *types.Signature
	block *graph.Block // where nodes go
	scope *Scope       // whose frame they run on

	groups   map[types.Object]*group // variables of fork-join that vanish
	joins    map[*graph.Node]*Var    // errors that groups have gathered
	inlined  *inlined                // the forked function whose body is being lifted
	over     map[*graph.Fork]*graph.Node
	groupIDs map[string]int       // how often a group of a name has begun to fork
	forked   map[*ast.GoStmt]bool // goroutines that are awaited in the function
	divided  map[*ast.IfStmt]*divided
	targets  []target // what break and continue may mean, innermost last
	label    string   // of the statement about to be lifted

	shared map[types.Object]ast.Node // variables that the flow makes and that are no groups, and the use that says so
	kept   keptUse

	forkedLits map[*ast.FuncLit]bool // functions that are run beside the flow
	retained   []retained            // arguments that calls may have kept

	calls     map[*ast.CallExpr]*call
	inLiteral map[*ast.FuncLit]bool
	guards    map[*graph.Node][]*Var      // what decides whether a node does anything, for those that then leave
	steps     map[*graph.Node]*graph.Node // of failure edges
	bases     map[*graph.Node]string      // node names before numbering
	must      map[*graph.Node][]*Var      // variables that a node sets whenever it runs
	aliases   *aliases
	fields    map[types.Object][]fieldPath
	heirs     heirs                 // nil before they are asked for
	edits     []edit                // of memory, made so far
	addressed map[types.Object]bool // variables that pointers may point to
	nonNil    map[string]bool       // paths known not to be nil where the walk is
	varIDs    map[graph.VarID]bool
	varNames  map[string]int // the last number given to a variable of the name
	temps     int
}

// A target is a statement that a break or continue can leave.
type target struct {
	node  *graph.Node
	stmt  ast.Stmt
	label string
	loop  bool // continue may mean it
	depth int  // scopes around a body of it; -1 if a branch, which cannot be left
}

// A report takes a diagnostic.
type report func(at span, code diag.Code, what, fix string)

func (l *lifter) report(at ast.Node, code diag.Code, what, fix string) {
	l.failed = l.failed || !code.IsNote()
	l.tell(span{at.Pos(), at.End()}, code, what, fix)
}

// lift lifts one function; nil if something was reported.
func (p *Package) lift(decl *ast.FuncDecl, fn *types.Func, sum effect.Summary, tell report) *Flow {
	l := &lifter{
		Package: p, info: p.Info, index: p.Index,
		tell:      tell,
		sig:       fn.Signature(),
		calls:     map[*ast.CallExpr]*call{},
		inLiteral: map[*ast.FuncLit]bool{},
		guards:    map[*graph.Node][]*Var{},
		steps:     map[*graph.Node]*graph.Node{},
		bases:     map[*graph.Node]string{},
		must:      map[*graph.Node][]*Var{},
		joins:     map[*graph.Node]*Var{},
		over:      map[*graph.Fork]*graph.Node{},
		groupIDs:  map[string]int{},
		divided:   map[*ast.IfStmt]*divided{},
		nonNil:    map[string]bool{},
		varIDs:    map[graph.VarID]bool{},
		varNames:  map[string]int{},
	}
	l.flow = &Flow{
		Graph: &graph.Graph{Flow: graph.FlowName(fn.FullName()), Body: &graph.Block{}},
		Func:  fn, Decl: decl, Summary: sum,
		Code:    map[*graph.Node]Code{},
		At:      map[*graph.Node]token.Pos{},
		Hoisted: map[ast.Expr][]*Var{},
		Lifted:  map[ast.Stmt]bool{},
		Jumps:   map[*ast.BranchStmt]Jump{},
		Returns: map[*ast.ReturnStmt]*InlinedReturn{},
		Funcs:   map[types.Object]*ast.FuncLit{},
		Consts:  map[types.Object]constant.Value{},
		vars:    map[types.Object]*Var{},
	}
	l.scope = &Scope{}
	l.flow.Scopes = []*Scope{l.scope}
	l.block = l.flow.Graph.Body

	l.findGroups()
	l.subset()
	l.flow.Funcs = l.localFuncs()
	l.storedLiterals()
	l.kept = l.keptLiterals()
	l.parameters()
	l.results()
	l.aliases = l.findAliases()
	l.fields = l.findParts()
	for _, v := range l.flow.Params {
		l.addParts(v)
	}
	l.retained = l.findRetained()
	l.requestContexts()
	l.stmts(decl.Body.List) // though something was said already: there may be more
	if l.failed {
		return nil
	}
	l.endOfBody()
	l.finish()
	return l.flow
}

// finish names nodes and scopes, orders the variables and checks the graph.
func (l *lifter) finish() {
	g := l.flow.Graph
	l.nameNodes(g.Body, "", map[string]int{})
	l.nameForks()
	l.orderScopes()
	l.dropUnread()
	l.orderVars()
	l.setAliases()
	if err := graph.Check(g); err != nil {
		panic("bug: lift of " + string(g.Flow) + ": " + err.Error() + "\n" + g.String())
	}
}

// endOfBody adds the return at the end of a function without results.
func (l *lifter) endOfBody() {
	body := l.flow.Decl.Body
	if l.sig.Results().Len() == 0 && !ends(body.List) {
		u := l.newUse()
		u.exits = graph.Return
		l.add(graph.ResultNode, "return", span{body.Rbrace, body.End()}, u, &Return{})
	}
}

// orderScopes sorts the scopes by the place of their loops in the text.
func (l *lifter) orderScopes() {
	of := map[*graph.Node]*Scope{}
	for _, s := range l.flow.Scopes[1:] {
		of[s.Loop] = s
	}
	l.flow.Scopes = l.flow.Scopes[:1]
	eachNode(l.flow.Graph.Body, func(n *graph.Node) {
		if s := of[n]; s != nil {
			l.flow.Scopes = append(l.flow.Scopes, s)
		}
	})
}

// eachNode visits the nodes of b in the order of the text.
func eachNode(b *graph.Block, visit func(*graph.Node)) {
	for _, n := range b.Nodes {
		visit(n)
		for _, b := range n.Blocks {
			eachNode(b, visit)
		}
	}
}

// add appends a node. What its code uses has been collected in u.
func (l *lifter) add(kind graph.Kind, base string, at ast.Node, u *use, code Code) *graph.Node {
	n := &graph.Node{
		Kind: kind, In: ids(entire(u.in)), Out: ids(u.out), Edit: ids(u.edit),
		Effects: u.effects, Exits: u.exits, Loops: u.loops, Panics: u.panics, Points: ids(u.points),
		Pos: l.pos(at), Text: l.oneLine(at),
	}
	if kind != graph.Fail {
		n.In = ids(entire(u.passed()))
	}
	l.block.Nodes = append(l.block.Nodes, n)
	l.bases[n] = base
	l.must[n] = u.must
	l.flow.Code[n], l.flow.At[n] = code, at.Pos()
	for _, v := range append(u.out[:len(u.out):len(u.out)], u.edit...) {
		l.forgetNonNil(v)
	}
	for _, p := range u.derefs {
		l.nonNil[p] = true
	}
	return n
}

// last is the node lifted last into the present block, nil at its start.
func (l *lifter) last() *graph.Node {
	if k := len(l.block.Nodes); k > 0 {
		return l.block.Nodes[k-1]
	}
	return nil
}

// within lifts into a block of its own.
func (l *lifter) within(f func()) *graph.Block {
	block, known := l.block, l.nonNil
	l.block, l.nonNil = &graph.Block{}, copyOf(known)
	f()
	inside := l.block
	l.block, l.nonNil = block, known
	return inside
}

func copyOf(m map[string]bool) map[string]bool {
	c := make(map[string]bool, len(m))
	for k := range m {
		c[k] = true
	}
	return c
}

func (l *lifter) pos(n ast.Node) graph.Pos {
	p := l.Fset.Position(n.Pos())
	return graph.Pos{File: filepath.Base(p.Filename), Line: p.Line}
}

const maxText = 120 // bytes of source shown with a node

// oneLine returns the source of n on one line.
func (l *lifter) oneLine(n ast.Node) string {
	text := withoutComments(l.source(n.Pos(), n.End()))
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxText {
		cut := maxText
		for cut > 0 && text[cut]&0xC0 == 0x80 {
			cut--
		}
		text = text[:cut] + "…"
	}
	return text
}

func (l *lifter) source(from, to token.Pos) string {
	file := l.Fset.File(from)
	src, err := l.Source(file.Name())
	if err != nil || file.Offset(to) > len(src) {
		return ""
	}
	return string(src[file.Offset(from):file.Offset(to)])
}

// withoutComments has spaces for the comments of Go source: on one line they would hide what follows, and a node is the
// same with others.
func withoutComments(src string) string {
	src = strings.ReplaceAll(src, "\r", "") // as in the literals of the scanner
	file := token.NewFileSet().AddFile("", -1, len(src))
	var in scanner.Scanner
	in.Init(file, []byte(src), nil, scanner.ScanComments)
	var out strings.Builder
	rest := 0
	for {
		pos, tok, lit := in.Scan()
		switch tok {
		case token.EOF:
			return out.String() + src[rest:]
		case token.COMMENT:
			at := file.Offset(pos)
			out.WriteString(src[rest:at] + " ")
			rest = at + len(lit)
		}
	}
}
