package rt

// Copies of values whose type is known at run time only.

import (
	"reflect"
	"strings"
	"unsafe"

	"fluxo.dev/fluxo/internal/codec"
)

// DeepAny deepens the content of an interface, or a value whose type is a type parameter.
func DeepAny[T any](c *Copier, v *T) {
	switch any(*v).(type) {
	case nil, int, float64, bool:
		return
	}
	c.deepen(reflect.ValueOf(v).Elem())
}

// DeepCodec deepens a value whose type has a fluxo.Codec.
func DeepCodec[T any](c *Copier, v *T) { c.recode(codec.Of(reflect.TypeFor[T]()), v) }

func (c *Copier) recode(by codec.Dynamic, pointer any) {
	if by == nil {
		c.Fail()
		return
	}
	n, err := by.CloneAt(pointer)
	if err != nil {
		c.Fail()
	}
	c.Size += n
}

// deepen deepens v, which can be set.
func (c *Copier) deepen(v reflect.Value) {
	if l, ok := leaves[v.Type()]; ok {
		if l.deep != nil {
			l.deep(c, v.Addr().UnsafePointer())
		}
		return
	}
	if by := codec.Of(v.Type()); by != nil {
		c.recode(by, v.Addr().Interface())
		return
	}
	switch v.Kind() {
	case reflect.String:
		if c.own {
			v.SetString(strings.Clone(v.String()))
		}
		c.Size += v.Len()
	case reflect.Array:
		for i := range v.Len() {
			c.deepen(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				c.Fail()
				return
			}
			c.deepen(v.Field(i))
		}
	case reflect.Pointer:
		c.pointer(v)
	case reflect.Slice:
		c.slice(v)
	case reflect.Map:
		c.mapping(v)
	case reflect.Interface:
		c.content(v)
	case reflect.Chan, reflect.Func, reflect.UnsafePointer:
		c.Fail()
	}
}

func (c *Copier) content(v reflect.Value) {
	if v.IsNil() {
		return
	}
	d := reflect.New(v.Elem().Type()).Elem()
	d.Set(v.Elem())
	c.Size += int(d.Type().Size())
	c.deepen(d)
	v.Set(d)
}

func (c *Copier) pointer(v reflect.Value) {
	if v.IsNil() {
		return
	}
	t := v.Type().Elem()
	i, first := c.reference(v.UnsafePointer(), t.Size(), 1, nilPointer(t))
	if !first {
		v.Set(reflect.NewAt(t, c.copied(i)).Convert(v.Type()))
		return
	}
	d := reflect.New(t)
	d.Elem().Set(v.Elem())
	v.Set(d.Convert(v.Type()))
	c.keep(i, d.UnsafePointer(), t.Size())
	c.deepen(d.Elem())
	c.Leave()
}

func (c *Copier) slice(v reflect.Value) {
	if v.IsNil() {
		return
	}
	elem := v.Type().Elem()
	size := uintptr(v.Cap()) * elem.Size()
	if v.Len() == 0 || size == 0 {
		c.spare(v.UnsafePointer(), size)
		v.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Cap()))
		return
	}
	i, first := c.reference(v.UnsafePointer(), size, v.Len(), nilPointer(reflect.SliceOf(elem)))
	if !first {
		if at := c.copied(i); at != nil {
			v.Set(reflect.NewAt(reflect.ArrayOf(v.Cap(), elem), at).Elem().Slice3(0, v.Len(), v.Cap()).Convert(v.Type()))
		}
		return
	}
	d := reflect.MakeSlice(v.Type(), v.Len(), v.Cap())
	reflect.Copy(d, v)
	v.Set(d)
	c.keep(i, d.UnsafePointer(), size)
	if elem.Kind() != reflect.Uint8 {
		for j := range d.Len() {
			c.deepen(d.Index(j))
		}
	}
	c.Leave()
}

func (c *Copier) mapping(v reflect.Value) {
	t := v.Type()
	if v.IsNil() {
		return
	}
	if !isPlainKey(t.Key()) {
		c.Fail()
		return
	}
	i, first := c.reference(v.UnsafePointer(), 1, v.Len(), nilPointer(reflect.MapOf(t.Key(), t.Elem())))
	if !first {
		if at := c.copied(i); at != nil {
			*(*unsafe.Pointer)(v.Addr().UnsafePointer()) = at
		}
		return
	}
	d := reflect.MakeMapWithSize(t, v.Len())
	c.keep(i, d.UnsafePointer(), mapHeader+uintptr(v.Len())*(t.Key().Size()+t.Elem().Size()+1))
	for it := v.MapRange(); it.Next(); {
		k, x := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
		k.Set(it.Key())
		x.Set(it.Value())
		c.deepen(k)
		c.deepen(x)
		d.SetMapIndex(k, x)
	}
	v.Set(d)
	c.Leave()
}
