package sky

import (
	"fmt"
	"time"
)

// ForecastPeriod is how often an office issues its forecasts; each at a minute of its own.
const ForecastPeriod = time.Hour

// A Span is the forecast of half a day.
type Span struct {
	Begin   time.Time `json:"begin"`
	Sky     string    `json:"sky"`
	TempC   float64   `json:"temp_c"`
	WindKmh float64   `json:"wind_kmh"`
	Rain    int       `json:"rain"` // chance in percent
}

const (
	spans    = 14 // a week
	spanTime = 12 * time.Hour
)

// Forecast returns the latest forecast for a cell as of t; false if there is no such cell.
func Forecast(c Cell, t time.Time) ([]Span, bool) {
	lat, lon, ok := c.Centre()
	if !ok {
		return nil, false
	}
	issued := latest(t, ForecastPeriod, c.Office)
	chance := chances("forecast", fmt.Sprint(c.Office, " ", c.X, " ", c.Y), issued.Unix())
	week := make([]Span, spans)
	begin := issued.Truncate(spanTime)
	for i := range week {
		wet := chance()
		week[i] = Span{
			Begin:   begin,
			Sky:     skyOf(wet),
			TempC:   temperature(lat, lon, begin.Add(spanTime/2), chance()),
			WindKmh: round1(40 * chance() * chance()),
			Rain:    int(wet * wet * 100),
		}
		begin = begin.Add(spanTime)
	}
	return week, true
}
