package usage

import (
	"time"

	"github.com/prometheus/procfs"
)

// Of returns what a process has used. It is read from /proc: what getrusage says of memory is never less than what the process had that
// started this one.
func Of(pid int) (Usage, error) {
	p, err := procfs.NewProc(pid)
	if err != nil {
		return Usage{}, err
	}
	stat, err := p.Stat()
	if err != nil {
		return Usage{}, err
	}
	status, err := p.NewStatus()
	if err != nil {
		return Usage{}, err
	}
	return Usage{time.Duration(stat.CPUTime() * float64(time.Second)), int64(status.VmHWM)}, nil
}
