package sim

// Named data in a replay: the engine drops what a write makes stale, by keys whose parts are the hashes that were recorded.

import (
	"encoding/binary"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
)

// reading returns the Data of a node's code; nil if the node reads no named data.
func (fl *flow) reading(n *node) func(*engine.Frame, []engine.DataKey) []engine.DataKey {
	if !n.names(graph.Reads) {
		return nil
	}
	return func(f *engine.Frame, keys []engine.DataKey) []engine.DataKey {
		return append(keys, fl.keys(n, graph.Reads, f)...)
	}
}

// keys returns the named data that a node reads, or writes, in this run.
func (fl *flow) keys(n *node, class graph.Class, f *engine.Frame) []engine.DataKey {
	if !n.names(class) {
		return nil
	}
	return n.keys(class, fl.parts(n, f))
}

// keys returns the named data that n reads, or writes, by keys with these parts.
func (n *node) keys(class graph.Class, parts []uint64) (keys []engine.DataKey) {
	for _, e := range n.Effects {
		for _, d := range e.Data {
			key := engine.DataKey{Name: d.Name}
			for range d.Parts {
				hash := uint64(0)
				if len(parts) > 0 {
					hash, parts = parts[0], parts[1:]
				}
				key.Parts = append(key.Parts, part(hash))
			}
			if e.Class == class {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// part returns what stands for a part of a key with this hash.
func part(hash uint64) []byte {
	if hash == 0 {
		return nil // unknown
	}
	return binary.LittleEndian.AppendUint64(nil, hash)
}

// parts returns what was recorded of the keys of a node with its present inputs, in this run or in any; nil if nothing was: the
// keys stand for all data of their names.
func (fl *flow) parts(n *node, f *engine.Frame) []uint64 {
	ins := n.ins(f)
	if s := f.Vars.(*held).scene; s != nil {
		if own := &s.visits[n.local]; own.Visit != nil && own.ins == ins {
			return own.Parts
		}
	}
	return fl.usual.byInput[input{n.number, ins}].Parts
}

// names reports whether a node reads, or writes, named data.
func (n *node) names(class graph.Class) bool { return len(n.dataOf(class)) > 0 }

// dataOf lists the names of the data that a node reads, or writes.
func (n *node) dataOf(class graph.Class) (names []string) {
	for _, e := range n.Effects {
		for _, d := range e.Data {
			if e.Class == class {
				names = append(names, d.Name)
			}
		}
	}
	return names
}
