package lift

// The variables of a flow.

import (
	"fmt"
	"go/token"
	"go/types"
	"strconv"

	"fluxo.dev/fluxo/graph"
)

// newVar makes a variable that lives in scope.
func (l *lifter) newVar(name string, o types.Object, t types.Type, role graph.Role, scope *Scope) *Var {
	v := &Var{
		Var:    &graph.Var{ID: l.varID(name), Role: role, Kind: l.kindOf(t), Type: l.typeString(t)},
		Object: o, Go: t, In: scope,
	}
	if v.Kind == graph.Data || v.Kind == graph.Error {
		v.Key = l.Values.IsData(t)
		v.Copy = v.Key
	}
	if bad := l.unnameable(t, map[types.Type]bool{}); bad != nil {
		l.report(l.whereOf(o), "FX214", "the type of "+string(v.ID)+" holds "+bad.Pkg().Name()+"."+bad.Name(),
			"give "+string(v.ID)+" an exported type or an interface: declare it with var; or move what uses it into a function of its own")
	}
	scope.Vars = append(scope.Vars, v)
	if o != nil {
		l.flow.vars[o] = v
	}
	l.addParts(v)
	return v
}

// whereOf is where o is declared; the function's name for a temporary.
func (l *lifter) whereOf(o types.Object) span {
	if o == nil {
		return span{l.flow.Decl.Name.Pos(), l.flow.Decl.Name.End()}
	}
	return span{o.Pos(), o.Pos() + token.Pos(len(o.Name()))}
}

// name is what the source calls v.
func (v *Var) name() string {
	if v.Object != nil && v.Object.Name() != "" {
		return v.Object.Name()
	}
	return string(v.ID)
}

// varID numbers the variables of one name from the second one on. The numbers
// of results, unnamed parameters and temporaries look the same (a second local
// "out", the third result), so one that is taken is passed over; results and
// parameters come first and always have their own.
func (l *lifter) varID(name string) graph.VarID {
	id := graph.VarID(name)
	for l.varIDs[id] {
		l.varNames[name] = max(l.varNames[name], 1) + 1
		id = graph.VarID(name + "." + strconv.Itoa(l.varNames[name]))
	}
	l.varIDs[id] = true
	return id
}

// local declares the variable of an object that is declared at a place which
// becomes a node.
func (l *lifter) local(o types.Object) *Var {
	if v := l.flow.vars[o]; v != nil {
		return v
	}
	return l.newVar(o.Name(), o, o.Type(), graph.Local, l.declaring())
}

// declaring returns the scope of variables that are declared at the present place.
func (l *lifter) declaring() *Scope {
	s := l.scope
	for s.open {
		s = s.Up
	}
	return s
}

// temp makes a temporary.
func (l *lifter) temp(t types.Type) *Var {
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 {
		t = types.Default(t)
	}
	l.temps++
	for l.varIDs[tempID(l.temps)] {
		l.temps++
	}
	return l.newVar(string(tempID(l.temps)), nil, t, graph.Local, l.declaring())
}

func tempID(n int) graph.VarID { return graph.VarID("tmp." + strconv.Itoa(n)) }

// parameters declares the receiver and the parameters.
func (l *lifter) parameters() {
	declare := func(p *types.Var, isRecv bool) {
		name := p.Name()
		if name == "" || name == "_" {
			name = fmt.Sprintf("arg.%d", len(l.flow.Params))
		}
		v := l.newVar(name, p, p.Type(), graph.Param, l.scope)
		if isRecv && v.Kind == graph.Handle {
			v.Kind = graph.Identity // a receiver outlives the request
		}
		l.flow.Params = append(l.flow.Params, v)
	}
	if r := l.sig.Recv(); r != nil {
		declare(r, true)
	}
	for i := range l.sig.Params().Len() {
		declare(l.sig.Params().At(i), false)
	}
}

// results declares the results; a named one is the variable of that name.
func (l *lifter) results() {
	for i := range l.sig.Results().Len() {
		r := l.sig.Results().At(i)
		var o types.Object
		if r.Name() != "" && r.Name() != "_" {
			o = r
		}
		v := l.newVar(fmt.Sprintf("out.%d", i), o, r.Type(), graph.Result, l.scope)
		v.Object = r
		l.flow.Results = append(l.flow.Results, v)
	}
}

// orderVars sorts the variables: parameters, locals by scope, results; each with its parts.
func (l *lifter) orderVars() {
	var locals []*Var
	for _, s := range l.flow.Scopes {
		for _, v := range s.Vars {
			if s.Loop != nil {
				v.Scope = s.Loop.ID
			}
			if v.Role == graph.Local {
				locals = append(locals, v)
			}
		}
	}
	for _, list := range [][]*Var{l.flow.Params, locals, l.flow.Results} {
		for _, v := range list {
			l.flow.Vars = append(append(l.flow.Vars, v), v.Parts...)
		}
	}
	for _, v := range l.flow.Vars {
		if v.Of != nil {
			v.Scope = v.Of.Scope
		}
		l.flow.Graph.Vars = append(l.flow.Graph.Vars, v.Var)
	}
}

// typeString prints a type for people: with package names, its own without.
func (l *lifter) typeString(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == l.Types {
			return ""
		}
		return p.Name()
	})
}

func ids(vars []*Var) []graph.VarID {
	var all []graph.VarID
	for _, v := range vars {
		all = append(all, v.ID)
	}
	return all
}
