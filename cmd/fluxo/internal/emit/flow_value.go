package emit

// Keys and copies of a flow's variables, by kind.

import (
	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
	"fluxo.dev/fluxo/graph"
)

// valueCode returns the code of a variable that access names.
func (p *flowPrinter) valueCode(v *lift.Var, access string) value.Code {
	switch v.Kind {
	case graph.Error:
		return p.Values.ErrorVar(access)
	case graph.Context:
		return p.passed(v, access)
	case graph.Identity:
		code := p.passed(v, access)
		code.Key = value.Text("func($b []byte, $vars any) ([]byte, bool) { return %s.KeyIdentity($b, %s) }", p.Runtime(), access)
		return code
	case graph.Data:
		return p.Values.Var(v.Go, access)
	}
	return value.Code{}
}

// passed returns the code of a variable whose value is kept as it is.
func (p *flowPrinter) passed(v *lift.Var, access string) value.Code {
	return value.Code{
		Save: value.Text("func($vars any) (any, int, bool) { return %s, 0, true }", access),
		Load: value.Text("func($vars, $saved any) { %s, _ = $saved.(%s) }", access, p.typ(v.Go)),
	}
}
