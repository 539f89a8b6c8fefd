package tool

// A service of about 10,000 lines, written by a template: packages that keep
// records in SQL, describe them, and have flows over them that call each other's.

import (
	"bytes"
	_ "embed"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"text/template"
)

//go:embed module.tmpl
var moduleText string

var moduleTemplate = template.Must(template.New("module").Parse(moduleText))

// packages and kinds together come to 10,000 lines.
const (
	packages = 18
	kinds    = 3
)

// writeService writes the service into dir and returns how many lines it has.
// mark makes it differ from every other, so that no cache knows it.
func writeService(dir, mark string) (lines int, err error) {
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/big\n\ngo 1.26.0\n"), 0o666); err != nil {
		return 0, err
	}
	before := ""
	for i := range packages {
		name := fmt.Sprintf("stock%02d", i)
		n, err := writePackage(dir, name, before, mark)
		if err != nil {
			return 0, err
		}
		lines += n
		before = name
	}
	text := fmt.Sprintf(mainText, before, before)
	return lines + bytes.Count([]byte(text), []byte("\n")), os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o666)
}

const mainText = `// Command big serves everything.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"net/http"
	"strconv"

	"example.com/big/%s"
)

func main() {
	db, err := sql.Open("sqlite", "big.db")
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /owners/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		text, err := %s.Overview(r.Context(), db, id)
		if err != nil {
			http.Error(w, "internal error", http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, text)
	})
	log.Fatal(http.ListenAndServe("localhost:8080", nil))
}
`

func writePackage(dir, name, before, mark string) (lines int, err error) {
	data := struct {
		Name, Before, Mark string
		Kinds              []string
	}{Name: name, Before: before, Mark: mark}
	for k := range kinds {
		data.Kinds = append(data.Kinds, fmt.Sprintf("Kind%c", 'A'+k))
	}
	var b bytes.Buffer
	if err := moduleTemplate.Execute(&b, data); err != nil {
		return 0, err
	}
	text, err := format.Source(b.Bytes())
	if err != nil {
		return 0, err
	}
	at := filepath.Join(dir, name)
	if err := os.MkdirAll(at, 0o777); err != nil {
		return 0, err
	}
	return bytes.Count(text, []byte("\n")), os.WriteFile(filepath.Join(at, name+".go"), text, 0o666)
}
