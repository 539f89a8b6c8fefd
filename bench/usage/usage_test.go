package usage

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// A process is told apart from the one that started it, whatever that had, and its work shows.
func TestOf(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the system does not say")
	}
	const much = 64 << 20
	held := make([]byte, much)
	for i := range held {
		held[i] = 1
	}
	child := exec.Command("cat")
	in, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	defer in.Close()
	before, err := Of(os.Getpid())
	if err != nil || before.Memory < much {
		t.Errorf("this process used %+v, %v; it holds %d bytes", before, err, much)
	}
	if u, err := Of(child.Process.Pid); err != nil || u.Memory == 0 || u.Memory >= much {
		t.Errorf("cat used %+v, %v", u, err)
	}
	for began := time.Now(); time.Since(began) < 10*time.Second; {
		if u, err := Of(os.Getpid()); err != nil || u.Processor > before.Processor {
			if err != nil {
				t.Error(err)
			}
			runtime.KeepAlive(held)
			return
		}
	}
	t.Error("looking for ten seconds took no time of a processor")
}

func TestOfNobody(t *testing.T) {
	if _, err := Of(1 << 30); err == nil && runtime.GOOS == "linux" {
		t.Error("no process has that number")
	}
}
