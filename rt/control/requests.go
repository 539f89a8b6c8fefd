package control

// The requests themselves, to be sent again.

import (
	"context"
	"net/http"
	"time"

	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/recorded"
	"fluxo.dev/fluxo/rt"
)

// maxPending bounds the requests that wait to be sent. Those that come while so many wait are not recorded, and counted.
const maxPending = 1 << 10

// sendRequests sends the requests that come in the time to come, without their secrets.
func sendRequests(w http.ResponseWriter, r *http.Request) {
	wait, ok := duration(w, r)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	heard := recorded.Feed.Listen(maxPending)
	w.Header().Set("Trailer", LostTrailer)
	flush := http.NewResponseController(w)
	out, err := recorded.NewWriter(w, rt.Service(), clock.Began())
	for err == nil {
		if err = flush.Flush(); err != nil {
			break
		}
		select {
		case <-ctx.Done():
			err = ctx.Err()
		case q := <-heard.Values():
			err = out.Add(q)
		}
	}
	tellLost(w, heard.Stop())
}

// duration reads for how long is recorded; false if the answer says what is wrong with it.
func duration(w http.ResponseWriter, r *http.Request) (time.Duration, bool) {
	text := r.URL.Query().Get("for")
	wait, err := time.ParseDuration(text)
	if err != nil || wait <= 0 || wait > maxRecord {
		http.Error(w, "for is a time of up to "+maxRecord.String()+", not \""+text+"\"", http.StatusBadRequest)
		return 0, false
	}
	return wait, true
}
