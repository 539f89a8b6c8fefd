package fluxo

// HTML answers.

import (
	"io"
	"strings"
)

// A Page is a complete HTML document. A flow that returns one answers with
// text/html. It is plain data and can be stored like any other result.
type Page struct {
	HTML string
}

// A Template is what [Render] needs of one: *html/template.Template is one.
type Template interface {
	Execute(w io.Writer, data any) error
}

// Render executes t on data. Use html/template, which escapes; a template of
// text/template would let data become markup. An error is of kind Internal.
func Render(t Template, data any) (Page, error) {
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return Page{}, &Error{Op: "render", Kind: Internal, Err: err}
	}
	return Page{HTML: b.String()}, nil
}
