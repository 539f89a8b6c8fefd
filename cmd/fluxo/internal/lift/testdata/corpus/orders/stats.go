package orders

import (
	"context"
	"sort"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.uber.org/zap"
)

type Bestseller struct {
	SKU   string
	Count int
	Cents int64
}

// Bestsellers adds up what was sold since a day. It reads through a cursor because
// a busy month does not fit in memory.
//
//fluxo:flow
func (s *Service) Bestsellers(ctx context.Context, since time.Time, top int) ([]Bestseller, error) {
	cursor, err := s.orders.Find(ctx, bson.M{"placed": bson.M{"$gte": since}, "state": bson.M{"$ne": "cancelled"}})
	if err != nil {
		return nil, err
	}
	defer cursor.Close(ctx)

	sold := make(map[string]*Bestseller)
	for cursor.Next(ctx) {
		var o Order
		if err := cursor.Decode(&o); err != nil {
			s.log.Error("undecodable order", zap.Error(err))
			continue
		}
		for _, l := range o.Lines {
			b := sold[l.SKU]
			if b == nil {
				b = &Bestseller{SKU: l.SKU}
				sold[l.SKU] = b
			}
			b.Count += l.Count
			b.Cents += int64(l.Count) * l.Cents
		}
	}
	if err := cursor.Err(); err != nil {
		return nil, err
	}

	list := make([]Bestseller, 0, len(sold))
	for _, b := range sold {
		list = append(list, *b)
	}
	sort.Slice(list, func(i, j int) bool {
		if list[i].Count != list[j].Count {
			return list[i].Count > list[j].Count
		}
		return list[i].SKU < list[j].SKU
	})
	if len(list) > top {
		list = list[:top]
	}
	return list, nil
}

// Rebuy guesses what a customer is about to run out of: everything that was bought
// at least twice, and last longer ago than the mean time between.
//
//fluxo:flow
func (s *Service) Rebuy(ctx context.Context, customer string, now time.Time) ([]string, error) {
	cur, err := s.orders.Find(ctx, bson.M{"customer": customer})
	if err != nil {
		return nil, err
	}
	var all []Order
	if err := cur.All(ctx, &all); err != nil {
		return nil, err
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Placed.Before(all[j].Placed) })

	bought := map[string][]time.Time{}
	for _, o := range all {
		for _, l := range o.Lines {
			bought[l.SKU] = append(bought[l.SKU], o.Placed)
		}
	}
	var due []string
	for sku, times := range bought {
		n := len(times)
		if n < 2 {
			continue
		}
		mean := times[n-1].Sub(times[0]) / time.Duration(n-1)
		if now.Sub(times[n-1]) > mean {
			due = append(due, sku)
		}
	}
	sort.Strings(due)
	return due, nil
}
