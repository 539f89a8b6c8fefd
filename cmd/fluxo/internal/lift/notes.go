package lift

// Notes: nothing is wrong, but a line more would let the flow run faster.

import (
	"go/ast"
	"slices"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/graph"
)

// notes says what a call costs that has a node of its own.
func (l *lifter) notes(c *ast.CallExpr, k *call) {
	if k.kind != stepCall || k.fn != nil && asksContext(k.fn) {
		return // a called flow has notes of its own; a line for what is to be left out would help nobody
	}
	for _, e := range k.effects {
		switch {
		case e.Class == graph.Opaque && k.sum.Extracts():
			l.note(c, "FX503", k.name+" "+k.sum.Why, l.extracting(k))
			return
		case e.Class == graph.Opaque && (l.answersGet() || l.mayOnlyAsk()):
			l.note(c, "FX501", k.name+" is opaque: "+why(k), l.promise(k))
			return
		case e.Class == graph.Acts && k.sum.Role == effect.StepRole && !l.noted:
			l.noted = true // once for a flow is enough
			l.note(c, "FX502", k.name+" changes the outside world", "let whoever calls the flow again expect that "+k.name+" may have happened already")
			return
		}
	}
}

func (l *lifter) note(c *ast.CallExpr, code diag.Code, what, fix string) {
	l.report(span{c.Pos(), c.Lparen}, code, what, fix)
}

// answersGet reports whether the flow answers a GET.
func (l *lifter) answersGet() bool {
	for _, t := range l.flow.Summary.Triggers {
		if strings.HasPrefix(t, "get ") {
			return true
		}
	}
	return false
}

// mayOnlyAsk reports whether the flow is a handler that the program registers itself, for
// which methods the flow does not say, and nothing that it calls is declared to act.
func (l *lifter) mayOnlyAsk() bool {
	return slices.Contains(l.flow.Summary.Triggers, "flow") && effect.IsHandler(l.sig) &&
		!slices.ContainsFunc(l.flow.Summary.Effects, func(e graph.Effect) bool { return e.Class == graph.Writes || e.Class == graph.Acts })
}

func why(k *call) string {
	if k.sum.Why != "" {
		return k.sum.Why
	}
	return "nothing is known of it"
}

// extracting is the line that would help a function which reads a context value.
func (l *lifter) extracting(k *call) string {
	where := "put //fluxo:context above " + k.name
	if k.fn.Pkg() != nil && !l.Own(k.fn.Pkg()) {
		where = "say in the main package //fluxo:assume " + k.callee + " context"
	}
	return where + ", if it does nothing but take the value out"
}

// promise is the line that would help, and where it goes.
func (l *lifter) promise(k *call) string {
	lines := "//fluxo:reads NAME:{key}, //fluxo:volatile AGE or //fluxo:pure"
	if !l.answersGet() {
		lines = "//fluxo:reads NAME:{key}, //fluxo:volatile AGE, //fluxo:pure, or //fluxo:writes NAME:{key} if it changes something"
	}
	switch {
	case k.fn == nil:
		return "call a method or function that carries " + lines + ", if one of them is true"
	case k.fn.Pkg() != nil && !l.Own(k.fn.Pkg()):
		return "say in the main package what is true of it: //fluxo:assume " + k.callee + " volatile AGE"
	}
	return "put what is true of it above " + k.name + ": " + lines
}
