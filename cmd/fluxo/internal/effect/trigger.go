package effect

// Routes, and whether a flow's parameters and results fit them.

import (
	"fmt"
	"go/types"
	"net/http"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
)

// route checks a trigger's argument; false if the trigger cannot count.
func (c *claim) route(d directive) bool {
	if c.body == nil {
		c.report(d.name.pos, d.end, "FX102", prefix+d.name.text+" stands on an interface method, which has no body to read", "move the line to the method's implementation")
		return false
	}
	for _, t := range c.triggers {
		if triggerText(t) == triggerText(d) {
			c.report(d.name.pos, d.end, "FX120", prefix+triggerText(d)+" is given twice", "remove one of the two lines")
			return false
		}
	}
	if d.name.text == "flow" {
		if len(d.args) > 0 {
			c.report(d.args[0].pos, d.end, "FX119", prefix+"flow takes nothing, not "+d.args[0].text, "remove "+d.args[0].text)
		}
		return true
	}
	if what, fix := c.counted(d); what != "" {
		c.report(d.name.pos, d.end, "FX119", what, fix)
		return false
	}
	switch d.name.text {
	case "every":
		return c.every(d)
	case "raw":
		return c.raw(d)
	}
	return c.path(d, d.args[0])
}

// counted says what is wrong with the number of a trigger's arguments.
func (c *claim) counted(d directive) (what, fix string) {
	name, most := prefix+d.name.text, 1
	what, fix = "a path", "write one path after it: "+name+" /weather/{zip}"
	missing := " does not say where"
	switch d.name.text {
	case "every":
		what, fix, missing = "a duration", "write one duration after it: "+name+" 10m, or 24h for once a day", " does not say how often"
	case "raw":
		what, fix, most = "a method and a path", "write a path after it, with or without a method: "+name+" GET /files/{path...}", 2
	}
	switch n := len(d.args); {
	case n == 0:
		return name + missing, fix
	case n > most:
		return name + " has more than " + what + ": " + d.args[most].text, fix
	}
	return "", ""
}

// path checks the path of a trigger.
func (c *claim) path(d directive, path field) bool {
	if what, fix := badPattern(Pattern(triggerText(d)), path.text); what != "" {
		c.report(path.pos, path.end(), "FX116", what, fix)
		return false
	}
	return true
}

// Pattern returns the pattern of net/http's ServeMux for a trigger as a summary has it: "get /weather/{zip}"
// is "GET /weather/{zip}", "raw /files/" is "/files/". It is empty for one that answers no requests.
func Pattern(trigger string) string {
	name, rest, _ := strings.Cut(trigger, " ")
	switch name {
	case "flow", "every":
		return ""
	case "raw":
		return rest
	}
	return strings.ToUpper(name) + " " + rest
}

// badPattern asks net/http itself whether it takes the pattern.
func badPattern(pattern, path string) (what, fix string) {
	if !strings.HasPrefix(path, "/") {
		return "the path " + path + " does not begin with a slash", "write /" + path
	}
	defer func() {
		if r := recover(); r != nil {
			_, reason, _ := strings.Cut(fmt.Sprint(r), ": ")
			what, fix = "net/http does not take the path "+path+": "+reason, "write wildcards as whole parts, /posts/{id}, and each name once"
		}
	}()
	http.NewServeMux().Handle(pattern, http.NotFoundHandler())
	return "", ""
}

// Frameworks whose handlers are flows as they are.
var handlerTypes = [][2]string{
	{"github.com/gin-gonic/gin", "Context"}, {"github.com/labstack/echo/v4", "Context"},
	{"github.com/labstack/echo/v5", "Context"}, {"github.com/gofiber/fiber/v2", "Ctx"},
}

// bind checks that the parameters of a flow can be filled from a request to
// the route, and that its results are an answer.
func (c *claim) bind(d directive) {
	sig := c.fn.Signature()
	switch {
	case d.name.text == "every":
		c.runs(d)
		return
	case d.name.text == "flow", IsHandler(sig):
		return
	}
	if tp := sig.TypeParams(); tp.Len() > 0 || sig.RecvTypeParams().Len() > 0 {
		c.cannot(d, "FX117", c.ident.Name+" has type parameters, which no request fills", "call it from a flow with the types filled in, and put the route there")
		return
	}
	path := d.args[0].text
	wildcards := wildcardsOf(path)
	bodies := 0
	for i := range sig.Params().Len() {
		c.bindOne(d, sig.Params().At(i), wildcards, &bodies)
	}
	if sig.Variadic() {
		c.cannot(d, "FX117", c.ident.Name+" takes any number of arguments", "take a slice instead")
	}
	for _, w := range wildcards {
		if !hasParameter(sig, w) {
			c.report(d.args[0].pos, d.end, "FX117", "the path has a part {"+w+"}, but "+c.ident.Name+" has no parameter "+w, c.wildcardFix(w, wildcards))
		}
	}
	c.answers(d, sig)
}

func (c *claim) cannot(d directive, code diag.Code, what, fix string) {
	c.report(d.name.pos, d.end, code, what, fix)
}

// bindOne says where one parameter comes from.
func (c *claim) bindOne(d directive, v *types.Var, wildcards []string, bodies *int) {
	t := v.Type()
	inPath := contains(wildcards, v.Name())
	switch {
	case isContext(t), typeIs(t, "fluxo.dev/fluxo", "User"), typeIs(t, "net/http", "Request"), isNamed(t, "net/http", "ResponseWriter"):
	case v.Name() == "" || v.Name() == "_":
		c.cannot(d, "FX117", "a parameter of type "+c.typeName(t)+" has no name to find it by", "name it like the part of the path or query that fills it")
	case isScalar(t):
	case inPath:
		c.cannot(d, "FX117", "the path part {"+v.Name()+"} is one text, but the parameter is a "+c.typeName(t), "make "+v.Name()+" a string, a number, or a type with UnmarshalText")
	case isScalarList(t):
	case isBody(t):
		*bodies++
		if m := d.name.text; m == "get" || m == "delete" {
			c.cannot(d, "FX117", v.Name()+" would be the body, but "+m+" requests have none", "take the fields as parameters of their own, or use "+prefix+"post")
		} else if *bodies > 1 {
			c.cannot(d, "FX117", "both an earlier parameter and "+v.Name()+" would be the body", "put the two into one struct")
		}
	default:
		c.cannot(d, "FX117", "no part of a request is a "+c.typeName(t)+", the type of "+v.Name(), "take what the request says as scalars or one struct, and keep "+v.Name()+" in the receiver")
	}
}

func (c *claim) wildcardFix(name string, wildcards []string) string {
	for _, v := range parameters(c.fn.Signature()) {
		if !contains(wildcards, v.Name()) && nearest(name, []string{v.Name()}) != "" {
			return "give both one name: " + name + " and " + v.Name()
		}
	}
	if left := c.leftOver(wildcards); len(left) == 1 {
		return "rename " + left[0] + " to " + name + ", or write {" + left[0] + "} in the path"
	}
	return "add a parameter " + name + " string"
}

// leftOver lists the parameters that a part of the path could fill and none does.
func (c *claim) leftOver(wildcards []string) (names []string) {
	for _, v := range parameters(c.fn.Signature()) {
		if v.Name() != "" && v.Name() != "_" && isScalar(v.Type()) && !contains(wildcards, v.Name()) {
			names = append(names, v.Name())
		}
	}
	return names
}

// answers checks the results: at most one beside an error.
func (c *claim) answers(d directive, sig *types.Signature) {
	n := sig.Results().Len()
	if returnsError(sig) {
		n--
	}
	if n > 1 {
		c.cannot(d, "FX127", c.ident.Name+" returns "+c.typeName(sig.Results()), "put what it returns into one struct")
	}
	for i := range n {
		if t := sig.Results().At(i).Type(); IsHandle(t) && !isNamed(t, "fluxo.dev/fluxo", "Page") {
			c.cannot(d, "FX127", c.ident.Name+" returns a "+c.typeName(t)+", which is no data", "return plain data, a fluxo.Page, or take an http.ResponseWriter")
		}
	}
}

// IsHandler reports whether the signature is a handler's of net/http, gin or echo.
func IsHandler(sig *types.Signature) bool {
	for i := range sig.Params().Len() {
		t := sig.Params().At(i).Type()
		for _, h := range handlerTypes {
			if typeIs(t, h[0], h[1]) {
				return true
			}
		}
	}
	return takesHTTP(sig)
}

func takesHTTP(sig *types.Signature) bool {
	return sig.Params().Len() == 2 && isNamed(sig.Params().At(0).Type(), "net/http", "ResponseWriter") && typeIs(sig.Params().At(1).Type(), "net/http", "Request")
}

func isNamed(t types.Type, pkg, name string) bool {
	_, pointer := types.Unalias(t).(*types.Pointer)
	return !pointer && typeIs(t, pkg, name)
}

// wildcardsOf lists the names in a path: {id}, {rest...}.
func wildcardsOf(path string) []string {
	var names []string
	for _, part := range strings.Split(path, "/") {
		name, ok := strings.CutPrefix(part, "{")
		if !ok || name == "$}" {
			continue
		}
		names = append(names, strings.TrimSuffix(strings.TrimSuffix(name, "}"), "..."))
	}
	return names
}

func hasParameter(sig *types.Signature, name string) bool {
	for i := range sig.Params().Len() {
		if sig.Params().At(i).Name() == name {
			return true
		}
	}
	return false
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// isScalar reports whether a value is read from one text.
func isScalar(t types.Type) bool {
	if typeIs(t, "time", "Time") && isNamed(t, "time", "Time") || hasUnmarshalText(t) {
		return true
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsString|types.IsBoolean|types.IsInteger|types.IsFloat) != 0
}

// isScalarList reports whether a query can fill t: a pointer to a scalar may
// be left out, a slice takes all values.
func isScalarList(t types.Type) bool {
	switch u := types.Unalias(t).(type) {
	case *types.Pointer:
		return isScalar(u.Elem())
	case *types.Slice:
		return isScalar(u.Elem())
	}
	return false
}

func hasUnmarshalText(t types.Type) bool {
	if _, isPointer := t.Underlying().(*types.Pointer); isPointer {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), true, nil, "UnmarshalText")
	_, ok := obj.(*types.Func)
	return ok
}

// isBody reports whether t can be decoded from JSON.
func isBody(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, ok := t.Underlying().(*types.Struct)
	return ok && !IsHandle(t)
}
