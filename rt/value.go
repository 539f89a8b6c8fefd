package rt

// Canonical keys of scalar values. A key is the concatenation of its parts;
// every part says by itself where it ends, so that two different lists of
// values never have the same key. Numbers have the width of their type,
// strings carry their length.

import (
	"encoding/binary"
	"math"
)

// KeyBool appends the key of v.
func KeyBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

// Key8 appends the key of an 8-bit number.
func Key8(b []byte, v uint8) []byte { return append(b, v) }

// Key16 appends the key of a 16-bit number.
func Key16(b []byte, v uint16) []byte { return binary.LittleEndian.AppendUint16(b, v) }

// Key32 appends the key of a 32-bit number.
func Key32(b []byte, v uint32) []byte { return binary.LittleEndian.AppendUint32(b, v) }

// Key64 appends the key of a 64-bit number, of int, uint and uintptr.
func Key64(b []byte, v uint64) []byte { return binary.LittleEndian.AppendUint64(b, v) }

// KeyFloat32 appends the key of v: its bits, so that NaN equals itself and -0 is not 0.
func KeyFloat32(b []byte, v float32) []byte { return Key32(b, math.Float32bits(v)) }

// KeyFloat64 appends the key of v: its bits, so that NaN equals itself and -0 is not 0.
func KeyFloat64(b []byte, v float64) []byte { return Key64(b, math.Float64bits(v)) }

// KeyComplex64 appends the key of v.
func KeyComplex64(b []byte, v complex64) []byte {
	return KeyFloat32(KeyFloat32(b, real(v)), imag(v))
}

// KeyComplex128 appends the key of v.
func KeyComplex128(b []byte, v complex128) []byte {
	return KeyFloat64(KeyFloat64(b, real(v)), imag(v))
}

// KeyString appends the key of v.
func KeyString(b []byte, v string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(v))), v...)
}

// KeyBytes appends the key of v; nil is not empty.
func KeyBytes(b []byte, v []byte) []byte {
	return append(KeyLen(b, len(v), v == nil), v...)
}

// KeyLen appends the length of a slice or map whose elements follow; nil is not empty.
func KeyLen(b []byte, n int, isNil bool) []byte {
	if isNil {
		return append(b, 0)
	}
	return binary.AppendUvarint(b, uint64(n)+1)
}
