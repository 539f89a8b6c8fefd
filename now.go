package fluxo

// The clock of a request.

import (
	"context"
	"time"

	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/request"
)

// Now returns the time of the request that ctx belongs to: the moment it
// arrived, one value for all of it, under every plan. Where ctx belongs to no
// request (a test, a main function) it is the process's clock, which a replay moves ahead. It carries no monotonic reading.
func Now(ctx context.Context) time.Time {
	if r := request.From(ctx); r != nil {
		return r.Now
	}
	return clock.Now().Round(0)
}
