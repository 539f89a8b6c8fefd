package emit

// Signatures of functions that are declared again under their old name.

import (
	"fmt"
	"go/types"
	"strings"
)

// A Signature is how an emitted function is declared that stands in for an author's.
type Signature struct {
	Head     string // "func (s *Server) Page(ctx context.Context, id string) (fluxoOut0 Page, fluxoOut1 error)"
	Receiver string // its name; "" if there is none
	Params   []string
	Results  []string
	Plain    string // the call of the author's body: "s.fluxoPlain_Page(ctx, id)"
}

// SignatureOf declares fn, a function or method of the package, once more.
// Parameters keep their names; those without one get one. Types of parameters
// cannot be shadowed by parameters, so names need no care beyond that.
func (f *File) SignatureOf(fn *types.Func) Signature {
	sig := fn.Signature()
	var s Signature
	plain := PlainPrefix + fn.Name()
	head := "func "
	if r := sig.Recv(); r != nil {
		s.Receiver = r.Name()
		if s.Receiver == "" || s.Receiver == "_" {
			s.Receiver = "fluxoRecv"
		}
		head += fmt.Sprintf("(%s %s) ", s.Receiver, f.Type(r.Type()))
		plain = s.Receiver + "." + plain
	}
	decls, uses := f.typeParams(sig.TypeParams())
	head += fn.Name() + decls + "("
	var params, args []string
	for i := range sig.Params().Len() {
		p := sig.Params().At(i)
		name := p.Name()
		if name == "" || name == "_" {
			name = fmt.Sprintf("fluxoArg%d", i)
		}
		typ, use := f.Type(p.Type()), name
		if sig.Variadic() && i == sig.Params().Len()-1 {
			typ, use = "..."+strings.TrimPrefix(typ, "[]"), name+"..."
		}
		params = append(params, name+" "+typ)
		args = append(args, use)
		s.Params = append(s.Params, name)
	}
	head += strings.Join(params, ", ") + ")"
	var results []string
	for i := range sig.Results().Len() {
		name := fmt.Sprintf("fluxoOut%d", i)
		results = append(results, name+" "+f.Type(sig.Results().At(i).Type()))
		s.Results = append(s.Results, name)
	}
	if len(results) > 0 {
		head += " (" + strings.Join(results, ", ") + ")"
	}
	s.Head = head
	s.Plain = plain + uses + "(" + strings.Join(args, ", ") + ")"
	return s
}

// typeParams prints a list of type parameters, declared and used.
func (f *File) typeParams(list *types.TypeParamList) (decl, use string) {
	if list.Len() == 0 {
		return "", ""
	}
	var decls, uses []string
	for p := range list.TypeParams() {
		decls = append(decls, p.Obj().Name()+" "+f.Type(p.Constraint()))
		uses = append(uses, p.Obj().Name())
	}
	return "[" + strings.Join(decls, ", ") + "]", "[" + strings.Join(uses, ", ") + "]"
}
