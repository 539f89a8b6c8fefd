package effect

// Hidden inputs: what a step's result depends on though the flow does not show
// it. Context values under foreign keys, and variables that change.

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// observerPackages own context keys that cannot influence results.
var observerPackages = []string{
	"context", "net/http", "net/http/httptrace", "internal/nettrace", "net", "runtime/pprof", "runtime/trace",
	"go.opentelemetry.io/otel", "golang.org/x/net/trace", "github.com/rs/zerolog", "go.uber.org/zap", "log/slog",
}

const contextValue = "the context value under "

// Extracts reports whether nothing is known of a function for a context value that it
// reads: //fluxo:context may be what is missing.
func (s Summary) Extracts() bool {
	return s.From == "unknown" && strings.HasPrefix(s.Why, "reads "+contextValue)
}

// extract is a call that takes a value out of a context.
func (b *body) extract(fn *types.Func, call *ast.CallExpr, pos token.Pos) {
	key, _ := tableKey(fn)
	if key == "net/http.Request.Context" {
		return // the context itself; its values are looked at where they are read
	}
	what := "what " + b.name(fn) + " takes out of the context"
	name := ""
	if key == "context.Context.Value" && call != nil && len(call.Args) == 1 {
		name = b.contextKey(call.Args[0])
		if b.isObserver(name) {
			return
		}
		what = contextValue + b.shortKey(name)
	}
	b.proves(pos, "reads "+what)
	if b.found.hidden.what == "" {
		b.found.hidden = hidden{what: what + " (" + b.where(pos) + ")", pos: pos, key: name, direct: true}
		b.changed = true
	}
}

// contextKey names a context key: a variable or constant by its full name, a
// literal T{} by its type, a basic value by how it is written.
func (b *body) contextKey(e ast.Expr) string {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		if obj := b.info.ObjectOf(x); isGlobalName(obj) {
			return obj.Pkg().Path() + "." + obj.Name()
		}
	case *ast.SelectorExpr:
		if obj := b.info.ObjectOf(x.Sel); isGlobalName(obj) {
			return obj.Pkg().Path() + "." + obj.Name()
		}
	}
	if tv := b.info.Types[e]; tv.Value != nil && tv.Value.Kind() == constant.String {
		if _, basic := types.Unalias(tv.Type).(*types.Basic); basic {
			return tv.Value.ExactString()
		}
	}
	t := b.typeOf(e)
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
		return named.Obj().Pkg().Path() + "." + named.Obj().Name()
	}
	return types.ExprString(e)
}

func isGlobalName(obj types.Object) bool {
	switch obj.(type) {
	case *types.Var, *types.Const:
		return obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope()
	}
	return false
}

// isObserver reports whether a key belongs to a known observer, or was declared
// one with //fluxo:observer.
func (b *body) isObserver(key string) bool {
	if b.r.observers[key] {
		return true
	}
	if strings.HasPrefix(key, "\"") {
		return false
	}
	pkg := key[:strings.LastIndex(key, ".")+1]
	pkg = strings.TrimSuffix(pkg, ".")
	return slices.ContainsFunc(observerPackages, func(p string) bool { return pkg == p || strings.HasPrefix(pkg, p+"/") && !isStandard(p) })
}

// shortKey is a key as people write it: package name and name.
func (b *body) shortKey(key string) string {
	if i := strings.LastIndex(key, "/"); i >= 0 && !strings.HasPrefix(key, "\"") {
		key = key[i+1:]
	}
	return key
}

// inherit takes over the hidden inputs of a callee. A function of a module that
// the author cannot edit counts only if it reads the context value itself: what
// libraries do deep inside with keys of their own does not concern results.
// One that is known to extract a value is itself what there is to say of the value.
func (b *body) inherit(fn *types.Func, s Summary, pos token.Pos) {
	var ctx, variable hidden
	if f := b.funcs[fn]; f != nil {
		ctx, variable = f.found.hidden, f.found.hiddenVar
	} else {
		var f Fact
		if _, known := lookupShipped(fn); known {
			return // the tables say all there is to say
		}
		if fn.Pkg() == nil || fn.Pkg() == b.pkg || isStandard(fn.Pkg().Path()) || !b.r.pass.ImportObjectFact(fn, &f) {
			return
		}
		if f.Editable || f.HiddenDirect {
			ctx = hidden{what: f.HiddenContext, key: f.HiddenKey}
		}
		if f.Editable {
			variable = hidden{what: f.HiddenVariable}
		}
	}
	if ctx.what != "" && s.Role != Extract && b.found.hidden.what == "" && !b.isObserver(ctx.key) {
		b.found.hidden = hidden{what: ctx.what, pos: pos, key: ctx.key}
	}
	if variable.what != "" && b.found.hiddenVar.what == "" {
		b.found.hiddenVar = hidden{what: variable.what, pos: pos}
	}
}
