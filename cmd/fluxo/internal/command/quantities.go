package command

// How quantities are printed.

import "time"

// seconds prints a number of seconds to three digits.
func seconds(s float64) string {
	return round(time.Duration(s * float64(time.Second)))
}

// round prints a time to three digits.
func round(d time.Duration) string {
	for _, unit := range []time.Duration{time.Second, time.Millisecond, time.Microsecond} {
		if d >= unit {
			return d.Round(unit / 100).String()
		}
	}
	return d.String()
}
