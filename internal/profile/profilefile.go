package profile

// Profiles as files, in JSON.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// profileFormat tells profiles from other files, and from those of other versions.
const profileFormat = "fluxo profile 1"

// A profileFile is a profile in a file.
type profileFile struct {
	Format string
	Profile
}

// Write writes p.
func (p *Profile) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "\t")
	return enc.Encode(profileFile{profileFormat, *p})
}

// maxProfile bounds what is read of a profile, in bytes.
const maxProfile = 1 << 28

// ReadProfile reads what Write wrote.
func ReadProfile(r io.Reader) (*Profile, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxProfile))
	if err != nil {
		return nil, err
	}
	var f profileFile
	err = json.Unmarshal(text, &f)
	switch {
	case len(text) == 0:
		return nil, errors.New("this is no profile: it is empty")
	case err != nil && bytes.Contains(text, []byte(profileFormat)):
		return nil, fmt.Errorf("the profile cannot be read, it is damaged or cut off: %w", err)
	case err != nil:
		return nil, fmt.Errorf("this is no profile: %w", err)
	case f.Format != profileFormat && strings.HasPrefix(f.Format, "fluxo profile "):
		return nil, fmt.Errorf("this is a %q and not a %q: it is of another version of fluxo", f.Format, profileFormat)
	case f.Format != profileFormat:
		return nil, fmt.Errorf("this is no profile: it has no %q in it", profileFormat)
	}
	if err := f.check(); err != nil {
		return nil, fmt.Errorf("the profile cannot be what a service wrote: %w", err)
	}
	slices.SortFunc(f.Flows, func(a, b *FlowProfile) int { return strings.Compare(string(a.Flow), string(b.Flow)) })
	return &f.Profile, nil
}

// check fails if p is none.
func (p *Profile) check() error {
	seen := map[graph.FlowName]bool{}
	for _, f := range p.Flows {
		if f == nil || f.Flow == "" || seen[f.Flow] {
			return errors.New("a flow has no name, or is there twice")
		}
		seen[f.Flow] = true
		if err := f.check(); err != nil {
			return fmt.Errorf("%s: %w", f.Flow, err)
		}
	}
	return nil
}

func (f *FlowProfile) check() error {
	if f.Runs < 0 || f.Raised < 0 || f.Raised > f.Runs {
		return fmt.Errorf("%d of %d runs panicked", f.Raised, f.Runs)
	}
	errs := []error{f.Took.Check(), f.Asked.check()}
	for _, n := range f.Nodes {
		if n == nil || n.Count < 0 || n.Failures < 0 || n.Failures > n.Count || slices.Contains(n.Sets, nil) {
			return errors.New("a node has counts that cannot be")
		}
		errs = append(errs, n.Took.Check(), n.Reads.check())
	}
	return errors.Join(errs...)
}
