package rt_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fluxo.dev/fluxo/rt"
)

const everything = `fluxo 1
memory 8MiB

flow example.com/weather.Weather (
	parallel Observe Alerts
	store Locate
	coalesce Locate
	store Observe..Observe.fail
)
`

// under runs the flows of this package under a plan until the test is over.
func under(t testing.TB, text string) rt.Applied {
	t.Helper()
	a, err := rt.Apply("fluxo.plan", []byte(text), rt.Strict)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := rt.Apply("fluxo.plan", []byte("fluxo 1\n"), rt.Strict); err != nil {
			t.Error(err)
		}
	})
	return a
}

func TestPlannedAnswersAsWritten(t *testing.T) {
	ctx := context.Background()
	for _, zip := range []string{"10001", "94110", ""} {
		want, wantErr := fluxoPlain_Weather(ctx, zip)
		for name, text := range map[string]string{
			"everything": everything,
			"walk":       "fluxo 1\nflow example.com/weather.Weather (\n\tstore Locate\n)\n",
		} {
			t.Run(name+" "+zip, func(t *testing.T) {
				under(t, text)
				for range 3 {
					got, err := Weather(ctx, zip)
					if !reflect.DeepEqual(got, want) || !errors.Is(err, wantErr) {
						t.Fatalf("%v, %v; want %v, %v", got, err, want, wantErr)
					}
				}
			})
		}
	}
}

func TestStoredStepIsNotCalledAgain(t *testing.T) {
	under(t, everything)
	Weather(context.Background(), "60601")
	before := locates.Load()
	for range 20 {
		Weather(context.Background(), "60601")
	}
	if n := locates.Load() - before; n > 3 { // a small sample is computed again behind the answer
		t.Errorf("Locate was called %d times again", n)
	}
	before = unknown.Load()
	for range 2 {
		Weather(context.Background(), "")
	}
	if n := unknown.Load() - before; n != 2 {
		t.Errorf("a failing Locate was called %d times, want each time", n)
	}
}

// Nobody who got a result can change what is kept, neither the step that kept hold of it
// nor the callers.
func TestKeptResultsAreNobodysMemory(t *testing.T) {
	for name, line := range map[string]string{"store": "store Locate..return", "coalesce": "store Locate..return\n\tcoalesce Locate..return"} {
		t.Run(name, func(t *testing.T) {
			under(t, "fluxo 1\nflow example.com/weather.Weather (\n\t"+line+"\n)\n")
			zip := "80202 " + name
			want, _ := fluxoPlain_Weather(context.Background(), zip)
			for i := range 3 {
				got, err := Weather(context.Background(), zip)
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("call %d: %v, %v; want %v", i, got, err, want)
				}
				got.Alerts[0] = "forged by a caller"
				if i == 0 {
					(*retained.Load())[0] = "forged by the step"
				}
			}
		})
	}
}

func TestRefusedPlanChangesNothing(t *testing.T) {
	under(t, everything)
	before := rt.Current()
	for _, c := range []struct{ text, want string }{
		{"fluxo 1\nflow example.com/weather.Weather (\n\tstore Gone\n)\n", "fluxo.plan:3"},
		{"fluxo 1\nflow example.com/weather.Wether (\n\tstore Locate\n)\n", "example.com/weather.Weather"},
		{"fluxo 1\nflow example.com/weather.Weather (\n\tstore Locate", "fluxo.plan"},
		{"fluxo 1\nflow example.com/weather.Weather (\n\tparallel Locate Observe\n)\n", "reorder.1"},
	} {
		_, err := rt.Apply("fluxo.plan", []byte(c.text), rt.Strict)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want something about %q", c.text, err, c.want)
		}
	}
	if got := rt.Current(); !slices.Equal(got, before) {
		t.Errorf("the plan is now\n%s", got)
	}
}

func TestLenientLeavesOutWhatIsStale(t *testing.T) {
	t.Cleanup(func() { rt.Apply("", []byte("fluxo 1\n"), rt.Strict) })
	a, err := rt.Apply("fluxo.plan", []byte("fluxo 1\nflow example.com/weather.Weather (\n\tstore Gone\n\tstore Locate\n)\n"), rt.Lenient)
	if err != nil || len(a.Problems) != 1 || a.LeftOut != 1 || !slices.Equal(a.Planned, []string{"example.com/weather.Weather"}) {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestIllegalDecisionRunsAsWritten(t *testing.T) {
	t.Cleanup(func() { rt.Apply("", []byte("fluxo 1\n"), rt.Strict) })
	a, err := rt.Apply("fluxo.plan", []byte("fluxo 1\nflow example.com/weather.Weather (\n\tparallel Locate Observe\n)\n"), rt.Lenient)
	if err != nil || len(a.Problems) != 1 || a.LeftOut != 1 || len(a.Planned) != 0 {
		t.Fatalf("%+v, %v", a, err)
	}
	want, _ := fluxoPlain_Weather(context.Background(), "97201")
	if got, err := Weather(context.Background(), "97201"); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

// Only what runs is in force: not a line that is stale, refused, off or forbidden.
func TestInForce(t *testing.T) {
	t.Cleanup(func() { rt.Apply("", []byte("fluxo 1\n"), rt.Strict) })
	const flow = "example.com/weather.Weather"
	a, err := rt.Apply("fluxo.plan", []byte("fluxo 1\nflow "+flow+" (\n"+
		"\tparallel Locate Observe\n\tstore Gone\n\toff store Observe\n\tnever coalesce Observe\n\tpin store Locate\n\tcoalesce Locate\n)\n"), rt.Lenient)
	if err != nil {
		t.Fatal(err)
	}
	if want := []rt.Decision{{flow, "pin store Locate"}, {flow, "coalesce Locate"}}; !slices.Equal(a.InForce, want) {
		t.Errorf("%v in force, want %v", a.InForce, want)
	}
}

func TestSwitchOneDecision(t *testing.T) {
	under(t, everything)
	Weather(context.Background(), "02139")
	calls := func() int64 {
		before := locates.Load()
		Weather(context.Background(), "02139")
		return locates.Load() - before
	}
	for _, on := range []bool{true, false, true} {
		if _, err := rt.Switch("example.com/weather.Weather store Locate", on); err != nil {
			t.Fatal(err)
		}
		if got, want := calls() == 0, on; got != want {
			t.Errorf("on is %v, stored is %v", want, got)
		}
	}
	if _, err := rt.Switch("example.com/weather.Weather store Nothing", false); err == nil {
		t.Error("a decision that is not there was switched off")
	}
}

func TestPlansSwapUnderLoad(t *testing.T) {
	plans := []string{everything, "fluxo 1\n", "fluxo 1\nflow example.com/weather.Weather (\n\tparallel Observe Alerts\n)\n"}
	t.Cleanup(func() { rt.Apply("", []byte("fluxo 1\n"), rt.Strict) })
	ctx := context.Background()
	want, _ := fluxoPlain_Weather(ctx, "73301")
	stop := make(chan struct{})
	var callers sync.WaitGroup
	for range 4 {
		callers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if got, err := Weather(ctx, "73301"); err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%v, %v", got, err)
					return
				}
			}
		})
	}
	for i := range 150 {
		if _, err := rt.Apply("fluxo.plan", []byte(plans[i%len(plans)]), rt.Strict); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	callers.Wait()
}

// What is recorded under a plan is what the requests would have run as written: every step, for as long as its call took,
// though hardly any call is made.
func TestRecordingUnderAPlan(t *testing.T) {
	under(t, everything)
	const takes = 20 * time.Millisecond
	slow := func(context.Context, string, string) error {
		time.Sleep(takes)
		return nil
	}
	upstream.Store(&slow)
	defer upstream.Store(nil)
	rec, err := rt.Record("example.com/weather")
	if err != nil {
		t.Fatal(err)
	}
	if len(rec.Head.Missing) > 0 {
		t.Errorf("missing %v", rec.Head.Missing)
	}
	const keys, times = 4, 25
	before := locates.Load()
	for range times {
		for i := range keys {
			if _, err := Weather(context.Background(), fmt.Sprint("recorded ", i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	made := int64(0)
	for range keys * times {
		run := rec.Next(<-rec.Values())
		made += run.Made
		if len(run.Visits) != 7 || run.Failed || run.Took < 3*takes {
			t.Fatalf("noted %+v", run)
		}
		for i := 0; i < 6; i += 2 {
			if v := run.Visits[i]; v.Took < takes || v.Kind != "" {
				t.Fatalf("step %d is noted with %+v", i, v)
			}
		}
	}
	if lost := rec.Stop(); lost > 0 {
		t.Errorf("%d are lost", lost)
	}
	// Alerts is called by every request.
	if n := locates.Load() - before; n != keys || made != 2*keys+keys*times {
		t.Errorf("%d calls of Locate, %d of all", n, made)
	}
}

// A recording says which flows it has nothing of.
func TestRecordingSaysWhatIsMissing(t *testing.T) {
	if _, err := rt.Try("fluxo.plan", []byte(everything), rt.Strict, 0, rt.Trial{Share: 0.5, For: time.Hour}); err != nil {
		t.Fatal(err)
	}
	defer rt.EndTrial()
	rec, err := rt.Record("example.com/weather")
	if err != nil {
		t.Fatal(err)
	}
	defer rec.Stop()
	if m := rec.Head.Missing; len(m) != 1 || m[0].Flow != "example.com/weather.Weather" || m[0].Why != "a plan is being tried" {
		t.Errorf("missing %v", m)
	}
}

// Recording and verifying do not go together.
func TestRecordingOrVerifying(t *testing.T) {
	rec, err := rt.Record("example.com/weather")
	if err != nil {
		t.Fatal(err)
	}
	if err := rt.Verify(); err == nil || !strings.Contains(err.Error(), "being recorded") {
		t.Errorf("verifying while recording: %v", err)
	}
	rec.Stop()
	verifying(t)
	if _, err := rt.Record("example.com/weather"); err == nil || !strings.Contains(err.Error(), "being verified") {
		t.Errorf("recording while verifying: %v", err)
	}
}
