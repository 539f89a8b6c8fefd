package rt

// Generic flows: each instance has a program of its own, which exists once the
// instance is first called. A plan names the generic flow, and counts for all its
// instances, those that come later included.

import (
	"reflect"
	"strings"
	"sync"

	"fluxo.dev/fluxo/internal/engine"
)

// Slots are the slots of a generic flow, one for each instance.
type Slots struct {
	byFrame sync.Map // reflect.Type → func() *Slot; bounded by the instances in the program
}

// RegisterGeneric makes a generic flow known to the process by its graph. Call it
// in an init function.
func RegisterGeneric(_ ABI, graph string) { engine.RegisterGeneric(graph) }

// Of returns the slot of the instance whose frame has the type of frame.
// program makes its program.
func (s *Slots) Of(_ ABI, frame any, program func() Program) *Slot {
	t := reflect.TypeOf(frame)
	made, ok := s.byFrame.Load(t)
	if !ok {
		made, _ = s.byFrame.LoadOrStore(t, sync.OnceValue(func() *Slot {
			slot := new(Slot)
			present.join(slot, program(), typeArguments(t))
			return slot
		}))
	}
	return made.(func() *Slot)()
}

// typeArguments returns the type arguments of an instance, as the type of its frame
// has them, in brackets.
func typeArguments(frame reflect.Type) string {
	name := frame.String()
	return strings.ReplaceAll(name[strings.IndexByte(name, '['):], `"`, "")
}
