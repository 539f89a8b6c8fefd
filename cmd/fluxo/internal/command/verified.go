package command

// What fluxo verify says at the end.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	requests "fluxo.dev/fluxo/cmd/fluxo/internal/replay"
	"fluxo.dev/fluxo/rt"
)

// conclude prints what was found.
func (s *started) conclude(ctx context.Context, c console, sent *requests.Outcome) error {
	body, err := s.get(ctx, "/verify")
	if err != nil {
		return errors.Join(err, fmt.Errorf("its log ended with\n%s", s.log))
	}
	defer body.Close()
	var v rt.Verified
	if err := json.NewDecoder(body).Decode(&v); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(v.Unverified)) {
		fmt.Fprintf(c.out, "not verified: %s: %s\n", name, v.Unverified[name])
	}
	for _, name := range v.Unreached {
		fmt.Fprintf(c.out, "not verified: %s: no request came to it\n", name)
	}
	for _, d := range v.Differences {
		fmt.Fprintf(c.out, "\n%s %s\n  under the plan  %s\n  as written      %s\n", d.Flow, d.Arguments, d.Planned, d.Written)
		if d.Why != "" {
			fmt.Fprintf(c.out, "  %s\n", d.Why)
		}
		if d.Steps != "" {
			fmt.Fprintf(c.out, "  made of %s\n", d.Steps)
		}
	}
	tellStatuses(c, sent.Warm)
	fmt.Fprintf(c.out, "%s, %d alike, %d different, %d differ from themselves, %d undecided\n", counted(v.Requests, "request"), v.Alike, v.Different, v.Noisy, v.Undecided)
	switch {
	case v.Requests == 0:
		return errors.New("no request came to a flow that can be verified")
	case v.Different > 0:
		return exitError(1)
	}
	return nil
}

// tellStatuses prints how requests were answered, and what that may have kept from being verified.
func tellStatuses(c console, statuses map[int]int) {
	var parts []string
	for _, status := range slices.Sorted(maps.Keys(statuses)) {
		what := fmt.Sprint("with status ", status)
		if status == 0 {
			what = "not at all"
		}
		parts = append(parts, fmt.Sprintf("%d %s", statuses[status], what))
	}
	if len(parts) > 0 {
		fmt.Fprintf(c.out, "answered: %s\n", strings.Join(parts, ", "))
	}
	if n := statuses[http.StatusUnauthorized] + statuses[http.StatusForbidden]; n > 0 {
		fmt.Fprintf(c.out, "%s refused: records have no credentials, so that what is behind a login is not verified; start the service so that it asks for none\n", counted(n, "request"))
	}
}
