package weather

// The page for people.

import (
	"context"
	_ "embed"
	"html/template"
	"strings"

	"fluxo.dev/fluxo"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(versioned(pageText)))

// Home shows the page: a form, and the weather or what went wrong.
//
//fluxo:get /{$}
func Home(ctx context.Context, zip *string) (fluxo.Page, error) {
	around := around(Board())
	if zip == nil {
		return fluxo.Render(page, View{Around: around})
	}
	asked := strings.TrimSpace(*zip)
	report, err := Weather(ctx, asked)
	if err != nil {
		return fluxo.Render(page, View{ZIP: asked, Problem: problem(asked, fluxo.KindOf(err)), Around: around})
	}
	return fluxo.Render(page, View{ZIP: asked, Weather: Show(report), Around: around})
}

// problem tells a reader what went wrong and what to do.
func problem(zip string, kind fluxo.Kind) string {
	switch kind {
	case fluxo.NotFound:
		return "There is no ZIP code “" + zip + "”. A ZIP code has five digits, like 60601."
	case fluxo.Unavailable, fluxo.Timeout:
		return "The weather of " + zip + " cannot be had at the moment. Please try again in a minute."
	}
	return "Something went wrong: " + kind.Error() + "."
}
