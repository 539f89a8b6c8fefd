package effect

// Which package variables and fields change after the program has started, or their
// value was made: the others are constants.

import (
	"go/token"
	"go/types"
	"slices"
)

// Changes says where v, a package variable or a field, is assigned after the
// program has started or its value was made; "" if nowhere: then it is a
// constant as far as its own package goes.
func (r *Result) Changes(v *types.Var) string {
	if r.inference == nil {
		return ""
	}
	if v.IsField() {
		return r.inference.fieldChanges(v)
	}
	return r.inference.varChanges(v)
}

// A change of a package variable, or of a field.
type change struct {
	where  string
	count  int  // of statements that assign it
	inMain bool // all of them in func main
}

// varChanged notes an assignment to a package variable.
func (in *inference) varChanged(v *types.Var, pos token.Pos, inMain bool) {
	if isTest(in.fset, pos) {
		return
	}
	where := in.where(pos)
	in.vars[v] = in.vars[v].and(where, inMain)
}

// and is the change, at one more place unless it is the same.
func (c change) and(where string, inMain bool) change {
	if c.count == 0 {
		return change{where, 1, inMain}
	}
	if c.where != where {
		c.count++
	}
	c.inMain = c.inMain && inMain
	return c
}

// varChanges says where package variable v changes after the program has
// started; "" if it does not. A variable that only main sets, and a handle
// that is set at one place, count as set at the start.
func (in *inference) varChanges(v *types.Var) string {
	if !in.second || isError(v.Type()) {
		return ""
	}
	if where := in.storageChanges(v); where != "" {
		return where
	}
	return in.sharedChanges(v)
}

// storageChanges is varChanges without what v shares with other variables.
func (in *inference) storageChanges(v *types.Var) string {
	if v.Pkg() != in.pkg {
		var f VariableFact
		if !isStandard(v.Pkg().Path()) && in.r.pass.ImportObjectFact(v, &f) {
			return f.Changes
		}
		return ""
	}
	c, ok := in.vars[v]
	if !ok || c.inMain || c.count == 1 && IsHandle(v.Type()) && !isState(v.Type()) && !in.isReplaced(v) {
		return ""
	}
	return c.where
}

// isReplaced reports whether v is a function that the declaration of v already gives
// it: to assign it once more is a change.
func (in *inference) isReplaced(v *types.Var) bool {
	if _, isFunc := v.Type().Underlying().(*types.Signature); !isFunc {
		return false
	}
	return slices.ContainsFunc(in.info.InitOrder, func(i *types.Initializer) bool { return slices.Contains(i.Lhs, v) })
}

// fieldChanged notes an assignment to a field of a value that was not made
// in the same call.
func (in *inference) fieldChanged(v *types.Var, pos token.Pos) {
	if isTest(in.fset, pos) {
		return
	}
	v = v.Origin()
	where := in.where(pos)
	c, known := in.fields[v]
	if known && c.where == where {
		return
	}
	if !known {
		c.where = where
	}
	c.count++
	in.fields[v] = c
}

// fieldChanges says where a field changes after its value was made; "" if it does
// not. A handle that is set at one place counts as set while the value is made.
func (in *inference) fieldChanges(v *types.Var) string {
	if !in.second {
		return ""
	}
	v = v.Origin()
	if v.Pkg() != nil && v.Pkg() != in.pkg {
		var f VariableFact
		if !isStandard(v.Pkg().Path()) && in.r.pass.ImportObjectFact(v, &f) {
			return f.Changes
		}
		return ""
	}
	c := in.fields[v]
	if c.count == 1 && IsHandle(v.Type()) {
		return "" // as for variables: a client or a pool that one place sets
	}
	return c.where
}
