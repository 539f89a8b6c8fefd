// Package errorpages holds a page on every diagnostic: what it means, and an example that has
// it, with its mend. The command links them, so that fluxo help shows them anywhere.
package errorpages

import "embed"

//go:embed FX*.md
var files embed.FS

// Page returns the page on a code, such as FX301, as Markdown.
func Page(code string) (text string, ok bool) {
	b, err := files.ReadFile(code + ".md")
	return string(b), err == nil
}
