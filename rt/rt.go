// Package rt is the little that emitted code calls: registration of flows,
// words that act, canonical keys and copies of values. It also holds what a program
// may do with the plan it runs under: Apply, Switch, Current.
//
// The types are the engine's; internal/engine/code.go documents them.
package rt

import "fluxo.dev/fluxo/internal/engine"

type (
	Slot      = engine.Slot
	Program   = engine.Program
	FrameCode = engine.FrameCode
	Code      = engine.Code
	Var       = engine.Var
	Thread    = engine.Thread
	Frame     = engine.Frame
	Exit      = engine.Exit
	DataKey   = engine.DataKey
	Acts      = engine.Acts
)

const (
	Next   = engine.Next
	Return = engine.Return
)

// BreakOut leaves the loop that is n loops out.
func BreakOut(n int) Exit { return engine.BreakOut(n) }

// ContinueOut goes on with the next iteration of the loop that is n loops out.
func ContinueOut(n int) Exit { return engine.ContinueOut(n) }

// FrameOf returns the FrameCode of a scope whose variables emitted code keeps in a *T.
func FrameOf[T any]() FrameCode { return engine.FrameOf[T]() }

// An ABI is the form of emitted code. Emitted code names the constant it was
// written for, so that code which an older or newer fluxo emitted does not
// compile, and the compiler says why: "undefined: rt.ABI1".
type ABI int

// ABI1 is the present form.
const ABI1 ABI = 1

// Register makes a flow known to the process. Call it in an init function.
func Register(_ ABI, slot *Slot, p Program) { engine.Register(slot, p) }

// Holds tells the engine whether the condition of a guard holds that answers for itself: as
// an error, on which what the guard does is a failure edge like any other.
func Holds(condition bool) error {
	if condition {
		return holds{}
	}
	return nil
}

type holds struct{}

func (holds) Error() string { return "bug: the condition of a guard, taken for an error" }

// Observer says that the value under a context key cannot influence results:
// //fluxo:observer. Call it in an init function.
func Observer(key any) { engine.Current().Observe(key) }

// Sole says that this process is the only writer of named data: //fluxo:sole.
// Call it in an init function of the main package, before Embed.
func Sole(name string) { sole.add(name) }
