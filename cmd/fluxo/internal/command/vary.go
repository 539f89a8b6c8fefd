package command

// What of a request's header an answer depends on, as the code of its flow shows it.

import (
	"go/ast"
	"go/constant"
	"go/types"
	"net/textproto"
	"slices"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
)

// headers are the parts of a request's header that methods of *http.Request read.
var headers = map[string]string{
	"UserAgent": "User-Agent", "Referer": "Referer", "BasicAuth": "Authorization",
	"Cookie": "Cookie", "Cookies": "Cookie", "CookiesNamed": "Cookie",
}

// address lists the fields and methods of *http.Request that tell of the address alone, of a GET.
var address = []string{"URL", "Host", "Method", "Pattern", "RequestURI", "PathValue", "Context", "FormValue", "ParseForm", "Form"}

// identifying are headers that say who is asking.
var identifying = []string{"*", "Authorization", "Cookie"}

// A varying collects what a flow reads of its request.
type varying struct {
	info *types.Info
	used map[*ast.Ident]bool // uses of the request that are understood
	read []string
}

// varyOf lists what the answer of a flow that takes the request depends on beside the address: names of headers, or "*"
// where the code does not show it.
func varyOf(info *types.Info, flow *lift.Flow) []string {
	request := requestOf(flow.Func.Signature())
	if request == nil {
		return nil
	}
	v := &varying{info: info, used: map[*ast.Ident]bool{}}
	ast.Inspect(flow.Decl.Body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			v.call(c)
		}
		if s, ok := n.(*ast.SelectorExpr); ok {
			v.selector(s)
		}
		return true
	})
	all := true
	ast.Inspect(flow.Decl.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == request && !v.used[id] {
			all = false
		}
		return all
	})
	if !all {
		return []string{"*"}
	}
	slices.Sort(v.read)
	return slices.Compact(v.read)
}

// requestOf returns the parameter that is the request; nil if there is none.
func requestOf(sig *types.Signature) *types.Var {
	for p := range sig.Params().Variables() {
		if pointer, ok := p.Type().(*types.Pointer); ok && types.TypeString(pointer.Elem(), nil) == "net/http.Request" {
			return p
		}
	}
	return nil
}

// call notes r.Header.Get("Accept-Language").
func (v *varying) call(c *ast.CallExpr) {
	method, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || method.Sel.Name != "Get" && method.Sel.Name != "Values" || len(c.Args) != 1 {
		return
	}
	field, ok := method.X.(*ast.SelectorExpr)
	if !ok || field.Sel.Name != "Header" {
		return
	}
	id, ok := field.X.(*ast.Ident)
	name := v.info.Types[c.Args[0]].Value
	if ok && name != nil && name.Kind() == constant.String {
		v.used[id] = true
		v.read = append(v.read, textproto.CanonicalMIMEHeaderKey(constant.StringVal(name)))
	}
}

// selector notes r.UserAgent and r.URL.
func (v *varying) selector(s *ast.SelectorExpr) {
	id, ok := s.X.(*ast.Ident)
	if !ok {
		return
	}
	if header := headers[s.Sel.Name]; header != "" {
		v.used[id] = true
		v.read = append(v.read, header)
	} else if slices.Contains(address, s.Sel.Name) {
		v.used[id] = true
	}
}
