package effect

// Signatures that words need: batch, undo, deferrable, and the transactions
// that writes must not receive.

import (
	"go/types"
)

// batchFits checks batch=F: for a step func(ctx, K) (V, error) F is
// func(ctx, []K) ([]V, []error).
func (c *claim) batchFits(name field) bool {
	f, _ := c.sibling(name.text)
	if f == nil {
		c.report(name.pos, name.end(), "FX114", "there is no function "+name.text+" beside "+c.ident.Name, "write it: "+c.batchShape(name.text))
		return false
	}
	want, ok := c.batchSignature()
	if ok && identicalParts(want, f.Signature()) {
		return true
	}
	if !ok {
		c.report(name.pos, name.end(), "FX114", c.ident.Name+" does not take one argument beside a context and return one result and an error", "give "+c.ident.Name+" one argument (a struct, if it needs several), one result and an error")
		return false
	}
	c.report(name.pos, name.end(), "FX114", name.text+" is "+c.typeName(f.Signature()), "make it "+c.batchShape(name.text))
	return false
}

// batchSignature is the signature that the batch function must have; ok is false
// if no batch function fits the step.
func (c *claim) batchSignature() (*types.Signature, bool) {
	sig := c.fn.Signature()
	var in, out []*types.Var
	n := 0
	for i := range sig.Params().Len() {
		v := sig.Params().At(i)
		if isContext(v.Type()) {
			in = append(in, v)
			continue
		}
		n++
		in = append(in, types.NewParam(0, nil, v.Name(), types.NewSlice(v.Type())))
	}
	if n != 1 || sig.Variadic() || sig.Results().Len() != 2 || !returnsError(sig) {
		return nil, false
	}
	for i := range 2 {
		out = append(out, types.NewParam(0, nil, "", types.NewSlice(sig.Results().At(i).Type())))
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(in...), types.NewTuple(out...), false), true
}

func (c *claim) batchShape(name string) string {
	if want, ok := c.batchSignature(); ok {
		return "func " + name + c.typeName(want)[len("func"):]
	}
	return "func " + name + "(ctx context.Context, keys []K) ([]V, []error)"
}

// sibling finds a function of the same package, or a method of the same
// receiver.
func (c *claim) sibling(name string) (*types.Func, bool) {
	if recv := c.fn.Signature().Recv(); recv != nil {
		obj, _, _ := types.LookupFieldOrMethod(recv.Type(), true, c.fn.Pkg(), name)
		if f, ok := obj.(*types.Func); ok {
			return f, true
		}
	}
	f, ok := c.fn.Pkg().Scope().Lookup(name).(*types.Func)
	return f, ok
}

// identicalParts compares parameters and results, not receivers.
func identicalParts(a, b *types.Signature) bool {
	return types.Identical(a.Params(), b.Params()) && types.Identical(a.Results(), b.Results()) && a.Variadic() == b.Variadic()
}

// checkEffect checks what deferrable and undo ask of the signature.
func (c *claim) checkEffect() {
	sig := c.fn.Signature()
	if d, ok := c.words["deferrable"]; ok {
		if n := sig.Results().Len(); n > 1 || n == 1 && !returnsError(sig) {
			c.report(d.word.pos, d.word.end(), "FX113", c.ident.Name+" is deferrable but returns "+c.typeName(sig.Results()), "return only an error, or remove deferrable")
		}
	}
	u, ok := c.words["undo"]
	if !ok {
		return
	}
	f, _ := c.sibling(u.value.text)
	if f == nil {
		c.report(u.value.pos, u.value.end(), "FX115", "there is no function "+u.value.text+" beside "+c.ident.Name, "write func "+u.value.text+" with the parameters of "+c.ident.Name)
		return
	}
	results := f.Signature().Results()
	if !types.Identical(f.Signature().Params(), sig.Params()) || results.Len() > 1 || results.Len() == 1 && !returnsError(f.Signature()) {
		c.report(u.value.pos, u.value.end(), "FX115", u.value.text+" is "+c.typeName(f.Signature()), "give it the parameters of "+c.ident.Name+" and at most an error as result")
	}
}

// transactions are the types whose owner commits later.
var transactions = [][2]string{
	{"database/sql", "Tx"}, {"github.com/jackc/pgx/v5", "Tx"}, {"github.com/jackc/pgx/v4", "Tx"},
	{"github.com/jmoiron/sqlx", "Tx"}, {"go.mongodb.org/mongo-driver/mongo", "SessionContext"},
	{"go.etcd.io/bbolt", "Tx"}, {"github.com/uptrace/bun", "Tx"}, {"zombiezen.com/go/sqlite", "Conn"},
	{"github.com/dgraph-io/badger/v4", "Txn"},
}

// checkTransaction reports a write that commits in somebody else's hands.
func (c *claim) checkTransaction() {
	for _, v := range parameters(c.fn.Signature()) {
		for _, tx := range transactions {
			if typeIs(v.Type(), tx[0], tx[1]) {
				c.report(c.class.pos, c.class.end(), "FX112", c.ident.Name+" receives the transaction "+v.Name()+" ("+c.typeName(v.Type())+")",
					"put "+prefix+"writes on the function that commits "+v.Name())
				return
			}
		}
	}
}
