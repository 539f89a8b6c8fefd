package gen

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// Every generated package is valid Go: it parses and type-checks.
func TestGeneratedProgramsCompile(t *testing.T) {
	fset := token.NewFileSet()
	imp := imports{importer.ForCompiler(fset, "source", nil), fset}
	for seed := range uint64(40) {
		p := New("prog", seed*100, 20)
		var files []*ast.File
		for name, text := range p.Files {
			f, err := parser.ParseFile(fset, name, text, parser.ParseComments)
			if err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, text)
			}
			files = append(files, f)
		}
		conf := types.Config{Importer: imp}
		if _, err := conf.Check("prog", fset, files, nil); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, p.Files["flows.go"])
		}
	}
}

// The same seed gives the same program, whatever else is in the package.
func TestProgramsDependOnTheirSeedOnly(t *testing.T) {
	a, b := New("prog", 7, 3).Files["flows.go"], New("prog", 7, 3).Files["flows.go"]
	if a != b {
		t.Fatal("two packages of one seed differ")
	}
}

// imports has the errgroup of generated programs.
type imports struct {
	types.Importer
	fset *token.FileSet
}

func (i imports) Import(path string) (*types.Package, error) {
	text, ok := Sync[strings.TrimPrefix(path, "golang.org/x/sync/")+"/errgroup.go"]
	if !ok {
		return i.Importer.Import(path)
	}
	f, err := parser.ParseFile(i.fset, "errgroup.go", text, 0)
	if err != nil {
		return nil, err
	}
	conf := types.Config{Importer: i}
	return conf.Check(path, i.fset, []*ast.File{f}, nil)
}
