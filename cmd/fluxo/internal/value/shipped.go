package value

// Types of the standard library that hide their fields and have functions in rt.

import "go/types"

// A shipped type has functions of package rt: key is func([]byte, *T) []byte,
// deep is func(*Copier, *T), "" where assignment copies. memory tells whether
// it leads to memory that could be changed.
type shipped struct {
	key, deep string
	memory    bool
}

var shippedTypes = map[string]shipped{
	"time.Time":          {"KeyTime", "DeepTime", false}, // a copy loses the monotonic reading
	"math/big.Int":       {"KeyInt", "DeepInt", true},
	"math/big.Rat":       {"KeyRat", "DeepRat", true},
	"math/big.Float":     {"KeyFloat", "DeepFloat", true},
	"net/netip.Addr":     {"KeyAddr", "", false},
	"net/netip.AddrPort": {"KeyAddrPort", "", false},
	"net/netip.Prefix":   {"KeyPrefix", "", false},
	"net/url.Userinfo":   {"KeyUserinfo", "", false},
}

func shippedOf(t types.Type) (shipped, bool) {
	n, ok := t.(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return shipped{}, false
	}
	s, ok := shippedTypes[n.Obj().Pkg().Path()+"."+n.Obj().Name()]
	return s, ok
}
