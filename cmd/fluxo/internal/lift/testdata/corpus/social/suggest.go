package social

import (
	"cmp"
	"context"
	"slices"
)

type Profile struct {
	User      User
	Bio       string
	Followers int
	Mutual    []int64
}

type Profiles interface {
	//fluxo:reads profiles:{id}
	Get(ctx context.Context, id int64) (Profile, error)
}

type Suggester struct {
	graph    SocialGraph
	profiles Profiles
}

// WhoToFollow counts, for friends of friends, how many ways lead there.
//
//fluxo:flow
func (s *Suggester) WhoToFollow(ctx context.Context, me int64, max int) ([]Profile, error) {
	mine, err := s.graph.GetFollowees(ctx, me)
	if err != nil {
		return nil, err
	}
	known := toSet(mine)
	known[me] = struct{}{}

	via := map[int64][]int64{}
	for _, friend := range mine {
		theirs, err := s.graph.GetFollowees(ctx, friend)
		if err != nil {
			return nil, err
		}
		for _, candidate := range theirs {
			if _, ok := known[candidate]; ok {
				continue
			}
			via[candidate] = append(via[candidate], friend)
		}
	}

	ranked := keys(via)
	slices.SortFunc(ranked, func(a, b int64) int {
		if c := cmp.Compare(len(via[b]), len(via[a])); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
	if len(ranked) > max {
		ranked = ranked[:max]
	}

	out := make([]Profile, 0, len(ranked))
	for _, id := range ranked {
		p, err := s.profiles.Get(ctx, id)
		if err != nil {
			continue // deleted meanwhile
		}
		p.Mutual = via[id]
		out = append(out, p)
	}
	return out, nil
}

func toSet[T comparable](s []T) map[T]struct{} {
	m := make(map[T]struct{}, len(s))
	for _, v := range s {
		m[v] = struct{}{}
	}
	return m
}

func keys[K comparable, V any](m map[K]V) []K {
	r := make([]K, 0, len(m))
	for k := range m {
		r = append(r, k)
	}
	return r
}
