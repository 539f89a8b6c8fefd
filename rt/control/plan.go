package control

// The plan: looked at, changed, tried by a share of the requests.

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/rt"
)

// A Changed is the answer to a change of the plan.
type Changed struct {
	rt.Applied
	Version uint64
	Trial   bool // it is tried; otherwise it is the plan of all requests
}

func planHandlers(mux *http.ServeMux) {
	mux.HandleFunc("GET /plan", func(w http.ResponseWriter, _ *http.Request) { answer(w, rt.Present()) })
	mux.HandleFunc("POST /plan", change(func(r *http.Request) (rt.Applied, error) { return newPlan(r) }))
	mux.HandleFunc("POST /plan/off", change(func(r *http.Request) (rt.Applied, error) { return turn(r, false) }))
	mux.HandleFunc("POST /plan/on", change(func(r *http.Request) (rt.Applied, error) { return turn(r, true) }))
	mux.HandleFunc("DELETE /plan/trial", func(w http.ResponseWriter, _ *http.Request) {
		if !rt.EndTrial() {
			http.Error(w, "no plan is being tried", http.StatusNotFound)
			return
		}
		answer(w, rt.Present())
	})
}

// answer sends v as JSON, for people too.
func answer(w http.ResponseWriter, v any) {
	text, err := json.MarshalIndent(v, "", "\t")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(text, '\n')) // nobody else is told of a command that went away
}

// change answers a request for a change, or says why it is refused.
func change(f func(*http.Request) (rt.Applied, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a, err := f(r)
		switch {
		case errors.Is(err, rt.ErrChanged) || errors.Is(err, rt.ErrTrial):
			http.Error(w, err.Error(), http.StatusConflict)
		case err != nil:
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
		default:
			s := rt.Present()
			answer(w, Changed{a, s.Version, s.Trial != nil})
		}
	}
}

// newPlan puts the plan of a request's body in place: for all requests, or with ?share=10&for=2m for ten
// in a hundred, until it has shown itself. ?lenient leaves out what is stale or illegal, instead of refusing
// the whole; ?version=7 is refused if the plan is another one by now.
func newPlan(r *http.Request) (rt.Applied, error) {
	q := r.URL.Query()
	version, err := versionOf(q)
	if err != nil {
		return rt.Applied{}, err
	}
	text, err := io.ReadAll(io.LimitReader(r.Body, plan.MaxFile+1))
	if err != nil {
		return rt.Applied{}, err
	}
	mode, name := rt.Strict, q.Get("name")
	if q.Has("lenient") {
		mode = rt.Lenient
	}
	if name == "" {
		name = "plan"
	}
	if !q.Has("share") {
		return rt.ApplyFrom(version, name, text, mode)
	}
	share, err := strconv.ParseFloat(q.Get("share"), 64)
	if err != nil {
		return rt.Applied{}, fmt.Errorf("share is a number of per cent, not %q", q.Get("share"))
	}
	wait, err := time.ParseDuration(q.Get("for"))
	if err != nil {
		return rt.Applied{}, fmt.Errorf("for is a time like 2m, not %q", q.Get("for"))
	}
	return rt.Try(name, text, mode, version, rt.Trial{Share: share / 100, For: wait})
}

// turn switches the decision of ?flow=&line= off or on again.
func turn(r *http.Request, on bool) (rt.Applied, error) {
	q := r.URL.Query()
	version, err := versionOf(q)
	if err != nil {
		return rt.Applied{}, err
	}
	flow, line := q.Get("flow"), strings.TrimSpace(q.Get("line"))
	if flow == "" || line == "" {
		return rt.Applied{}, errors.New("which decision? flow is its flow's name, and line what stands in the plan: flow=example.com/weather.Weather&line=store Locate")
	}
	return rt.SwitchFrom(version, flow+" "+line, on)
}

func versionOf(q url.Values) (uint64, error) {
	if !q.Has("version") {
		return 0, nil
	}
	v, err := strconv.ParseUint(q.Get("version"), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("version is the number that GET /plan says, not %q", q.Get("version"))
	}
	return v, nil
}
