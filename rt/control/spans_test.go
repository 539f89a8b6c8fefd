package control

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fluxo.dev/fluxo/internal/feed"
	"fluxo.dev/fluxo/internal/profile"
)

// collector takes spans, once may is closed, and says what came.
func collector(t *testing.T, may chan struct{}) (came chan string) {
	came = make(chan string, 10)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-may
		body, _ := io.ReadAll(r.Body)
		came <- string(body)
	}))
	t.Cleanup(s.Close)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", s.URL)
	return came
}

// What a process did last is sent before it ends, long before a batch would be due.
func TestLastSpansAreSent(t *testing.T) {
	may := make(chan struct{})
	close(may)
	came := collector(t, may)
	var f feed.Feed[*profile.Run]
	flush := startSpans(f.Listen)
	run := &profile.Run{Flow: "example.com/shop.Page", At: time.Second, Took: time.Second}
	run.SetLive(&profile.Live{})
	f.Add(run)
	flush()
	select {
	case text := <-came:
		if !strings.Contains(text, "example.com/shop.Page") {
			t.Errorf("the collector got %s", text)
		}
	default:
		t.Error("nothing was sent")
	}
}

// A collector that does not answer does not keep a process from ending.
func TestACollectorThatHangsIsNotWaitedFor(t *testing.T) {
	may := make(chan struct{})
	defer close(may)
	collector(t, may)
	var f feed.Feed[*profile.Run]
	flush := startSpans(f.Listen)
	run := &profile.Run{Flow: "example.com/shop.Page"}
	run.SetLive(&profile.Live{})
	f.Add(run)
	began := time.Now()
	flush()
	if took := time.Since(began); took > flushTime*2 {
		t.Errorf("it took %v", took)
	}
}

// Without a collector there is nothing to wait for.
func TestNoCollector(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
	startSpans(func(int) *feed.Listener[*profile.Run] { t.Error("somebody listens"); return nil })()
}
