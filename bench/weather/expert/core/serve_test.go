package core

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec
}

// Every request is logged as a line of JSON, with why it failed; clients are not told.
func TestLog(t *testing.T) {
	w, f := newFake(t, nil)
	var out bytes.Buffer
	log := NewLog(&out)
	h := NewHandler(w, log)
	get(h, "/weather/60601")
	hit := get(h, "/weather/60601")
	f.fail = "/zip"
	failed := get(h, "/weather/60602")
	get(h, "/nothing")
	log.Flush()
	type line struct {
		Level, Msg, Method, Route, Path, Kind, Error, Request string
		Status, Bytes                                         int
		MS                                                    *float64
	}
	var lines []line
	for text := range strings.Lines(out.String()) {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil || l.Msg != "request" || l.Method != "GET" || l.MS == nil {
			t.Fatalf("%s: %v", text, err)
		}
		lines = append(lines, l)
	}
	if len(lines) != 4 {
		t.Fatalf("%d lines of 4 requests", len(lines))
	}
	if l := lines[1]; l.Level != "INFO" || l.Route != "/weather/{zip}" || l.Status != 200 || l.Bytes != hit.Body.Len() {
		t.Errorf("of a hit: %+v", l)
	}
	if l := lines[2]; l.Level != "ERROR" || l.Status != 503 || l.Kind != "Unavailable" || l.Error != "out of order" || !strings.Contains(failed.Body.String(), l.Request) {
		t.Errorf("of a failure: %+v", l)
	}
	if l := lines[3]; l.Path != "/nothing" || l.Status != 404 {
		t.Errorf("of nothing: %+v", l)
	}
	if strings.Contains(failed.Body.String(), "out of order") || failed.Header().Get("Retry-After") != "1" {
		t.Errorf("the client is told %s", failed.Body)
	}
}

// Lines are those of slog's own handler, whatever is in them.
func TestLines(t *testing.T) {
	var fast, slow bytes.Buffer
	l := newLines(&fast)
	for _, h := range []slog.Handler{l, slog.NewJSONHandler(&slow, nil)} {
		to := slog.New(h)
		to.Info("plain", "text", "a<b&\"c\" \\ \n \u2028 \xff é", "n", -7, "x", 1.125)
		to.Error("other", "took", time.Second, "ok", true, "at", slog.GroupValue(slog.Int("y", 1)))
		to.With("a", 1).WithGroup("g").Warn("grouped", "b", 2)
		to.Debug("nothing")
	}
	l.flush()
	a, b := strings.Split(fast.String(), "\n"), strings.Split(slow.String(), "\n")
	if len(a) != 4 || len(a) != len(b) {
		t.Fatalf("%q and %q", a, b)
	}
	for i := range a[:3] {
		var x, y map[string]any
		if err := errors.Join(json.Unmarshal([]byte(a[i]), &x), json.Unmarshal([]byte(b[i]), &y)); err != nil {
			t.Fatalf("%s: %v", a[i], err)
		}
		delete(x, "time")
		delete(y, "time")
		if !reflect.DeepEqual(x, y) {
			t.Errorf("%s\n%s", a[i], b[i])
		}
	}
}

// More requests at a time than there may be are turned away at once, and those that go on have a deadline.
func TestManyRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, f := newFake(t, nil)
		f.takes = func(path string, n int) time.Duration { return time.Second }
		h := NewHandler(w, NewLog(&bytes.Buffer{}))
		var wg sync.WaitGroup
		ok := make(chan int, maxBusy)
		for range maxBusy {
			wg.Go(func() { ok <- get(h, "/weather/60601").Code })
		}
		synctest.Wait()
		if rec := get(h, "/weather/60602"); rec.Code != http.StatusServiceUnavailable {
			t.Errorf("one too many is answered %d", rec.Code)
		}
		wg.Wait()
		for range maxBusy {
			if code := <-ok; code != 200 {
				t.Fatalf("one of the others is answered %d", code)
			}
		}
		if rec := get(h, "/weather/60601"); rec.Code != 200 {
			t.Errorf("afterwards: %d", rec.Code)
		}
		<-time.After(2 * callTime)
	})
}

// The survey knows places before they are asked for, and fails without harm.
func TestSurvey(t *testing.T) {
	w, f := newFake(t, nil)
	here := place{ZIP: "60601", County: "Oak", State: "IL", Lat: 41.5, Lon: -87.5}
	boxes := 0
	real := w.fetch
	w.fetch = func(ctx context.Context, p Provider, path string) ([]byte, error) {
		if !strings.HasPrefix(path, "/box?") {
			return real(ctx, p, path)
		}
		f.mu.Lock()
		boxes++
		full := boxes <= 3
		f.mu.Unlock()
		places := []place{here}
		for full && len(places) < fullBox {
			places = append(places, here)
		}
		return json.Marshal(places)
	}
	w.settings.SurveyAtOnce = 1
	if !w.surveyOnce(context.Background()) || boxes != 13 {
		t.Errorf("%d boxes, want 1 and four for each that was full", boxes)
	}
	if body := report(t, w, "60601"); f.calls("/zip") != 0 || !strings.Contains(body, `"lat":41.5`) {
		t.Errorf("%d calls, %s", f.calls("/zip"), body)
	}
	w.Clock.Move(24 * time.Hour)
	if report(t, w, "60601"); f.calls("/zip") != 1 {
		t.Errorf("%d calls when the survey is a day old", f.calls("/zip"))
	}
	w.fetch = func(context.Context, Provider, string) ([]byte, error) {
		return nil, unavailable.errorf("out of order")
	}
	if w.surveyOnce(context.Background()) {
		t.Error("a survey that failed is taken for one")
	}
}
