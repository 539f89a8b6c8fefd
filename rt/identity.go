package rt

// Identity: a number for an object that outlives requests and has no content
// to compare by, a client or a service that is a flow's receiver.

import (
	"encoding/binary"
	"reflect"
	"runtime"
	"sync"
	"weak"
)

// identities numbers the objects met so far. A number is never given twice, so
// that what was kept for an object is never found again once the object is gone.
var identities = struct {
	sync.Mutex
	numbers map[weak.Pointer[byte]]uint64 // bounded by the objects alive
	last    uint64
}{numbers: map[weak.Pointer[byte]]uint64{}}

// KeyIdentity appends the number of the object that v points to; false if v is
// no pointer and holds none. nil has a number of its own.
func KeyIdentity[T any](b []byte, v T) ([]byte, bool) {
	p := reflect.ValueOf(&v).Elem()
	for p.Kind() == reflect.Interface && !p.IsNil() {
		p = p.Elem()
	}
	switch p.Kind() {
	case reflect.Pointer:
	case reflect.Interface:
		return binary.LittleEndian.AppendUint64(b, 0), true
	default:
		return b, false
	}
	if p.IsNil() {
		return binary.LittleEndian.AppendUint64(b, 0), true
	}
	return binary.LittleEndian.AppendUint64(b, identity((*byte)(p.UnsafePointer()))), true
}

func identity(p *byte) uint64 {
	key := weak.Make(p)
	identities.Lock()
	defer identities.Unlock()
	n, ok := identities.numbers[key]
	if !ok {
		identities.last++
		n = identities.last
		identities.numbers[key] = n
		runtime.AddCleanup(p, forgetIdentity, key)
	}
	return n
}

func forgetIdentity(key weak.Pointer[byte]) {
	identities.Lock()
	defer identities.Unlock()
	delete(identities.numbers, key)
}
