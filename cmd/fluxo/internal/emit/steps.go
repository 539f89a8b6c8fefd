package emit

// Steps with words that act: the author's body, wrapped for every caller and
// under every plan.

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/graph"
)

// Step wraps a step of the package: a function or method whose words, or those
// of an interface method that it implements, act. at is where they stand: "weather.go:12".
func (f *File) Step(fn *types.Func, decl *ast.FuncDecl, words effect.Summary, at string) {
	f.Takeover(decl)
	s := f.SignatureOf(fn)
	name, sig := f.stepVar(fn), fn.Signature()
	f.Add("var %s = %s\n", name, f.acts(fn, words, at))

	// The attempt's context has the name of the step's own, so that the call of
	// the body reads the attempt's. A step that cannot fail is never refused, so
	// it runs on its own context throughout.
	ctx, attempt, failed := "nil", "_", "nil"
	failure := errorResult(sig)
	if failure >= 0 {
		failed = s.Results[failure]
		if i := contextParam(sig); i >= 0 {
			ctx, attempt = s.Params[i], s.Params[i]
		}
	}
	call := fmt.Sprintf("%s.Do(%s, %s, func(%s %s.Context) error { %s; return %s })",
		name, ctx, f.stepKeys(fn, s, words), attempt, f.Import("context", "fluxocontext"), assign(s.Results, s.Plain), failed)
	if ctx != "nil" {
		call = fmt.Sprintf("if err := %s; err != nil {\n%s = err\n}", call, failed)
	}
	f.Add("%s {\n%s\nreturn\n}\n", s.Head, call)
}

// stepVar names the variable that holds a step's words.
func (f *File) stepVar(fn *types.Func) string {
	name := fn.Name()
	if r := fn.Signature().Recv(); r != nil {
		if n, ok := deref(r.Type()).(*types.Named); ok {
			name = n.Obj().Name() + "_" + name
		}
	}
	return "fluxoStep_" + name
}

// acts prints the words of a step.
func (f *File) acts(fn *types.Func, words effect.Summary, at string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.Acts{Step: %q, At: %q", f.Runtime(), fn.FullName(), at)
	if words.Timeout > 0 {
		fmt.Fprintf(&b, ", Timeout: %d /* %s */", words.Timeout, words.Timeout)
	}
	if words.Retry > 0 {
		fmt.Fprintf(&b, ", Retry: %d", words.Retry)
	}
	if words.Limit > 0 {
		fmt.Fprintf(&b, ", Limit: %d", words.Limit)
	}
	var writes, kinds []string
	for _, e := range words.Effects {
		kinds = append(kinds, e.Errors...)
		if e.Class == graph.Writes {
			for _, d := range e.Data {
				writes = append(writes, d.Name)
			}
		}
	}
	for _, l := range []struct {
		field string
		list  []string
	}{{"Writes", writes}, {"Errors", kinds}} {
		if len(l.list) > 0 {
			fmt.Fprintf(&b, ", %s: %#v", l.field, l.list)
		}
	}
	return b.String() + "}"
}

// stepKeys prints the function that returns the named data a call writes; "nil" if it writes none.
func (f *File) stepKeys(fn *types.Func, s Signature, words effect.Summary) string {
	var keys []string
	for _, e := range words.Effects {
		if e.Class != graph.Writes {
			continue
		}
		for _, d := range e.Data {
			keys = append(keys, f.DataKey(d, func(path string) (string, types.Type) {
				return s.path(fn, path), pathType(fn, path)
			}))
		}
	}
	if len(keys) == 0 {
		return "nil"
	}
	rt := f.Runtime()
	return fmt.Sprintf("func() []%s.DataKey { return []%s.DataKey{%s} }", rt, rt, strings.Join(keys, ", "))
}

// DataKey prints a data key as an element of a []rt.DataKey. resolve returns
// the expression that stands for a path over the step's parameters ("post.ID"),
// and its type.
func (f *File) DataKey(d graph.DataKey, resolve func(path string) (string, types.Type)) string {
	var parts []string
	for _, p := range d.Parts {
		part := "nil"
		if literal, ok := strings.CutPrefix(p, "="); ok {
			part = f.Values.Literal(literal)
		} else if expr, t := resolve(p); t != nil {
			if code := f.Values.Part(t, expr); code != "" {
				part = code
			}
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return fmt.Sprintf("{Name: %q}", d.Name)
	}
	return fmt.Sprintf("{Name: %q, Parts: [][]byte{%s}}", d.Name, strings.Join(parts, ", "))
}

// pathType returns the type of a path over the parameters of fn: "id", "post.Author.ID".
func pathType(fn *types.Func, path string) types.Type {
	names := strings.Split(path, ".")
	var t types.Type
	sig := fn.Signature()
	if r := sig.Recv(); r != nil && r.Name() == names[0] {
		t = r.Type()
	}
	for p := range sig.Params().Variables() {
		if p.Name() == names[0] {
			t = p.Type()
		}
	}
	for _, name := range names[1:] {
		if t == nil {
			return nil
		}
		obj, _, _ := types.LookupFieldOrMethod(t, true, fn.Pkg(), name)
		field, ok := obj.(*types.Var)
		if !ok {
			return nil
		}
		t = field.Type()
	}
	return t
}

func assign(results []string, call string) string {
	if len(results) == 0 {
		return call
	}
	return strings.Join(results, ", ") + " = " + call
}

// contextParam returns the index of the first parameter of type context.Context; -1 if there is none.
func contextParam(sig *types.Signature) int {
	for i := range sig.Params().Len() {
		if isNamed(sig.Params().At(i).Type(), "context", "Context") {
			return i
		}
	}
	return -1
}

// errorResult returns the index of the last result if it is an error; -1 otherwise.
func errorResult(sig *types.Signature) int {
	last := sig.Results().Len() - 1
	if last >= 0 && types.Identical(sig.Results().At(last).Type(), types.Universe.Lookup("error").Type()) {
		return last
	}
	return -1
}

func isNamed(t types.Type, path, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}

func deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return types.Unalias(p.Elem())
	}
	return types.Unalias(t)
}
