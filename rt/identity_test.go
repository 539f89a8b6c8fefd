package rt

import (
	"bytes"
	"runtime"
	"testing"
)

type client struct{ name *string }

func (*client) Do() {}

var global client

func TestIdentity(t *testing.T) {
	key := func(v any) string {
		b, ok := KeyIdentity(nil, v)
		if !ok {
			t.Fatalf("%T has no identity", v)
		}
		return string(b)
	}
	a, b := &client{}, &client{}
	type doer interface{ Do() }
	again, globalAgain := a, &global
	if key(a) != key(again) || key(a) != key(doer(a)) || key(&global) != key(globalAgain) {
		t.Error("one object has two numbers")
	}
	if key(a) == key(b) || key((*client)(nil)) == key(a) || key(&global) == key(a) {
		t.Error("two objects have one number")
	}
	typed, _ := KeyIdentity(nil, a)
	if !bytes.Equal(typed, []byte(key(a))) {
		t.Error("the static type of a pointer matters")
	}
	if _, ok := KeyIdentity(nil, client{}); ok {
		t.Error("a value has an identity")
	}
	runtime.KeepAlive(a)
	runtime.KeepAlive(b)
}

func TestNumberOfDeadObjectIsForgotten(t *testing.T) {
	before := len(identities.numbers)
	func() {
		name := "x"
		KeyIdentity(nil, &client{&name})
	}()
	for range 1000 {
		runtime.GC()
		identities.Lock()
		n := len(identities.numbers)
		identities.Unlock()
		if n <= before {
			return
		}
		runtime.Gosched()
	}
	t.Error("the number of a dead object is kept")
}
