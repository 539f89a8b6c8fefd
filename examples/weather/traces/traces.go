// Package traces turns the traces of other services into requests to this one:
// whatever was asked for most often there is the same town everywhere here.
// requests.json says what stands for what, and why.
package traces

import (
	_ "embed"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"

	"example.com/weather/zips"
)

//go:embed requests.json
var requestsJSON []byte

var rules = func() (r struct {
	Seed uint64 `json:"seed"`
	Path string `json:"path"`
}) {
	if err := json.Unmarshal(requestsJSON, &r); err != nil {
		panic("bug: requests.json: " + err.Error())
	}
	return r
}()

// Ranked returns ZIP codes by popularity, the most popular one first: the same order
// for the same codes. The order of known counts.
func Ranked(known []zips.ZIP) []zips.ZIP {
	rng := rand.New(rand.NewPCG(rules.Seed, 0))
	ranked := make([]zips.ZIP, len(known))
	for i, from := range rng.Perm(len(known)) {
		ranked[i] = known[from]
	}
	return ranked
}

// At returns the ZIP code of a rank, of which 0 is the most popular.
func At(ranked []zips.ZIP, rank int) zips.ZIP { return ranked[rank%len(ranked)] }

// Ranks returns the rank of each of the keys that a trace's requests have, by how often it is asked for, and how many
// different ones there are. Of keys that are as popular, the one that comes first has the higher rank.
func Ranks(keys []int32) (ranks []int, different int) {
	count := make(map[int32]int)
	var all []int32 // by first appearance
	for _, k := range keys {
		if count[k]++; count[k] == 1 {
			all = append(all, k)
		}
	}
	slices.SortStableFunc(all, func(a, b int32) int { return count[b] - count[a] })
	rank := make(map[int32]int, len(all))
	for i, k := range all {
		rank[k] = i
	}
	ranks = make([]int, len(keys))
	for i, k := range keys {
		ranks[i] = rank[k]
	}
	return ranks, len(all)
}

// Towns returns what each request of a trace asks for here, given by the keys that they have there.
func Towns(keys []int32, known []zips.ZIP) []zips.ZIP {
	ranked := Ranked(known)
	ranks, _ := Ranks(keys)
	towns := make([]zips.ZIP, len(keys))
	for i, rank := range ranks {
		towns[i] = At(ranked, rank)
	}
	return towns
}

// Path returns the path that asks for the weather in a town.
func Path(z zips.ZIP) string { return strings.Replace(rules.Path, "{zip}", z.Code, 1) }
