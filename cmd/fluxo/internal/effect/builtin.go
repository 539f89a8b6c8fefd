package effect

// Builtin functions and conversions.

import (
	"go/ast"
	"go/types"
)

func (b *body) builtin(name string, call *ast.CallExpr) set {
	if name == "new" || name == "make" {
		for _, a := range call.Args[1:] {
			b.eval(a)
			b.found.panics = b.found.panics || b.info.Types[a].Value == nil
		}
		return b.newValue(name, call)
	}
	args := b.args(call)
	switch name {
	case "append":
		return b.appendTo(call, args)
	case "copy":
		b.writeAll(args[0], b.load(args[1]), call.Pos(), true)
	case "delete", "clear":
		b.writeAll(args[0], nil, call.Pos(), true)
	case "panic":
		b.found.panics = true
	case "close":
		b.opaque(call.Pos(), "closes a channel")
	case "print", "println":
		b.opaque(call.Pos(), "prints")
	case "cap":
		if AsksCapacity(b.info, call) && args[0].old() {
			b.identity(Capacity, call.Pos())
		}
	case "min", "max", "len", "complex", "real", "imag":
	case "recover":
		return set{{foreign, nil}}
	}
	return nil
}

// newValue: new(T), new(expr) and make.
func (b *body) newValue(name string, call *ast.CallExpr) set {
	r := b.at(call)
	if name == "new" {
		if tv := b.info.Types[call.Args[0]]; !tv.IsType() {
			b.put(r, b.eval(call.Args[0]))
		}
	}
	return set{r}
}

// appendTo: append may write into the memory behind its argument, beyond its
// length, and returns that or new memory.
func (b *body) appendTo(call *ast.CallExpr, args []set) set {
	r := b.at(call)
	var elems set
	for i, a := range args[1:] {
		if call.Ellipsis.IsValid() && i == len(args)-2 {
			a = b.load(a)
		}
		elems = b.join(elems, a)
	}
	b.put(r, elems.with(b.load(args[0])...))
	b.writeAll(args[0], elems, call.Pos(), false)
	return args[0].with(r)
}

// conversion keeps pointers, except between strings and slices, which copies.
func (b *body) conversion(call *ast.CallExpr, to types.Type) set {
	x := b.eval(call.Args[0])
	from := b.typeOf(call.Args[0])
	if basic, ok := to.Underlying().(*types.Basic); ok && basic.Kind() == types.UnsafePointer {
		b.opaque(call.Pos(), "uses package unsafe")
		return set{{foreign, nil}}
	}
	_, toSlice := to.Underlying().(*types.Slice)
	if basic, ok := from.Underlying().(*types.Basic); ok && toSlice && basic.Info()&types.IsString != 0 {
		return set{b.at(call)}
	}
	if _, fromSlice := from.Underlying().(*types.Slice); fromSlice && !toSlice {
		if _, isString := to.Underlying().(*types.Basic); !isString {
			b.found.panics = true // slice to array
			return b.load(x).with(x...)
		}
	}
	return x
}
