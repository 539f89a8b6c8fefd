package rt_test

// A plan that cannot be compiled changes nothing, what is kept included.

import (
	"context"
	"strings"
	"testing"

	"fluxo.dev/fluxo/rt"
)

func init() {
	var slot rt.Slot
	rt.Register(rt.ABI1, &slot, rt.Program{ // its graph promises a key that the code does not have
		Graph: `flow example.com/weather.Keyless
param zip data string key copy
result out.0 data string key copy
body {
	step Locate example.com/weather.Locate (zip) -> (out.0) {volatile 24h} ` + "`Locate(zip)`" + `
}
`,
		Frames: []rt.FrameCode{rt.FrameOf[fluxoFrame_Weather]()},
		Vars:   make([]rt.Var, 2),
		Nodes:  make([]rt.Code, 1),
	})
}

func TestPlanThatDoesNotCompileLeavesTheStore(t *testing.T) {
	under(t, everything)
	Weather(context.Background(), "33101")
	before := locates.Load()
	other := strings.Replace(everything, "8MiB", "9MiB", 1) + "flow example.com/weather.Keyless (\n\tstore Locate\n)\n"
	if _, err := rt.Apply("fluxo.plan", []byte(other), rt.Strict); err == nil || !strings.Contains(err.Error(), "zip") {
		t.Fatalf("the plan was applied: %v", err)
	}
	under(t, everything)
	Weather(context.Background(), "33101")
	if n := locates.Load() - before; n != 0 {
		t.Errorf("Locate was called %d times again: the store was emptied by a plan that was not applied", n)
	}
}
