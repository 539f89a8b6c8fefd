package core

import (
	"os"
	"testing"
)

// The settings that the command is built with are within the bounds; what is beyond them is refused.
func TestSettings(t *testing.T) {
	text, err := os.ReadFile("../settings.json")
	if err != nil {
		t.Fatal(err)
	}
	good, err := ParseSettings(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Settings){
		"an observation a second too old": func(s *Settings) { s.alter("observation", func(o *StepSettings) { o.TTLSeconds++ }) },
		"more memory":                     func(s *Settings) { s.AnswersMiB = maxMiB },
		"no half-life":                    func(s *Settings) { s.HalfLifeMin = 0 },
		"a step missing":                  func(s *Settings) { delete(s.Steps, "alerts") },
	} {
		bad := good.clone()
		if spoil(&bad); bad.check() == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

func (s Settings) clone() Settings {
	steps := map[string]StepSettings{}
	for name, step := range s.Steps {
		steps[name] = step
	}
	s.Steps = steps
	return s
}

func (s *Settings) alter(name string, by func(*StepSettings)) {
	step := s.Steps[name]
	by(&step)
	s.Steps[name] = step
}
