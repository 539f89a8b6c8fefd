package value

// Types of the standard library that hide their fields and have functions in rt.

import "go/types"

// A shipped type has functions of package rt: key is func([]byte, *T) []byte,
// deep is func(*Copier, *T), "" where assignment copies.
type shipped struct{ key, deep string }

var shippedTypes = map[string]shipped{
	"time.Time":          {"KeyTime", "DeepTime"},
	"math/big.Int":       {"KeyInt", "DeepInt"},
	"math/big.Rat":       {"KeyRat", "DeepRat"},
	"math/big.Float":     {"KeyFloat", "DeepFloat"},
	"net/netip.Addr":     {"KeyAddr", ""},
	"net/netip.AddrPort": {"KeyAddrPort", ""},
	"net/netip.Prefix":   {"KeyPrefix", ""},
	"net/url.Userinfo":   {"KeyUserinfo", ""},
}

func shippedOf(t types.Type) (shipped, bool) {
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return shipped{}, false
	}
	s, ok := shippedTypes[n.Obj().Pkg().Path()+"."+n.Obj().Name()]
	return s, ok
}
