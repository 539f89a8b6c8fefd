package control

// Verifying: begun, looked at and ended.

import (
	"net/http"

	"fluxo.dev/fluxo/rt"
)

func verifyHandlers(mux *http.ServeMux) {
	found := func(w http.ResponseWriter) {
		v, err := rt.VerifiedSoFar()
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		answer(w, v)
	}
	mux.HandleFunc("GET /verify", func(w http.ResponseWriter, _ *http.Request) { found(w) })
	mux.HandleFunc("POST /verify", func(w http.ResponseWriter, _ *http.Request) {
		if err := rt.Verify(); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		found(w)
	})
	mux.HandleFunc("DELETE /verify", func(w http.ResponseWriter, _ *http.Request) {
		if err := rt.StopVerifying(); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
		}
	})
}
