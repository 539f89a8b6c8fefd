// Package orders keeps orders in MongoDB and asks other services about the rest.
package orders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.uber.org/zap"
)

type Line struct {
	SKU   string `bson:"sku"`
	Count int    `bson:"count"`
	Cents int64  `bson:"cents"`
}

type Order struct {
	ID       primitive.ObjectID `bson:"_id,omitempty"`
	Customer string             `bson:"customer"`
	Lines    []Line             `bson:"lines"`
	State    string             `bson:"state"`
	Coupon   string             `bson:"coupon,omitempty"`
	Placed   time.Time          `bson:"placed"`
}

type Customer struct {
	ID    string
	Email string
	Tier  string
}

type Customers interface {
	//fluxo:reads customers:{id}
	Get(ctx context.Context, id string) (*Customer, error)
}

type Couriers interface {
	//fluxo:volatile 1m
	Track(ctx context.Context, orderID string) (status string, eta time.Time, err error)
}

type Stock interface {
	//fluxo:effect
	Reserve(ctx context.Context, sku string, count int) error
	//fluxo:effect
	Release(ctx context.Context, sku string, count int) error
}

var ErrNotFound = errors.New("order not found")

type Service struct {
	orders    *mongo.Collection
	coupons   *mongo.Collection
	customers Customers
	couriers  Couriers
	stock     Stock
	log       *zap.Logger
}

type Details struct {
	Order    Order
	Customer *Customer
	Status   string
	ETA      *time.Time
	Total    int64
	Discount int64
}

//fluxo:flow
func (s *Service) GetOrder(ctx context.Context, id string) (*Details, error) {
	oid, err := primitive.ObjectIDFromHex(id)
	if err != nil {
		return nil, fmt.Errorf("%w: %q is no id", ErrNotFound, id)
	}
	var order Order
	if err := s.orders.FindOne(ctx, bson.M{"_id": oid}).Decode(&order); err != nil {
		if errors.Is(err, mongo.ErrNoDocuments) {
			return nil, ErrNotFound
		}
		return nil, fmt.Errorf("find order %s: %w", id, err)
	}

	d := &Details{Order: order, Status: order.State}
	if d.Customer, err = s.customers.Get(ctx, order.Customer); err != nil {
		return nil, fmt.Errorf("customer of order %s: %w", id, err)
	}

	for _, l := range order.Lines {
		d.Total += int64(l.Count) * l.Cents
	}
	if order.Coupon != "" {
		var coupon struct {
			Percent int64     `bson:"percent"`
			Expires time.Time `bson:"expires"`
		}
		err := s.coupons.FindOne(ctx, bson.M{"_id": order.Coupon}).Decode(&coupon)
		switch {
		case err == mongo.ErrNoDocuments:
			s.log.Warn("order with unknown coupon", zap.String("order", id), zap.String("coupon", order.Coupon))
		case err != nil:
			return nil, err
		case coupon.Expires.After(order.Placed):
			d.Discount = d.Total * coupon.Percent / 100
		}
	}
	if d.Customer.Tier == "gold" {
		d.Discount += d.Total / 20
	}

	if order.State == "shipped" {
		status, eta, err := s.couriers.Track(ctx, id)
		if err != nil {
			s.log.Info("tracking unavailable", zap.Error(err))
		} else {
			d.Status = status
			d.ETA = &eta
		}
	}
	return d, nil
}

// ListOrders pages through a customer's orders, newest first. The token is the
// id of the last order of the page before.
//
//fluxo:flow
func (s *Service) ListOrders(ctx context.Context, customer, token string, size int64) ([]Order, string, error) {
	if size <= 0 || size > 100 {
		size = 25
	}
	filter := bson.M{"customer": customer}
	if token != "" {
		last, err := primitive.ObjectIDFromHex(token)
		if err != nil {
			return nil, "", fmt.Errorf("bad page token: %w", err)
		}
		filter["_id"] = bson.M{"$lt": last}
	}
	opts := options.Find().SetSort(bson.D{{Key: "_id", Value: -1}}).SetLimit(size)
	cursor, err := s.orders.Find(ctx, filter, opts)
	if err != nil {
		return nil, "", err
	}
	var page []Order
	if err = cursor.All(ctx, &page); err != nil {
		return nil, "", err
	}
	next := ""
	if int64(len(page)) == size {
		next = page[len(page)-1].ID.Hex()
	}
	return page, next, nil
}

//fluxo:flow
func (s *Service) PlaceOrder(ctx context.Context, customer string, lines []Line, coupon string) (string, error) {
	if len(lines) == 0 {
		return "", errors.New("an order needs at least one line")
	}
	if _, err := s.customers.Get(ctx, customer); err != nil {
		return "", fmt.Errorf("place order: %w", err)
	}
	for i, l := range lines {
		if l.Count <= 0 {
			return "", fmt.Errorf("line %d: bad count %d", i+1, l.Count)
		}
		if err := s.stock.Reserve(ctx, l.SKU, l.Count); err != nil {
			for _, done := range lines[:i] {
				if e := s.stock.Release(ctx, done.SKU, done.Count); e != nil {
					s.log.Error("release", zap.String("sku", done.SKU), zap.Error(e))
				}
			}
			return "", fmt.Errorf("reserve %s: %w", l.SKU, err)
		}
	}
	res, err := s.orders.InsertOne(ctx, Order{
		Customer: customer, Lines: lines, Coupon: coupon, State: "placed", Placed: time.Now(),
	})
	if err != nil {
		return "", fmt.Errorf("place order: %w", err)
	}
	return res.InsertedID.(primitive.ObjectID).Hex(), nil
}
