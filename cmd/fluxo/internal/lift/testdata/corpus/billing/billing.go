// Package billing is the domain layer of a subscription service.
package billing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"
)

type Money struct {
	Amount   int64
	Currency string
}

func (m Money) Add(o Money) (Money, error) {
	if m.Currency != o.Currency {
		return Money{}, &CurrencyError{m.Currency, o.Currency}
	}
	return Money{m.Amount + o.Amount, m.Currency}, nil
}

type CurrencyError struct{ Have, Want string }

func (e *CurrencyError) Error() string { return "currency mismatch: " + e.Have + " and " + e.Want }

type Plan struct {
	ID       string
	Price    Money
	Interval time.Duration
	Seats    int
}

type Subscription struct {
	ID         string
	CustomerID string
	PlanID     string
	Seats      int
	Started    time.Time
	Cancelled  *time.Time
	Discounts  []Discount
}

type Discount interface{ isDiscount() }
type PercentOff struct{ Percent int }
type AmountOff struct{ Amount Money }
type FreeSeats struct{ Seats int }

func (PercentOff) isDiscount() {}
func (AmountOff) isDiscount()  {}
func (FreeSeats) isDiscount()  {}

type Invoice struct {
	ID     string
	SubID  string
	Lines  []Line
	Total  Money
	Issued time.Time
}

type Line struct {
	Text   string
	Amount Money
}

type PlanRepo interface {
	//fluxo:reads plans:{id}
	ByID(ctx context.Context, id string) (Plan, error)
	//fluxo:reads plans
	All(ctx context.Context) ([]Plan, error)
}

type SubscriptionRepo interface {
	//fluxo:reads subscriptions
	ByCustomer(ctx context.Context, customer string) ([]Subscription, error)
	//fluxo:reads subscriptions
	Get(ctx context.Context, id string) (*Subscription, error)
	//fluxo:writes subscriptions
	Save(ctx context.Context, s *Subscription) error
}

type InvoiceRepo interface {
	//fluxo:writes invoices
	Insert(ctx context.Context, inv Invoice) error
	//fluxo:reads invoices:{subID}
	Latest(ctx context.Context, subID string) (Invoice, bool, error)
}

type Gateway interface {
	//fluxo:effect
	Charge(ctx context.Context, customer string, amount Money, idempotencyKey string) (string, error)
}

type Clock func() time.Time
type IDs func() string

type Notifier interface {
	//fluxo:effect
	Notify(ctx context.Context, customer, template string, data map[string]any) error
}

type Service struct {
	plans    PlanRepo
	subs     SubscriptionRepo
	invoices InvoiceRepo
	gateway  Gateway
	notifier Notifier
	now      Clock
	newID    IDs

	mu       sync.Mutex
	inflight map[string]struct{}
}

var (
	ErrAlreadyCancelled = errors.New("subscription is already cancelled")
	ErrBusy             = errors.New("subscription is being billed")
	ErrDeclined         = errors.New("card declined")
)

//fluxo:flow
func (s *Service) Quote(ctx context.Context, planID string, seats int, discounts ...Discount) (inv Invoice, err error) {
	plan, err := s.plans.ByID(ctx, planID)
	if err != nil {
		return inv, fmt.Errorf("quote: %w", err)
	}
	if seats < 1 {
		seats = plan.Seats
	}
	inv.Issued = s.now()
	inv.Total = Money{Currency: plan.Price.Currency}
	add := func(text string, m Money) {
		if err != nil {
			return
		}
		inv.Lines = append(inv.Lines, Line{text, m})
		inv.Total, err = inv.Total.Add(m)
	}
	add(fmt.Sprintf("%d seats", seats), Money{plan.Price.Amount * int64(seats), plan.Price.Currency})
	for _, d := range discounts {
		switch d := d.(type) {
		case PercentOff:
			add(fmt.Sprintf("%d%% off", d.Percent), Money{-inv.Total.Amount * int64(d.Percent) / 100, inv.Total.Currency})
		case AmountOff:
			add("discount", Money{-d.Amount.Amount, d.Amount.Currency})
		case FreeSeats:
			add("free seats", Money{-plan.Price.Amount * int64(min(d.Seats, seats)), plan.Price.Currency})
		default:
			return Invoice{}, fmt.Errorf("unknown discount %T", d)
		}
	}
	return inv, err
}

//fluxo:flow
func (s *Service) Bill(ctx context.Context, subID string) (*Invoice, error) {
	s.mu.Lock()
	if _, busy := s.inflight[subID]; busy {
		s.mu.Unlock()
		return nil, ErrBusy
	}
	s.inflight[subID] = struct{}{}
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.inflight, subID)
		s.mu.Unlock()
	}()

	sub, err := s.subs.Get(ctx, subID)
	if err != nil {
		return nil, err
	}
	if sub.Cancelled != nil && sub.Cancelled.Before(s.now()) {
		return nil, ErrAlreadyCancelled
	}
	last, found, err := s.invoices.Latest(ctx, subID)
	if err != nil {
		return nil, err
	}
	plan, err := s.plans.ByID(ctx, sub.PlanID)
	if err != nil {
		return nil, err
	}
	if found && s.now().Sub(last.Issued) < plan.Interval {
		return &last, nil
	}
	inv, err := s.Quote(ctx, sub.PlanID, sub.Seats, sub.Discounts...)
	if err != nil {
		return nil, err
	}
	inv.ID, inv.SubID = s.newID(), sub.ID
	if _, err := s.gateway.Charge(ctx, sub.CustomerID, inv.Total, inv.ID); err != nil {
		if errors.Is(err, ErrDeclined) {
			if nerr := s.notifier.Notify(ctx, sub.CustomerID, "declined", map[string]any{"invoice": inv.ID}); nerr != nil {
				err = errors.Join(err, nerr)
			}
		}
		return nil, fmt.Errorf("charge %s: %w", inv.ID, err)
	}
	if err := s.invoices.Insert(ctx, inv); err != nil {
		return nil, err
	}
	return &inv, nil
}

//fluxo:flow
func (s *Service) Cancel(ctx context.Context, id, reason string) error {
	sub, err := s.subs.Get(ctx, id)
	if err != nil {
		return err
	}
	if sub.Cancelled != nil {
		return ErrAlreadyCancelled
	}
	now := s.now()
	sub.Cancelled = &now
	if err := s.subs.Save(ctx, sub); err != nil {
		return fmt.Errorf("cancel %s: %w", id, err)
	}
	go func() {
		nctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_ = s.notifier.Notify(nctx, sub.CustomerID, "cancelled", map[string]any{"reason": reason})
	}()
	return nil
}

//fluxo:flow
func (s *Service) ChangePlan(ctx context.Context, id, planID string) (*Subscription, Money, error) {
	sub, err := s.subs.Get(ctx, id)
	if err != nil {
		return nil, Money{}, err
	}
	oldPlan, err := s.plans.ByID(ctx, sub.PlanID)
	if err != nil {
		return nil, Money{}, fmt.Errorf("old plan: %w", err)
	}
	newPlan, err := s.plans.ByID(ctx, planID)
	if err != nil {
		return nil, Money{}, fmt.Errorf("new plan: %w", err)
	}
	used := s.now().Sub(sub.Started) % oldPlan.Interval
	left := float64(oldPlan.Interval-used) / float64(oldPlan.Interval)
	diff := Money{Amount: int64(left * float64(newPlan.Price.Amount-oldPlan.Price.Amount)), Currency: newPlan.Price.Currency}
	sub.PlanID = newPlan.ID
	sub.Seats = max(sub.Seats, newPlan.Seats)
	if err := s.subs.Save(ctx, sub); err != nil {
		return nil, Money{}, err
	}
	return sub, diff, nil
}

type Summary struct {
	Customer string
	Active   int
	Monthly  map[string]int64
	Plans    map[string]map[string]int
	Oldest   time.Time
}

//fluxo:flow
func (s *Service) Summary(ctx context.Context, customer string) (Summary, error) {
	sum := Summary{Customer: customer, Monthly: map[string]int64{}, Plans: make(map[string]map[string]int)}
	subs, err := s.subs.ByCustomer(ctx, customer)
	if err != nil {
		return sum, err
	}
	plans, err := s.plans.All(ctx)
	if err != nil {
		return sum, err
	}
	byID := make(map[string]Plan, len(plans))
	for _, p := range plans {
		byID[p.ID] = p
	}
	sort.Slice(subs, func(i, j int) bool { return subs[i].Started.Before(subs[j].Started) })
	if len(subs) > 0 {
		sum.Oldest = subs[0].Started
	}
	for _, sub := range subs {
		if sub.Cancelled != nil {
			continue
		}
		p, ok := byID[sub.PlanID]
		if !ok {
			return sum, fmt.Errorf("subscription %s: unknown plan %s", sub.ID, sub.PlanID)
		}
		sum.Active++
		months := float64(p.Interval) / float64(30*24*time.Hour)
		sum.Monthly[p.Price.Currency] += int64(float64(p.Price.Amount*int64(sub.Seats)) / months)
		if sum.Plans[p.ID] == nil {
			sum.Plans[p.ID] = map[string]int{}
		}
		sum.Plans[p.ID][sub.Started.Format("2006-01")]++
	}
	return sum, nil
}

//fluxo:flow
func (s *Service) Cheapest(ctx context.Context, currency string, seats int) (*Plan, error) {
	plans, err := s.plans.All(ctx)
	if err != nil {
		return nil, err
	}
	fits := slices.DeleteFunc(plans, func(p Plan) bool { return p.Price.Currency != currency || p.Seats < seats })
	if len(fits) == 0 {
		return nil, nil
	}
	best := slices.MinFunc(fits, func(a, b Plan) int {
		return cmp.Or(cmp.Compare(a.Price.Amount, b.Price.Amount), strings.Compare(a.ID, b.ID))
	})
	return &best, nil
}

// BillAll bills every subscription of a customer and gathers what failed.
//
//fluxo:flow
func (s *Service) BillAll(ctx context.Context, customer string) (billed []string, err error) {
	subs, err := s.subs.ByCustomer(ctx, customer)
	if err != nil {
		return nil, err
	}
	var errs []error
	var wg sync.WaitGroup
	var mu sync.Mutex
	for i := range subs {
		wg.Add(1)
		go func(id string) {
			defer wg.Done()
			inv, err := s.Bill(ctx, id)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", id, err))
				return
			}
			billed = append(billed, inv.ID)
		}(subs[i].ID)
	}
	wg.Wait()
	return billed, errors.Join(errs...)
}
