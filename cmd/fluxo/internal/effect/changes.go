package effect

// Variables that other packages of the command ask about.

import "go/types"

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
