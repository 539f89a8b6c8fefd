package weather

// The page for people.

import (
	"context"
	_ "embed"
	"html/template"

	"fluxo.dev/fluxo"
)

//go:embed page.html
var pageText string

var page = template.Must(template.New("page").Parse(pageText))

// A View is what the page shows: a form, and a report or what went wrong.
type View struct {
	ZIP     string
	Report  *Report
	Problem string
}

// Home shows the page.
//
//fluxo:get /{$}
func Home(ctx context.Context, zip *string) (fluxo.Page, error) {
	if zip == nil {
		return fluxo.Render(page, View{})
	}
	report, err := Weather(ctx, *zip)
	if err != nil {
		return fluxo.Render(page, View{ZIP: *zip, Problem: fluxo.KindOf(err).Error()})
	}
	return fluxo.Render(page, View{ZIP: *zip, Report: &report})
}
