package emit

// The dispatcher: the function that takes the flow's old name.

import (
	"fmt"
	"go/types"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
)

func (p *flowPrinter) dispatcher() {
	sig := p.flow.Func.Signature()
	s := p.SignatureOf(p.flow.Func)
	rt := p.Runtime()
	names := s.Params
	if s.Receiver != "" {
		names = append([]string{s.Receiver}, names...)
	}
	plan, frame, vars := value.Local("p"), value.Local("fr"), value.Local("f")

	var b strings.Builder
	slot := "fluxoSlot_" + p.base
	if p.params == "" {
		p.Add("var %s %s.Slot\n", slot, rt)
		fmt.Fprintf(&b, "%s := %s.Plan()\n", plan, slot)
	} else {
		p.Add("var %s %s.Slots\n", slot, rt)
		fmt.Fprintf(&b, "%s := %s.Of(%s.ABI1, (*%s)(nil), fluxoProgram_%s%s).Plan()\n",
			plan, slot, rt, p.frameType(p.flow.Scopes[0]), p.base, p.args)
	}
	fmt.Fprintf(&b, "if %s == nil {\n", plan)
	if len(s.Results) > 0 {
		fmt.Fprintf(&b, "return %s\n}\n", s.Plain)
	} else {
		fmt.Fprintf(&b, "%s\nreturn\n}\n", s.Plain)
	}
	fmt.Fprintf(&b, "%s := %s.Enter()\n", frame, plan)
	var set, from []string
	for i, v := range p.flow.Params {
		set = append(set, vars+"."+p.fields[v])
		from = append(from, names[i])
	}
	if len(set)+len(s.Results) > 0 {
		fmt.Fprintf(&b, "%s := %s.Vars.(*%s)\n", vars, frame, p.frameType(p.flow.Scopes[0]))
	}
	if len(set) > 0 {
		fmt.Fprintf(&b, "%s = %s\n", strings.Join(set, ", "), strings.Join(from, ", "))
	}
	fmt.Fprintf(&b, "%s.Run(%s, %s)\n", plan, p.contextOf(sig, s), frame)
	var results []string
	for _, v := range p.flow.Results {
		results = append(results, vars+"."+p.fields[v])
	}
	if len(results) > 0 {
		fmt.Fprintf(&b, "%s = %s\n", strings.Join(s.Results, ", "), strings.Join(results, ", "))
	}
	fmt.Fprintf(&b, "%s.Leave(%s)\nreturn\n", plan, frame)
	p.Add("%s {\n%s}\n", s.Head, b.String())
}

// contextOf returns the expression for the context that the flow runs under.
func (p *flowPrinter) contextOf(sig *types.Signature, s Signature) string {
	if i := contextParam(sig); i >= 0 {
		return s.Params[i]
	}
	for i := range sig.Params().Len() {
		name, t := s.Params[i], sig.Params().At(i).Type()
		switch {
		case isRequest(t):
			return name + ".Context()"
		case p.gives(t, "Request", isRequest):
			return name + ".Request().Context()" // echo
		case fieldIs(t, "Request", isRequest):
			return name + ".Request.Context()" // gin
		}
	}
	return p.Import("context", "context") + ".Background()"
}

func isRequest(t types.Type) bool {
	_, pointer := types.Unalias(t).(*types.Pointer)
	return pointer && isNamed(deref(t), "net/http", "Request")
}

// gives reports whether t has a method of that name, without parameters, whose result is ok.
func (p *flowPrinter) gives(t types.Type, method string, ok func(types.Type) bool) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, p.Pkg, method)
	fn, isFunc := obj.(*types.Func)
	return isFunc && fn.Signature().Params().Len() == 0 && fn.Signature().Results().Len() == 1 &&
		ok(fn.Signature().Results().At(0).Type())
}

func fieldIs(t types.Type, field string, ok func(types.Type) bool) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, field)
	v, isVar := obj.(*types.Var)
	return isVar && v.IsField() && ok(v.Type())
}
