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
// Parameters keep their names; those without one, or with that of a predeclared
// identifier, which the body around the call may need, get one.
func (f *File) SignatureOf(fn *types.Func) Signature {
	sig := fn.Signature()
	var s Signature
	plain := PlainPrefix + fn.Name()
	head := "func "
	if r := sig.Recv(); r != nil {
		s.Receiver = nameOr(r, "fluxoRecv")
		head += fmt.Sprintf("(%s %s) ", s.Receiver, f.Type(r.Type()))
		plain = s.Receiver + "." + plain
	}
	decls, uses := f.typeParams(sig.TypeParams())
	head += fn.Name() + decls + "("
	var params, args []string
	for i := range sig.Params().Len() {
		p := sig.Params().At(i)
		name := nameOr(p, fmt.Sprintf("fluxoArg%d", i))
		typ, use := f.Type(p.Type()), name
		if sig.Variadic() && i == sig.Params().Len()-1 {
			typ, use = "..."+f.Type(p.Type().(*types.Slice).Elem()), name+"..."
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

// nameOr returns the name of a parameter, or other where emitted code cannot use it.
func nameOr(p *types.Var, other string) string {
	if name := p.Name(); name != "" && name != "_" && types.Universe.Lookup(name) == nil {
		return name
	}
	return other
}

// path rewrites a path over the parameters of fn ("post.ID") to their names here.
func (s Signature) path(fn *types.Func, path string) string {
	name, rest, deeper := strings.Cut(path, ".")
	sig := fn.Signature()
	if r := sig.Recv(); r != nil && r.Name() == name {
		name = s.Receiver
	}
	for i := range sig.Params().Len() {
		if sig.Params().At(i).Name() == name {
			name = s.Params[i]
			break
		}
	}
	if deeper {
		name += "." + rest
	}
	return name
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
