package replay

// What an outcome comes to.

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"time"
)

// A Summary is an outcome in a few figures. Times are those of answers, from when their requests were due: how soon a
// connection is refused says nothing of the service.
type Summary struct {
	Requests            int
	Mean, P50, P95, P99 time.Duration
	Most                time.Duration
	Lost                int         // no answer
	Status              map[int]int // how many answers had each
	Late                int         // requests sent late
	Latest              time.Duration
}

// Summarize sums an outcome up.
func (o *Outcome) Summarize() Summary {
	s := Summary{Requests: len(o.Answers), Status: map[int]int{}}
	took := make([]time.Duration, 0, len(o.Answers))
	sum := time.Duration(0)
	for _, a := range o.Answers {
		if a.Err != nil {
			s.Lost++
		} else {
			s.Status[a.Status]++
			took = append(took, a.Took)
			sum += a.Took
		}
		if a.Late > Late {
			s.Late++
		}
		s.Latest = max(s.Latest, a.Late)
	}
	if len(took) == 0 {
		return s
	}
	slices.SortFunc(took, cmp.Compare)
	quantile := func(q float64) time.Duration { return took[min(int(q*float64(len(took))), len(took)-1)] }
	s.Mean, s.P50, s.P95, s.P99, s.Most = sum/time.Duration(len(took)), quantile(.5), quantile(.95), quantile(.99), took[len(took)-1]
	return s
}

// Errors lists why requests had no answer, each reason once, up to n of them.
func (o *Outcome) Errors(n int) (all []string) {
	for _, a := range o.Answers {
		if a.Err == nil || len(all) == n {
			continue
		}
		if text := reason(a.Err); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

// reason is an error without the address of the request that it is about.
func reason(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	return err.Error()
}

// Failed counts requests without an answer, and those whose answer says that the service failed.
func (s Summary) Failed() int {
	n := s.Lost
	for status, k := range s.Status {
		if status >= 500 {
			n += k
		}
	}
	return n
}
