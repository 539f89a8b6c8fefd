package replay

// A service made warm: what came before is asked as fast as it answers, while its clock is moved along.

import (
	"context"
	"fmt"
	"time"
)

// tick is how far the clock may be behind a request while a service is warmed. Requests of one tick are
// sent beside each other.
const tick = time.Second

// warm takes the requests before From, and returns the first one from there on; nil if there is none.
func (s *sender) warm(ctx context.Context, next func() (*Request, error, bool)) (first *Request, err error) {
	clock := time.Duration(0) // where the service's is, by the record
	began := time.Now()       // and it goes on by itself
	free := make(chan struct{}, min(warmers, s.InFlight))
	reach := func(at time.Duration) error {
		by := at - clock - time.Since(began)
		if by < tick {
			return nil
		}
		s.running.Wait() // those under way are of the time before
		clock += by
		return s.Warm(ctx, by)
	}
	for ctx.Err() == nil {
		r, err, more := next()
		if err != nil || !more {
			return nil, err
		}
		if r.At >= s.From {
			if s.Warm != nil {
				err = reach(s.From)
			}
			s.running.Wait()
			return r, err
		}
		if s.Warm == nil {
			continue
		}
		if err := reach(r.At); err != nil {
			return nil, err
		}
		free <- struct{}{}
		s.running.Go(func() {
			defer func() { <-free }()
			status, err := s.exchange(ctx, r)
			if err != nil {
				status = 0
			}
			s.addWarm(status)
		})
		if s.out.Warmed++; s.Tell != nil && s.out.Warmed%256 == 0 {
			s.Tell(fmt.Sprintf("warming: %v of the record", r.At.Round(time.Second)))
		}
	}
	return nil, ctx.Err()
}
