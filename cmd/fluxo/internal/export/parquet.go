package export

// Tables for DuckDB, pandas and the like, in Parquet: a row for each visit of a node in a trace.

import (
	"fmt"
	"io"
	"time"

	"github.com/parquet-go/parquet-go"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

// A visit is one row.
type visit struct {
	Request int64     `parquet:"request"` // number in the trace
	Arrived time.Time `parquet:"arrived,timestamp(nanosecond)"`
	Flow    string    `parquet:"flow,dict"`
	Depth   int32     `parquet:"depth"` // 0 of the request itself, 1 of a flow that it calls
	Node    string    `parquet:"node,dict"`
	Kind    string    `parquet:"kind,dict"`
	Callee  string    `parquet:"callee,dict"`
	Nanos   int64     `parquet:"nanos"`      // that it took
	Error   string    `parquet:"error,dict"` // its kind; "" for none
	Raised  bool      `parquet:"raised"`     // it ended by a panic
	Params  int64     `parquet:"params"`     // hash of the flow's parameters
	Bytes   int64     `parquet:"bytes"`      // of what it set
	Parts   []int64   `parquet:"parts,list"` // hashes of the parts of the keys of the named data that it read and wrote; 0 of one that nobody knows
}

// rowsAtOnce bounds the rows in memory.
const rowsAtOnce = 1 << 12

// Parquet writes the runs of src.
func Parquet(w io.Writer, src profile.Source) error {
	head := src.Head()
	t := &table{out: parquet.NewGenericWriter[visit](w, parquet.Compression(&parquet.Zstd)), began: head.Began, nodes: map[graph.FlowName][]*graph.Node{}}
	for _, f := range head.Flows {
		g, err := graph.Parse(f.Graph)
		if err != nil {
			return fmt.Errorf("the graph of %s: %w", f.Name, err)
		}
		for at := range g.Places() {
			t.nodes[f.Name] = append(t.nodes[f.Name], at.Node)
		}
	}
	n := int64(0)
	for r, err := range src.Each() {
		if err == nil {
			err = t.run(n, r, r.At, 0)
		}
		if err != nil {
			return err
		}
		n++
	}
	if err := t.flush(); err != nil {
		return err
	}
	return t.out.Close()
}

type table struct {
	out   *parquet.GenericWriter[visit]
	began time.Time
	nodes map[graph.FlowName][]*graph.Node
	rows  []visit
}

func (t *table) flush() error {
	_, err := t.out.Write(t.rows)
	t.rows = t.rows[:0]
	return err
}

// run adds the visits of a run, and those of the runs that it called behind the visit that did.
func (t *table) run(request int64, r *profile.Run, at time.Duration, depth int32) error {
	nodes, params := t.nodes[r.Flow], uint64(1)
	for _, v := range r.Params {
		params = profile.Mix(params, v.Hash)
	}
	for i := range r.Visits {
		v := &r.Visits[i]
		if v.Node < 0 || int(v.Node) >= len(nodes) {
			return fmt.Errorf("a run of %s came by node %d of %d: the trace is not whole", r.Flow, v.Node, len(nodes))
		}
		n, bytes := nodes[v.Node], int64(0)
		for _, s := range v.Sets {
			bytes += int64(s.Size)
		}
		var parts []int64
		for _, p := range v.Parts {
			parts = append(parts, int64(p))
		}
		t.rows = append(t.rows, visit{
			Request: request, Arrived: t.began.Add(at), Flow: string(r.Flow), Depth: depth, Node: string(n.ID), Kind: n.Kind.String(), Callee: n.Callee,
			Nanos: int64(v.Took), Error: v.Kind, Raised: v.Exit == profile.Raised, Params: int64(params), Bytes: bytes, Parts: parts,
		})
		if len(t.rows) >= rowsAtOnce {
			if err := t.flush(); err != nil {
				return err
			}
		}
		if v.Run != nil {
			if err := t.run(request, v.Run, at, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
