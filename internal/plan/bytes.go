package plan

// Amounts of memory, as a plan writes them.

import (
	"math"
	"strconv"
	"strings"
)

// Bytes is an amount of memory.
type Bytes int64

// The units of a plan.
const (
	KiB Bytes = 1 << 10
	MiB Bytes = 1 << 20
	GiB Bytes = 1 << 30
)

var units = []struct {
	name string
	size Bytes
}{{"GiB", GiB}, {"MiB", MiB}, {"KiB", KiB}}

// String writes b in the largest unit that divides it.
func (b Bytes) String() string {
	for _, u := range units {
		if b != 0 && b%u.size == 0 {
			return strconv.FormatInt(int64(b/u.size), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(b), 10) + "B"
}

// ParseBytes reads a whole, positive number of KiB, MiB or GiB.
func ParseBytes(s string) (Bytes, bool) {
	for _, u := range units {
		digits, ok := strings.CutSuffix(s, u.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 63)
		if err != nil || n == 0 || digits[0] == '+' || n > uint64(math.MaxInt64/u.size) {
			return 0, false
		}
		return Bytes(n) * u.size, true
	}
	return 0, false
}
