package value

// Which types have a codec: the fluxo.Codec lines of a package and its imports.

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// CodecAnalyzer finds the types that have a fluxo.Codec and returns a *Codecs.
var CodecAnalyzer = &analysis.Analyzer{
	Name:       "fluxocodec",
	Doc:        "finds the types that have a fluxo.Codec",
	URL:        "https://fluxo.dev/docs/language",
	Run:        findCodecs,
	ResultType: reflect.TypeFor[*Codecs](),
	FactTypes:  []analysis.Fact{new(CodecFact)},
}

// A CodecFact lists the types that a package declares codecs of.
type CodecFact struct{ Types []string }

// AFact marks CodecFact as a fact.
func (*CodecFact) AFact() {}

func (f *CodecFact) String() string { return "codecs of " + strings.Join(f.Types, ", ") }

// Codecs are the types with a codec, as a package sees them.
type Codecs struct{ types map[string]bool }

// Has reports whether t has a codec; it is for Env.HasCodec.
func (c *Codecs) Has(t types.Type) bool { return c.types[types.TypeString(t, nil)] }

func findCodecs(pass *analysis.Pass) (any, error) {
	all := &Codecs{types: map[string]bool{}}
	for _, f := range pass.AllPackageFacts() {
		if fact, ok := f.Fact.(*CodecFact); ok {
			for _, t := range fact.Types {
				all.types[t] = true
			}
		}
	}
	var own []string
	for _, f := range pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			fn, ok := pass.TypesInfo.Uses[id].(*types.Func)
			args := pass.TypesInfo.Instances[id].TypeArgs
			if ok && fn.FullName() == "fluxo.dev/fluxo.Codec" && args.Len() == 1 {
				own = append(own, types.TypeString(args.At(0), nil))
			}
			return true
		})
	}
	for _, t := range own {
		all.types[t] = true
	}
	if len(own) > 0 {
		slices.Sort(own)
		pass.ExportPackageFact(&CodecFact{slices.Compact(own)})
	}
	return all, nil
}
