package weather

// A report in the reader's words: local times, and the units of the country
// beside those of the rest of the world.

import (
	"math"
	"time"
	_ "time/tzdata" // for machines without a list of time zones
)

// A View is what the page shows.
type View struct {
	ZIP     string // as it was asked for
	Weather *Shown
	Problem string
	Around  []Elsewhere
}

// Elsewhere is the weather in one of the cities that are always shown.
type Elsewhere struct {
	Name, Sky, Icon     string
	Fahrenheit, Celsius int
}

// Shown is a report as the page shows it.
type Shown struct {
	ZIP, Town, County string
	Sky, Icon         string
	Fahrenheit        int
	Celsius           int
	Wind              Wind
	Humidity          int // percent
	Measured          Moment
	Warnings          []Warning
	Week              []Half
}

// A Moment is a time for people and, as RFC 3339, for machines.
type Moment struct {
	Text, Machine string
}

// A Wind's speed, in miles and kilometres an hour.
type Wind struct {
	Mph, Kmh int
}

// A Warning is an official one that is in force.
type Warning struct {
	Event string
	Until Moment
}

// A Half is the forecast of a day or of a night.
type Half struct {
	Name                string // Sunday, Sunday night
	Night               bool
	Sky, Icon           string
	Fahrenheit, Celsius int
	Rain                int // percent
	Wind                Wind
}

// Show puts a report into words.
//
//fluxo:pure
func Show(r Report) *Shown {
	zone := location(r.Zone)
	at := r.Now.At.In(zone)
	shown := &Shown{
		ZIP: r.Place.ZIP, Town: r.Place.City + ", " + r.Place.State, County: r.Place.County,
		Sky: r.Now.Sky, Icon: icon(r.Now.Sky, isNight(at)),
		Fahrenheit: fahrenheit(r.Now.TempC), Celsius: round(r.Now.TempC),
		Wind: wind(r.Now.WindKmh), Humidity: r.Now.Humidity,
		Measured: moment(at, "3:04 pm MST"),
	}
	for _, a := range r.Alerts {
		shown.Warnings = append(shown.Warnings, Warning{a.Event, moment(a.Until.In(zone), "Monday 3:04 pm MST")})
	}
	for _, s := range r.Forecast {
		begin := s.Begin.In(zone)
		night := isNight(begin.Add(6 * time.Hour)) // in its middle
		half := Half{
			Name: begin.Weekday().String(), Night: night, Sky: s.Sky, Icon: icon(s.Sky, night),
			Fahrenheit: fahrenheit(s.TempC), Celsius: round(s.TempC), Rain: s.Rain, Wind: wind(s.WindKmh),
		}
		if night {
			half.Name += " night"
		}
		shown.Week = append(shown.Week, half)
	}
	return shown
}

// around puts the board into words.
func around(board []CityNow) []Elsewhere {
	var shown []Elsewhere
	for _, c := range board {
		shown = append(shown, Elsewhere{c.Name, c.Now.Sky, icon(c.Now.Sky, isNight(c.Now.At.In(location(c.Zone)))), fahrenheit(c.Now.TempC), round(c.Now.TempC)})
	}
	return shown
}

// location returns a time zone, for want of it UTC.
func location(zone string) *time.Location {
	l, err := time.LoadLocation(zone)
	if err != nil {
		return time.UTC
	}
	return l
}

// isNight says whether a local time is one at which people sleep; when the sun sets is not known here.
func isNight(t time.Time) bool { return t.Hour() < 6 || t.Hour() >= 20 }

// icon names the picture of a sky.
func icon(sky string, night bool) string {
	if night && sky == "clear" {
		return "moon"
	}
	return sky
}

func moment(t time.Time, layout string) Moment {
	return Moment{t.Format(layout), t.Format(time.RFC3339)}
}

func fahrenheit(celsius float64) int { return round(celsius*9/5 + 32) }

func round(v float64) int { return int(math.Round(v)) }

func wind(kmh float64) Wind {
	const kmPerMile = 1.609344
	return Wind{round(kmh / kmPerMile), round(kmh)}
}
