package rt

// Keys and copies of types of the standard library that hide their fields.

import (
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"time"
	"unsafe"
)

// A leaf is a type that is compared and copied as a whole.
type leaf struct {
	key  func([]byte, unsafe.Pointer) []byte
	deep func(*Copier, unsafe.Pointer) // nil where assignment is deep enough
}

// leaves is for values whose type is known at run time only.
var leaves = map[reflect.Type]leaf{
	reflect.TypeFor[time.Time]():      leafOf(KeyTime, DeepTime),
	reflect.TypeFor[big.Int]():        leafOf(KeyInt, DeepInt),
	reflect.TypeFor[big.Rat]():        leafOf(KeyRat, DeepRat),
	reflect.TypeFor[big.Float]():      leafOf(KeyFloat, DeepFloat),
	reflect.TypeFor[netip.Addr]():     leafOf(KeyAddr, nil),
	reflect.TypeFor[netip.AddrPort](): leafOf(KeyAddrPort, nil),
	reflect.TypeFor[netip.Prefix]():   leafOf(KeyPrefix, nil),
	reflect.TypeFor[url.Userinfo]():   leafOf(KeyUserinfo, nil),
}

func leafOf[T any](key func([]byte, *T) []byte, deep func(*Copier, *T)) leaf {
	l := leaf{key: func(b []byte, p unsafe.Pointer) []byte { return key(b, (*T)(p)) }}
	if deep != nil {
		l.deep = func(c *Copier, p unsafe.Pointer) { deep(c, (*T)(p)) }
	}
	return l
}

// KeyTime appends the key of a time: its instant and its zone, without the monotonic reading.
func KeyTime(b []byte, t *time.Time) []byte {
	b = Key64(b, uint64(t.Unix()))
	b = Key32(b, uint32(t.Nanosecond()))
	if t.Location() == time.UTC {
		return append(b, 0)
	}
	name, offset := t.Zone()
	b = KeyString(append(b, 1), t.Location().String())
	return Key64(KeyString(b, name), uint64(offset))
}

// DeepTime strips the monotonic reading.
func DeepTime(_ *Copier, t *time.Time) { *t = t.Round(0) }

// KeyInt appends the key of an integer.
func KeyInt(b []byte, v *big.Int) []byte {
	return KeyBytes(append(b, byte(v.Sign()+1)), v.Bytes())
}

// DeepInt deepens an integer.
func DeepInt(c *Copier, v *big.Int) {
	c.Size += (v.BitLen() + 7) / 8
	var d big.Int
	d.Set(v)
	*v = d
}

// KeyRat appends the key of a quotient.
func KeyRat(b []byte, v *big.Rat) []byte {
	return KeyInt(KeyInt(b, v.Num()), v.Denom())
}

// DeepRat deepens a quotient.
func DeepRat(c *Copier, v *big.Rat) {
	c.Size += (v.Num().BitLen() + v.Denom().BitLen() + 14) / 8
	var d big.Rat
	d.Set(v)
	*v = d
}

// KeyFloat appends the key of a float: value, precision, rounding mode and accuracy.
func KeyFloat(b []byte, v *big.Float) []byte {
	b = Key32(b, uint32(v.Prec()))
	b = append(b, byte(v.Mode()), byte(v.Acc()+1))
	return KeyString(b, v.Text('p', 0))
}

// DeepFloat deepens a float.
func DeepFloat(c *Copier, v *big.Float) {
	c.Size += int(v.MinPrec()+7) / 8
	var d big.Float
	d.Copy(v)
	*v = d
}

// KeyAddr appends the key of an address.
func KeyAddr(b []byte, v *netip.Addr) []byte {
	switch {
	case !v.IsValid():
		return append(b, 0)
	case v.Is4():
		a := v.As4()
		return append(append(b, 4), a[:]...)
	}
	a := v.As16()
	return KeyString(append(append(b, 6), a[:]...), v.Zone())
}

// KeyAddrPort appends the key of an address with a port.
func KeyAddrPort(b []byte, v *netip.AddrPort) []byte {
	a := v.Addr()
	return Key16(KeyAddr(b, &a), v.Port())
}

// KeyPrefix appends the key of a network.
func KeyPrefix(b []byte, v *netip.Prefix) []byte {
	a := v.Addr()
	return Key16(KeyAddr(b, &a), uint16(v.Bits()))
}

// KeyUserinfo appends the key of a user in a URL.
func KeyUserinfo(b []byte, v *url.Userinfo) []byte {
	password, set := v.Password()
	return KeyBool(KeyString(KeyString(b, v.Username()), password), set)
}
