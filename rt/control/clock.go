package control

// The clock: moved ahead along with the requests that a replay sends.

import (
	"fmt"
	"net/http"
	"time"

	"fluxo.dev/fluxo/rt"
)

// moveClock moves it by ?ahead=90s, and says what time it is then. ?ahead=0s only asks.
func moveClock(w http.ResponseWriter, r *http.Request) {
	text := r.URL.Query().Get("ahead")
	d, err := time.ParseDuration(text)
	if err != nil {
		http.Error(w, fmt.Sprintf("ahead is a time like 90s, not %q", text), http.StatusBadRequest)
		return
	}
	now, err := rt.Advance(d)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fmt.Fprintln(w, now.UTC().Format(time.RFC3339Nano))
}
