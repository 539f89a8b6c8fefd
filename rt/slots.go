package rt

// Generic flows: each instance has a program of its own, which exists once the
// instance is first called.

import (
	"reflect"
	"strings"
	"sync"
)

// Slots are the slots of a generic flow, one for each instance.
type Slots struct {
	byFrame sync.Map // reflect.Type → func() *Slot; bounded by the instances in the program
}

// Of returns the slot of the instance whose frame has the type of frame.
// program makes its program.
func (s *Slots) Of(abi ABI, frame any, program func() Program) *Slot {
	t := reflect.TypeOf(frame)
	made, ok := s.byFrame.Load(t)
	if !ok {
		made, _ = s.byFrame.LoadOrStore(t, sync.OnceValue(func() *Slot {
			slot, p := new(Slot), program()
			p.Graph = named(p.Graph, t.String())
			Register(abi, slot, p)
			return slot
		}))
	}
	return made.(func() *Slot)()
}

// named appends the type arguments of an instance to the name of the flow in a
// graph's text.
func named(graph, frame string) string {
	head, rest, _ := strings.Cut(graph, "\n")
	args := frame[strings.IndexByte(frame, '['):]
	head = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(head, "flow "), `"`), `"`)
	return `flow "` + head + strings.ReplaceAll(args, `"`, "") + "\"\n" + rest
}
