package emit

// Constants declared in the body, declared again where they are used.

import (
	"fmt"
	"go/constant"
	"go/types"
	"sort"
	"strings"
)

// constants prints the declarations of the constants used.
func (t *text) constants() string {
	var all []*types.Const
	for o := range t.consts {
		all = append(all, o.(*types.Const))
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Pos() < all[j].Pos() })
	var b strings.Builder
	for _, c := range all {
		typ := ""
		if basic, ok := c.Type().(*types.Basic); !ok || basic.Info()&types.IsUntyped == 0 {
			typ = t.typ(c.Type())
		}
		fmt.Fprintf(&b, "const %s %s = %s\n", c.Name(), typ, constantText(c))
	}
	return b.String()
}

// constantText prints a constant exactly, with its default type.
func constantText(c *types.Const) string {
	v := c.Val()
	switch v.Kind() {
	case constant.Float:
		num, den := constant.Num(v), constant.Denom(v)
		if num.Kind() == constant.Int && den.Kind() == constant.Int {
			return fmt.Sprintf("%s.0 / %s.0", num.ExactString(), den.ExactString())
		}
	case constant.Complex:
		return fmt.Sprintf("%s + %si", constant.Real(v), constant.Imag(v))
	case constant.Int:
		if b, ok := c.Type().(*types.Basic); ok && b.Kind() == types.UntypedRune {
			return fmt.Sprintf("'\\x00' + %s", v.ExactString())
		}
		if b, ok := c.Type().(*types.Basic); ok && b.Kind() == types.UntypedFloat {
			return v.ExactString() + ".0"
		}
	}
	return v.ExactString()
}
