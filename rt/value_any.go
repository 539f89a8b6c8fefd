package rt

// Keys and copies of values whose type is known at run time only: the content
// of an interface. Plain data has both; a handle, and a struct with fields that
// other packages may not see and no fluxo.Codec, has neither.

import (
	"encoding/binary"
	"reflect"
	"strings"
	"sync"

	"fluxo.dev/fluxo/internal/codec"
)

// Tags of the commonest dynamic types; all others stand behind tagNew by name.
const (
	tagString byte = iota + 2
	tagInt
	tagFloat64
	tagBool
)

// Any appends the key of x, its dynamic type included.
func (k *Keyer) Any(x any) {
	switch x := x.(type) {
	case nil:
		k.B = append(k.B, tagNil)
	case string:
		k.B = KeyString(append(k.B, tagString), x)
	case int:
		k.B = Key64(append(k.B, tagInt), uint64(x))
	case float64:
		k.B = KeyFloat64(append(k.B, tagFloat64), x)
	case bool:
		k.B = KeyBool(append(k.B, tagBool), x)
	default:
		v := reflect.New(reflect.TypeOf(x)).Elem()
		v.Set(reflect.ValueOf(x))
		k.B = KeyString(append(k.B, tagNew), nameOf(v.Type()))
		k.value(v)
	}
}

// KeyParam appends the key of a value whose type is a type parameter.
func KeyParam[T any](k *Keyer, v *T) { k.Any(*v) }

// KeyCodec appends the key of a value whose type has a fluxo.Codec.
func KeyCodec[T any](k *Keyer, v *T) { k.coded(codec.Of(reflect.TypeFor[T]()), v) }

func (k *Keyer) coded(c codec.Dynamic, pointer any) {
	if c == nil {
		k.Fail()
		return
	}
	encoded, err := c.EncodeAt(pointer)
	if err != nil {
		k.Fail()
		return
	}
	k.B = KeyBytes(k.B, encoded)
}

// value appends the key of v, which can be addressed.
func (k *Keyer) value(v reflect.Value) {
	if l, ok := leaves[v.Type()]; ok {
		k.B = l.key(k.B, v.Addr().UnsafePointer())
		return
	}
	if c := codec.Of(v.Type()); c != nil {
		k.coded(c, v.Addr().Interface())
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		k.B = KeyBool(k.B, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		k.B = Key64(k.B, uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		k.B = Key64(k.B, v.Uint())
	case reflect.Float32, reflect.Float64:
		k.B = KeyFloat64(k.B, v.Float())
	case reflect.Complex64, reflect.Complex128:
		k.B = KeyComplex128(k.B, v.Complex())
	case reflect.String:
		k.B = KeyString(k.B, v.String())
	case reflect.Array:
		for i := range v.Len() {
			k.value(v.Index(i))
		}
	case reflect.Struct:
		k.fields(v)
	case reflect.Pointer:
		k.pointer(v)
	case reflect.Slice:
		k.slice(v)
	case reflect.Map:
		k.mapping(v)
	case reflect.Interface:
		k.Any(v.Interface())
	default:
		k.Fail()
	}
}

func (k *Keyer) fields(v reflect.Value) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); !f.IsExported() {
			k.Fail()
			return
		}
		k.value(v.Field(i))
	}
}

func (k *Keyer) pointer(v reflect.Value) {
	if v.IsNil() {
		k.B = append(k.B, tagNil)
		return
	}
	if k.reference(v.UnsafePointer(), v.Type().Elem().Size(), 1, nilPointer(v.Type().Elem())) {
		k.value(v.Elem())
		k.Leave()
	}
}

func (k *Keyer) slice(v reflect.Value) {
	if v.IsNil() {
		k.B = append(k.B, tagNil)
		return
	}
	elem := v.Type().Elem()
	size := uintptr(v.Cap()) * elem.Size()
	if v.Len() == 0 || size == 0 {
		k.alias.behind(v.UnsafePointer(), size)
		k.B = binary.AppendUvarint(append(k.B, tagNew), uint64(v.Len()))
		return
	}
	if !k.reference(v.UnsafePointer(), size, v.Len(), nilPointer(reflect.SliceOf(elem))) {
		return
	}
	k.B = binary.AppendUvarint(k.B, uint64(v.Len()))
	if elem.Kind() == reflect.Uint8 {
		k.B = append(k.B, v.Bytes()...)
	} else {
		for i := range v.Len() {
			k.value(v.Index(i))
		}
	}
	k.Leave()
}

func (k *Keyer) mapping(v reflect.Value) {
	t := v.Type()
	if !isPlainKey(t.Key()) {
		k.Fail()
		return
	}
	// Keys without references need no Keyer of their own; values are visited
	// in the order of the keys, so that references count alike every time.
	m := make(map[any]reflect.Value, v.Len())
	for it := v.MapRange(); it.Next(); {
		m[it.Key().Interface()] = it.Value()
	}
	if v.IsNil() {
		k.B = append(k.B, tagNil)
		return
	}
	if !k.reference(v.UnsafePointer(), 1, v.Len(), nilPointer(reflect.MapOf(t.Key(), t.Elem()))) {
		return
	}
	k.B = binary.AppendUvarint(k.B, uint64(v.Len()))
	var last []byte
	for i, e := range sortedEntries(m, keyOfPlain) {
		if i > 0 && string(last) == string(e.key) {
			k.Fail()
			break
		}
		last = e.key
		k.B = append(k.B, e.key...)
		x := reflect.New(t.Elem()).Elem()
		x.Set(e.value)
		k.value(x)
	}
	k.alias.leave()
}

// isPlainKey reports whether values of t, the key of a map, hold no references.
func isPlainKey(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Chan, reflect.UnsafePointer:
		return false
	case reflect.Array:
		return isPlainKey(t.Elem())
	case reflect.Struct:
		if _, shipped := leaves[t]; shipped {
			return true
		}
		for i := range t.NumField() {
			if f := t.Field(i); !f.IsExported() || !isPlainKey(f.Type) {
				return false
			}
		}
	}
	return true
}

func keyOfPlain(b []byte, x *any) []byte {
	k := Keyer{B: b}
	v := reflect.New(reflect.TypeOf(*x)).Elem()
	v.Set(reflect.ValueOf(*x))
	k.value(v)
	return k.B
}

// nilPointer returns a nil *T as emitted code would write it.
func nilPointer(t reflect.Type) any { return reflect.Zero(reflect.PointerTo(t)).Interface() }

// typeNames gives every type a name of its own. Types declared inside functions
// may print alike; a number tells them apart. Bounded by the program's types.
var typeNames struct {
	sync.RWMutex
	of   map[reflect.Type]string
	used map[string]int
}

func nameOf(t reflect.Type) string {
	typeNames.RLock()
	name, ok := typeNames.of[t]
	typeNames.RUnlock()
	if ok {
		return name
	}
	typeNames.Lock()
	defer typeNames.Unlock()
	if name, ok := typeNames.of[t]; ok {
		return name
	}
	if typeNames.of == nil {
		typeNames.of, typeNames.used = map[reflect.Type]string{}, map[string]int{}
	}
	name = t.String()
	if t.PkgPath() != "" {
		name = t.PkgPath() + "." + t.Name()
	}
	typeNames.used[name]++
	if n := typeNames.used[name]; n > 1 {
		name += "#" + strings.Repeat("'", n-1)
	}
	typeNames.of[t] = name
	return name
}
