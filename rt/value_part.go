package rt

// Parts of the keys of named data, as text, so that 7, int64(7) and "7" mean one row.

import "strconv"

// PartString returns the part of a string.
func PartString(s string) []byte { return KeyString(nil, s) }

// PartInt returns the part of an integer.
func PartInt(i int64) []byte { return PartString(strconv.FormatInt(i, 10)) }

// PartUint returns the part of an unsigned integer.
func PartUint(i uint64) []byte { return PartString(strconv.FormatUint(i, 10)) }
