package weather

// What the page is made of besides its text.

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
)

//go:embed static
var static embed.FS

// versions are the names under which the files are linked: a changed file has another,
// so that browsers may keep what they have for good.
var versions = func() map[string]string {
	files, err := static.ReadDir("static")
	if err != nil {
		panic("bug: " + err.Error())
	}
	versions := make(map[string]string, len(files))
	for _, f := range files {
		text, err := static.ReadFile("static/" + f.Name())
		if err != nil {
			panic("bug: " + err.Error())
		}
		sum := sha256.Sum256(text)
		versions[f.Name()] = hex.EncodeToString(sum[:6])
	}
	return versions
}()

// Static serves the page's files: /static/page.css?v=1234567890ab.
//
//fluxo:raw GET /static/{file}
func Static(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	version, ok := versions[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("ETag", `"`+version+`"`)
	w.Header().Set("Cache-Control", "public, max-age=300")
	if r.FormValue("v") == version {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	http.ServeFileFS(w, r, static, path.Join("static", name))
}

// versioned puts the versions of the files into a page's links to them.
func versioned(html string) string {
	for name, version := range versions {
		html = strings.ReplaceAll(html, `"/static/`+name+`"`, `"/static/`+name+`?v=`+version+`"`)
	}
	return html
}
