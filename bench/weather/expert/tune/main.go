// Command tune looks for the settings of the hand-written weather service: it has the service's own code live
// through the first half of a day in simulated time, with each setting of a grid.
//
//	go run ./weather/expert/tune
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"testing"

	"fluxo.dev/fluxo/bench/weather/expert/core"
)

func main() {
	log.SetFlags(0)
	profiles := flag.String("profiles", "../examples/weather/providers/profiles.json", "`file` that says how slow the providers are")
	base := flag.String("settings", "weather/expert/settings.json", "`file` to begin with")
	flag.Parse()
	// Only tests can have simulated time, so this is one, of a program that is none.
	os.Args = os.Args[:1]
	testing.Main(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: "tune", F: func(t *testing.T) {
		if err := run(t, *profiles, *base); err != nil {
			log.Fatalf("tune: %v", err)
		}
	}}}, nil, nil)
}

func run(t *testing.T, profiles, base string) error {
	text, err := os.ReadFile(base)
	if err != nil {
		return err
	}
	settings, err := core.ParseSettings(text)
	if err != nil {
		return err
	}
	w, err := newWorld(profiles, os.Getenv("FLUXO_DATA"))
	if err != nil {
		return err
	}
	quiet, err := firstHalf(1, 1)
	if err != nil {
		return err
	}
	busy, err := firstHalf(10, 1)
	if err != nil {
		return err
	}
	scenes := []scene{{quiet, 0.5, 1}, {busy, 0.125, 0.25}}
	var unit []float64 // the plain service's scores
	live := func(k knobs) (float64, error) {
		score, results := 0.0, make([]result, len(scenes))
		for i, d := range scenes {
			if results[i], err = w.replay(t, d.day, d.from, d.until, k.settings(settings), 1); err != nil {
				return 0, err
			}
			if k == plain {
				unit = append(unit, results[i].score())
			}
			score += results[i].score() / unit[i] / float64(len(scenes))
		}
		fmt.Println(k.row(results, score))
		return score, nil
	}
	fmt.Println(head)
	if _, err := live(plain); err != nil {
		return err
	}
	best, err := search(begin, live)
	if err != nil {
		return err
	}
	text, err = json.MarshalIndent(best.settings(settings), "", "  ")
	fmt.Printf("%s\n", text)
	return err
}

// A scene is a part of a day that is counted, after what comes before it.
type scene struct {
	day         *day
	from, until float64
}
