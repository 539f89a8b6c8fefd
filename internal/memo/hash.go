package memo

// The hash of keys: one folded 128-bit multiplication for every 16 bytes.

import (
	"encoding/binary"
	"math/bits"
)

// Odd constants without structure: the fractional parts of the square roots of
// 2, 3 and 5.
const (
	mixA = 0x6a09e667f3bcc909
	mixB = 0xbb67ae8584caa73b
	mixC = 0x3c6ef372fe94f82b
)

// fold multiplies and folds the product, so that every bit of the result
// depends on every bit of both.
func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// Hash returns a hash of key under seed. It is the same in every process: the
// choice of a shard must be, and keys made to collide meet maxChain instead.
func Hash(key []byte, seed uint64) uint64 {
	n := uint64(len(key))
	h := seed ^ mixA
	for len(key) > 16 {
		h = fold(binary.LittleEndian.Uint64(key)^mixB, binary.LittleEndian.Uint64(key[8:])^h)
		key = key[16:]
	}
	var a, b uint64
	switch {
	case len(key) >= 8:
		a = binary.LittleEndian.Uint64(key)
		b = binary.LittleEndian.Uint64(key[len(key)-8:])
	case len(key) >= 4:
		a = uint64(binary.LittleEndian.Uint32(key))
		b = uint64(binary.LittleEndian.Uint32(key[len(key)-4:]))
	case len(key) > 0:
		a = uint64(key[0])<<16 | uint64(key[len(key)/2])<<8 | uint64(key[len(key)-1])
	}
	return fold(mixC^n, fold(a^mixB, b^h))
}
