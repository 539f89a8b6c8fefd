package harness

// Random values, with shared and overlapping parts.

import (
	"math"
	"math/big"
	"math/rand"
	"net/netip"
	"net/url"
	"reflect"
	"time"
	"unsafe"
)

// A maker fills values; pool keeps what it made, to use again.
type maker struct {
	rand *rand.Rand
	pool map[reflect.Type][]reflect.Value
}

var (
	strings_ = []string{"", "a", "ab", "\x00", "b\x01"}
	floats   = []float64{0, math.Copysign(0, -1), math.NaN(), 1.5, math.Inf(1)}
	zones    = []*time.Location{time.UTC, time.Local, time.FixedZone("UTC", 0), time.FixedZone("X", 3600)}
)

// settable lifts the ban on unexported fields.
func settable(v reflect.Value) reflect.Value {
	return reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
}

func (m *maker) fill(v reflect.Value, depth int) {
	r := m.rand
	if m.fillKnown(v) {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.Intn(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(r.Intn(4) - 1))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		v.SetUint(uint64(r.Intn(3)))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(floats[r.Intn(len(floats))])
	case reflect.Complex64, reflect.Complex128:
		v.SetComplex(complex(floats[r.Intn(len(floats))], floats[r.Intn(len(floats))]))
	case reflect.String:
		v.SetString(strings_[r.Intn(len(strings_))])
	case reflect.Array:
		for i := range v.Len() {
			m.fill(v.Index(i), depth)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "_" {
				m.fill(settable(v.Field(i)), depth)
			}
		}
	case reflect.Interface:
		m.fillAny(v, depth)
	default:
		m.fillReference(v, depth)
	}
}

func (m *maker) fillKnown(v reflect.Value) bool {
	r := m.rand
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		*p = time.Unix(int64(r.Intn(2)), int64(r.Intn(2))).In(zones[r.Intn(len(zones))])
		if r.Intn(4) == 0 {
			*p = time.Now().Add(time.Hour) // with a monotonic reading
		}
	case *big.Int:
		p.SetInt64(int64(r.Intn(3) - 1))
	case *big.Rat:
		p.SetFrac64(int64(r.Intn(3)-1), int64(r.Intn(2)+1))
	case *big.Float:
		p.SetPrec(uint(r.Intn(2)*10 + 53)).SetFloat64(float64(r.Intn(3)) / 4)
	case *netip.Addr:
		*p = []netip.Addr{{}, netip.MustParseAddr("1.2.3.4"), netip.MustParseAddr("::ffff:1.2.3.4"), netip.MustParseAddr("fe80::1%eth0"), netip.MustParseAddr("fe80::1")}[r.Intn(5)]
	case *netip.AddrPort:
		*p = netip.AddrPortFrom(netip.MustParseAddr("1.2.3.4"), uint16(r.Intn(2)))
	case *netip.Prefix:
		*p = netip.PrefixFrom(netip.MustParseAddr("1.2.3.4"), r.Intn(2)+8)
	case *url.Userinfo:
		*p = *[]*url.Userinfo{url.User("a"), url.UserPassword("a", ""), url.UserPassword("a", "b")}[r.Intn(3)]
	default:
		return false
	}
	return true
}

func (m *maker) fillAny(v reflect.Value, depth int) {
	r := m.rand
	choices := []any{nil, 1, "a", 1.5, true, int8(1), time.Unix(1, 0), []byte("x"), Open{A: 1, B: []string{"x"}}, &Open{A: 2}}
	if v.NumMethod() > 0 {
		choices = []any{nil}
	} else if depth < 3 {
		var inner any
		m.fillAny(reflect.ValueOf(&inner).Elem(), depth+1)
		choices = append(choices, []any{inner, inner}, map[string]any{"k": inner, "l": 1}, map[int]*Open{1: {A: 1}, 2: nil}, [2]any{inner, nil})
		if r.Intn(20) == 0 {
			choices = append(choices, func() {}, hidden{1}, map[any]int{1: 1})
		}
	}
	if c := choices[r.Intn(len(choices))]; c != nil {
		v.Set(reflect.ValueOf(c))
	}
}

// Open is data that an any may hold; hidden is not.
type Open struct {
	A int
	B []string
}

type hidden struct{ n int }

func (m *maker) fillReference(v reflect.Value, depth int) {
	r := m.rand
	t := v.Type()
	if old := m.pool[t]; len(old) > 0 && r.Intn(4) == 0 {
		v.Set(old[r.Intn(len(old))])
		if v.Kind() == reflect.Slice && v.Len() > 1 && r.Intn(4) == 0 {
			v.Set(v.Slice(1, v.Len()))
		}
		return
	}
	if r.Intn(4) == 0 || depth > 4 {
		return // nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		p := reflect.New(t.Elem())
		m.fill(p.Elem(), depth+1)
		v.Set(p.Convert(t))
	case reflect.Slice:
		n := r.Intn(3)
		s := reflect.MakeSlice(t, n, n+r.Intn(2))
		for i := range n {
			m.fill(s.Index(i), depth+1)
		}
		v.Set(s)
	case reflect.Map:
		mm := reflect.MakeMap(t)
		for range r.Intn(3) {
			k, x := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
			m.fill(k, depth+1)
			m.fill(x, depth+1)
			mm.SetMapIndex(k, x)
		}
		v.Set(mm)
	}
	if m.pool == nil {
		m.pool = map[reflect.Type][]reflect.Value{}
	}
	kept := reflect.New(t).Elem()
	kept.Set(v)
	m.pool[t] = append(m.pool[t], kept)
}

// nudge fills one part of v anew.
func (m *maker) nudge(v reflect.Value) {
	switch {
	case m.rand.Intn(3) == 0:
	case v.Kind() == reflect.Struct && v.NumField() > 0 && !m.fillKnown(reflect.New(v.Type()).Elem()):
		if i := m.rand.Intn(v.NumField()); v.Type().Field(i).Name != "_" {
			m.nudge(settable(v.Field(i)))
			return
		}
	case v.Kind() == reflect.Slice && v.Len() > 0:
		m.nudge(v.Index(m.rand.Intn(v.Len())))
		return
	case v.Kind() == reflect.Pointer && !v.IsNil():
		m.nudge(v.Elem())
		return
	}
	m.fill(v, 2)
}
