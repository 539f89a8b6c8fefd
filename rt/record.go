package rt

// Recording: runs of flows that go as written are noted and written to a file.

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/profile"
)

// maxPending bounds the runs that wait to be written. Those that come while it is full
// are not recorded, and counted.
const maxPending = 1 << 12

// recorder is where noted runs go; nil while nobody records.
var recorder atomic.Pointer[chan *profile.Run]

var unrecorded atomic.Int64

func traced(r *profile.Run) {
	c := recorder.Load()
	if c == nil {
		return
	}
	select {
	case *c <- r:
	default:
		unrecorded.Add(1)
	}
}

// Record writes the requests of the process to a new file from now on, and does not end
// before the process does. The share is of all requests, from 0 to 1.
func Record(path, service string, share float64) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("record: %w", err)
	}
	t := &profile.Trace{Service: service, Began: time.Now(), Cores: runtime.GOMAXPROCS(0)}
	e := engine.Current()
	for _, name := range engine.FlowNames() {
		fl := engine.Lookup(name)
		src, err := fl.Source()
		if err != nil {
			return err
		}
		t.Flows = append(t.Flows, profile.Flow{Name: name, Graph: fl.Program.Graph})
		if present.planned[fl.Of] != nil {
			continue
		}
		own := withOwn(src.Graph, nil)
		p, err := e.Probe(src, own)
		if err != nil {
			return err
		}
		fl.Slot.Set(p)
	}
	w, err := profile.NewWriter(f, t)
	if err != nil {
		return err
	}
	c := make(chan *profile.Run, maxPending)
	recorder.Store(&c)
	began := e.Elapsed()
	e.SetTracing(share)
	go func() {
		for r := range c {
			r.At -= began
			if err := w.Add(r); err != nil {
				recorder.Store(nil)
				e.SetTracing(0)
				slog.Error("fluxo: recording ends", slog.String("file", path), slog.Any("error", err))
				return
			}
		}
	}()
	return nil
}
