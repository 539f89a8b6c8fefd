package effect

// Every function named in the tables exists, with the parameters named there.

import (
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

func TestShippedFunctionsExist(t *testing.T) {
	byPackage := map[string][]string{}
	for key := range shipped() {
		pkg, name := splitTableKey(key)
		byPackage[pkg] = append(byPackage[pkg], name)
	}
	dir, err := filepath.Abs("testdata/tables")
	if err != nil {
		t.Fatal(err)
	}
	cfg := &packages.Config{Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedExportFile, Dir: dir, Env: append(os.Environ(), "GOWORK=off")}
	loaded, err := packages.Load(cfg, keys(byPackage)...)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			t.Fatalf("%s: %v", p.PkgPath, p.Errors)
		}
		for _, name := range byPackage[p.PkgPath] {
			e := shipped()[p.PkgPath+"."+name]
			fn := lookupName(p.Types, name)
			if fn == nil {
				t.Errorf("%s: %s.%s does not exist", e.where, p.PkgPath, name)
				continue
			}
			if _, ok := e.summary(fn.Signature()); !ok {
				t.Errorf("%s: %s.%s has no such parameters: %s", e.where, p.PkgPath, name, fn.Signature())
			}
			if key, ok := tableKey(fn); !ok || key != p.PkgPath+"."+name {
				t.Errorf("%s: %s is looked up as %s", e.where, p.PkgPath+"."+name, key)
			}
		}
	}
}

// splitTableKey splits after the last element of the import path.
func splitTableKey(key string) (pkg, name string) {
	slash := strings.LastIndex(key, "/") + 1
	dot := slash + strings.Index(key[slash:], ".")
	return key[:dot], key[dot+1:]
}

func lookupName(pkg *types.Package, name string) *types.Func {
	typeName, method, isMethod := strings.Cut(name, ".")
	obj := pkg.Scope().Lookup(typeName)
	if isMethod && obj != nil {
		obj, _, _ = types.LookupFieldOrMethod(obj.Type(), true, pkg, method)
	}
	fn, _ := obj.(*types.Func)
	return fn
}

func TestBadTablesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no package": "pure\n\tF\n",
		"no class":   "package p\n\tF\n",
		"class":      "package p\nclean\n\tF\n",
		"word":       "package p\npure edit=x\n\tF\n",
		"twice":      "package p\npure\n\tF F\n",
	} {
		if err := parseTable("t.txt", text, map[string]entry{}); err == nil {
			t.Errorf("%s: accepted:\n%s", name, text)
		}
	}
}
