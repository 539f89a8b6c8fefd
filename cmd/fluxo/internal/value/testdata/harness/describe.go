package harness

// What a value is, as text, and which memory it leads to.

import (
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"net/url"
	"reflect"
	"sort"
	"strings"
	"time"
)

// memory is what a reference leads to.
type memory struct {
	at, size uintptr
	typ      reflect.Type
	len      int
}

type describer struct {
	b     strings.Builder
	seen  map[memory]int
	order []memory
	ok    bool // there is a copy
	keyed bool // there is a key, too: no map has two keys that look alike
}

// describe returns a text that two values share if and only if they have the
// same content, and whether it can be copied and has a key.
func describe(v reflect.Value) (text string, ok, keyed bool) {
	d := &describer{seen: map[memory]int{}, ok: true, keyed: true}
	d.order = append(d.order, memory{at: v.UnsafeAddr(), size: v.Type().Size(), typ: v.Type()})
	d.seen[memory{}] = 0
	d.value(v)
	ok = d.ok && !overlapping(d.order)
	return d.b.String(), ok, ok && d.keyed
}

func overlapping(all []memory) bool {
	sort.Slice(all, func(i, j int) bool { return all[i].at < all[j].at })
	for i := range all {
		for j := range i {
			if all[j].size > 0 && all[i].size > 0 && all[j].at+all[j].size > all[i].at {
				return true
			}
		}
	}
	return false
}

func (d *describer) value(v reflect.Value) {
	if !v.CanAddr() {
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		v = c
	}
	if text, ok := describeKnown(v); ok {
		d.b.WriteString(text)
		return
	}
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		fmt.Fprintf(&d.b, "%x ", math.Float64bits(v.Float()))
	case reflect.Complex64, reflect.Complex128:
		fmt.Fprintf(&d.b, "%x+%x ", math.Float64bits(real(v.Complex())), math.Float64bits(imag(v.Complex())))
	case reflect.String:
		fmt.Fprintf(&d.b, "%q ", v.String())
	case reflect.Array:
		for i := range v.Len() {
			d.value(v.Index(i))
		}
	case reflect.Struct:
		d.b.WriteString("{")
		for i := range v.NumField() {
			if v.Type().Field(i).Name != "_" {
				d.value(settable(v.Field(i)))
			}
		}
		d.b.WriteString("}")
	case reflect.Interface:
		d.content(v)
	case reflect.Pointer, reflect.Slice, reflect.Map:
		d.reference(v)
	case reflect.Func, reflect.Chan:
		d.ok = false
	default:
		fmt.Fprintf(&d.b, "%v ", v.Interface())
	}
}

func (d *describer) content(v reflect.Value) {
	if v.IsNil() {
		d.b.WriteString("nil ")
		return
	}
	e := v.Elem()
	if _, isHidden := e.Interface().(hidden); isHidden || e.Kind() == reflect.Map && e.Type().Key().Kind() == reflect.Interface {
		d.ok = false
	}
	fmt.Fprintf(&d.b, "%s:", e.Type())
	d.value(e)
}

// where returns the memory that v leads to; false if v has none of its own.
func where(v reflect.Value) (memory, bool) {
	switch v.Kind() {
	case reflect.Pointer:
		return memory{v.Pointer(), v.Type().Elem().Size(), v.Type().Elem(), 1}, true
	case reflect.Slice:
		size := uintptr(v.Cap()) * v.Type().Elem().Size()
		return memory{v.Pointer(), size, reflect.SliceOf(v.Type().Elem()), v.Len()}, size > 0 && v.Len() > 0
	}
	return memory{v.Pointer(), 1, reflect.MapOf(v.Type().Key(), v.Type().Elem()), v.Len()}, true
}

func (d *describer) reference(v reflect.Value) {
	if v.IsNil() {
		d.b.WriteString("nil ")
		return
	}
	if m, own := where(v); own {
		if n, again := d.seen[m]; again {
			fmt.Fprintf(&d.b, "#%d ", n)
			return
		}
		d.seen[m] = len(d.seen)
		d.order = append(d.order, m)
	} else {
		d.order = append(d.order, m)
	}
	switch v.Kind() {
	case reflect.Pointer:
		d.b.WriteString("&")
		d.value(v.Elem())
	case reflect.Slice:
		fmt.Fprintf(&d.b, "[%d:", v.Len())
		for i := range v.Len() {
			d.value(v.Index(i))
		}
		d.b.WriteString("]")
	case reflect.Map:
		d.mapping(v)
	}
}

func (d *describer) mapping(v reflect.Value) {
	var keys []string
	values := map[string]reflect.Value{}
	for it := v.MapRange(); it.Next(); {
		k := &describer{seen: map[memory]int{}, ok: true}
		k.value(it.Key())
		text := k.b.String()
		if _, twice := values[text]; twice {
			d.keyed = false
		}
		keys = append(keys, text)
		values[text] = it.Value()
	}
	sort.Strings(keys)
	d.b.WriteString("map[")
	for _, k := range keys {
		d.b.WriteString(k + "=>")
		d.value(values[k])
	}
	d.b.WriteString("]")
}

func describeKnown(v reflect.Value) (string, bool) {
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		name, offset := p.Zone()
		return fmt.Sprintf("%d.%d %v %q %s%d ", p.Unix(), p.Nanosecond(), p.Location() == time.UTC, p.Location(), name, offset), true
	case *big.Int:
		return p.String() + " ", true
	case *big.Rat:
		return p.String() + " ", true
	case *big.Float:
		return fmt.Sprintf("%s %d ", p.Text('p', 0), p.Prec()), true
	case *netip.Addr:
		return p.String() + " ", true
	case *netip.AddrPort:
		return p.String() + " ", true
	case *netip.Prefix:
		return p.String() + " ", true
	case *url.Userinfo:
		pw, set := p.Password()
		return fmt.Sprintf("%q %q %v ", p.Username(), pw, set), true
	}
	return "", false
}

// shared names memory that both values lead to; "" if there is none.
func shared(a, b reflect.Value) string {
	for _, m := range reach(a) {
		for _, n := range reach(b) {
			if m.size > 0 && n.size > 0 && m.at < n.at+n.size && n.at < m.at+m.size {
				return m.typ.String()
			}
		}
	}
	return ""
}

func reach(v reflect.Value) []memory {
	d := &describer{seen: map[memory]int{}, ok: true}
	d.value(v)
	return d.order
}

// twins copies values by reflection, aliasing kept.
type twins struct{ of map[memory]reflect.Value }

func (t *twins) copy(v reflect.Value) reflect.Value {
	d := reflect.New(v.Type()).Elem()
	d.Set(v)
	if _, known := describeKnown(d); known {
		return d
	}
	switch v.Kind() {
	case reflect.Array:
		for i := range d.Len() {
			d.Index(i).Set(t.copy(d.Index(i)))
		}
	case reflect.Struct:
		for i := range d.NumField() {
			if f := settable(d.Field(i)); v.Type().Field(i).Name != "_" {
				f.Set(t.copy(f))
			}
		}
	case reflect.Interface:
		if !d.IsNil() {
			d.Set(t.copy(d.Elem()))
		}
	case reflect.Pointer, reflect.Slice, reflect.Map:
		t.reference(d)
	}
	return d
}

func (t *twins) reference(d reflect.Value) {
	if d.IsNil() {
		return
	}
	m, own := where(d)
	if old, again := t.of[m]; own && again {
		d.Set(old.Convert(d.Type()))
		return
	}
	n := reflect.New(d.Type()).Elem()
	switch d.Kind() {
	case reflect.Pointer:
		n.Set(reflect.New(d.Type().Elem()).Convert(d.Type()))
		n.Elem().Set(t.copy(d.Elem()))
	case reflect.Slice:
		n.Set(reflect.MakeSlice(d.Type(), d.Len(), d.Cap()))
		for i := range d.Len() {
			n.Index(i).Set(t.copy(d.Index(i)))
		}
	case reflect.Map:
		n.Set(reflect.MakeMap(d.Type()))
		for it := d.MapRange(); it.Next(); {
			n.SetMapIndex(t.copy(it.Key()), t.copy(it.Value()))
		}
	}
	if own {
		t.of[m] = n
	}
	d.Set(n)
}
