package effect

// What a call changes outside by the text that it is given: the method of a request, the
// statement for a database.

import (
	"go/ast"
	"go/constant"
	"net/http"
	"slices"
	"strings"
)

// method is the method of the request that a call makes; "" if it makes none, or one whose
// method is not known here.
func (b *body) method(key string, call *ast.CallExpr) string {
	switch key {
	case "net/http.NewRequest":
		return strings.ToUpper(b.textOf(call, 0))
	case "net/http.NewRequestWithContext":
		return strings.ToUpper(b.textOf(call, 1))
	}
	return ""
}

// changesBy reports whether requests of a method change something, by what HTTP says of
// it. A POST may be a question.
func changesBy(method string) bool {
	return slices.Contains([]string{http.MethodPut, http.MethodPatch, http.MethodDelete}, method)
}

// isSetting reports whether what a call executes on a database changes how it answers,
// and nothing that it holds.
func (b *body) isSetting(key string, call *ast.CallExpr) bool {
	i := 0
	if strings.HasSuffix(key, "ExecContext") {
		i = 1
	}
	words := strings.Fields(strings.ToLower(b.textOf(call, i)))
	return strings.HasPrefix(key, "database/sql.") && len(words) > 0 &&
		slices.Contains([]string{"set", "reset", "pragma", "use", "select", "explain", "show"}, words[0])
}

// textOf is argument i of a call where that is a constant text, else "".
func (b *body) textOf(call *ast.CallExpr, i int) string {
	if call == nil || i >= len(call.Args) {
		return ""
	}
	if v := b.info.Types[call.Args[i]].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v)
	}
	return ""
}
