// Package hotel finds, rates and books rooms. Each service is a struct; they are
// wired together behind the interfaces at the bottom of this file.
package hotel

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/bradfitz/gomemcache/memcache"
	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.uber.org/zap"
)

type Point struct {
	ID  string  `bson:"hotelId"`
	Lat float64 `bson:"lat"`
	Lon float64 `bson:"lon"`
}

type RatePlan struct {
	HotelID  string `bson:"hotelId"`
	Code     string `bson:"code"`
	InDate   string `bson:"inDate"`
	OutDate  string `bson:"outDate"`
	RoomRate struct {
		BookableRate   float64 `bson:"bookableRate"`
		TotalInclusive float64 `bson:"totalRateInclusive"`
		Code           string  `bson:"code"`
	} `bson:"roomType"`
}

type Profile struct {
	ID          string
	Name        string
	PhoneNumber string
	Description string
	Address     struct {
		Street, City, Country string
		Lat, Lon              float64
	}
}

type GeoService interface {
	//fluxo:volatile 1h
	Nearby(ctx context.Context, lat, lon float64) ([]string, error)
}

type RateService interface {
	GetRates(ctx context.Context, hotelIDs []string, in, out string) ([]*RatePlan, error)
}

type ProfileService interface {
	//fluxo:volatile 5m
	GetProfiles(ctx context.Context, ids []string, locale string) ([]*Profile, error)
}

type ReservationService interface {
	CheckAvailability(ctx context.Context, hotelIDs []string, in, out string, rooms int) ([]string, error)
}

// Search glues geo and rate together.
type Search struct {
	geo  GeoService
	rate RateService
	log  *zap.SugaredLogger
}

// Nearby returns the ids of hotels around the point that have a rate for the stay.
//
//fluxo:flow
func (s *Search) Nearby(ctx context.Context, lat, lon float64, inDate, outDate string) ([]string, error) {
	s.log.Debugf("in search nearby: lat = %f lon = %f", lat, lon)
	near, err := s.geo.Nearby(ctx, lat, lon)
	if err != nil {
		return nil, err
	}
	for _, hid := range near {
		s.log.Debugf("get nearby hotel id = %s", hid)
	}
	rates, err := s.rate.GetRates(ctx, near, inDate, outDate)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, plan := range rates {
		s.log.Debugf("got rate for hotel id = %s, code = %s", plan.HotelID, plan.Code)
		ids = append(ids, plan.HotelID)
	}
	return ids, nil
}

// Rate keeps the rate plans, in mongo with memcached in front.
type Rate struct {
	plans *mongo.Collection
	mc    *memcache.Client
	log   *zap.SugaredLogger
}

//fluxo:flow
func (s *Rate) GetRates(ctx context.Context, hotelIDs []string, inDate, outDate string) ([]*RatePlan, error) {
	plans := make([]*RatePlan, 0)
	for _, hotelID := range hotelIDs {
		// first check memcached
		item, err := s.mc.Get(hotelID)
		if err == nil {
			for _, line := range strings.Split(string(item.Value), "\n") {
				if len(line) == 0 {
					continue
				}
				plan := new(RatePlan)
				if err := json.Unmarshal([]byte(line), plan); err != nil {
					s.log.Warnw("bad plan in cache", "hotel", hotelID, "err", err)
					continue
				}
				plans = append(plans, plan)
			}
		} else if err == memcache.ErrCacheMiss {
			// memcached miss, set up mongo connection
			cur, err := s.plans.Find(ctx, bson.M{"hotelId": hotelID})
			if err != nil {
				return nil, fmt.Errorf("find rates of %s: %w", hotelID, err)
			}
			var found []*RatePlan
			if err := cur.All(ctx, &found); err != nil {
				return nil, fmt.Errorf("read rates of %s: %w", hotelID, err)
			}
			memcStr := ""
			for _, r := range found {
				plans = append(plans, r)
				rateJSON, err := json.Marshal(r)
				if err != nil {
					s.log.Errorf("failed to marshal plan [Code: %v] with error: %s", r.Code, err)
					continue
				}
				memcStr = memcStr + string(rateJSON) + "\n"
			}
			// write to memcached
			s.mc.Set(&memcache.Item{Key: hotelID, Value: []byte(memcStr)})
		} else {
			return nil, fmt.Errorf("memcached error while trying to get hotel [id: %v]: %w", hotelID, err)
		}
	}

	sort.Slice(plans, func(i, j int) bool {
		return plans[i].RoomRate.TotalInclusive > plans[j].RoomRate.TotalInclusive
	})
	return plans, nil
}

// Reservation counts the rooms that are taken on every night.
type Reservation struct {
	reservations *mongo.Collection
	capacities   *mongo.Collection
}

//fluxo:flow
func (s *Reservation) CheckAvailability(ctx context.Context, hotelIDs []string, in, out string, rooms int) ([]string, error) {
	available := []string{}
	inDate, err := time.Parse(time.RFC3339, in+"T12:00:00+00:00")
	if err != nil {
		return nil, err
	}
	outDate, err := time.Parse(time.RFC3339, out+"T12:00:00+00:00")
	if err != nil {
		return nil, err
	}

	for _, hotelID := range hotelIDs {
		var number struct {
			HotelID string `bson:"hotelId"`
			Number  int    `bson:"numberOfRoom"`
		}
		err := s.capacities.FindOne(ctx, bson.M{"hotelId": hotelID}).Decode(&number)
		if err != nil {
			return nil, fmt.Errorf("capacity of %s: %w", hotelID, err)
		}

		free := true
		for day := inDate; day.Before(outDate); day = day.AddDate(0, 0, 1) {
			from, to := day.Format("2006-01-02"), day.AddDate(0, 0, 1).Format("2006-01-02")
			taken, err := s.takenOn(ctx, hotelID, from, to)
			if err != nil {
				return nil, err
			}
			if taken+rooms > number.Number {
				free = false
				break
			}
		}
		if free {
			available = append(available, hotelID)
		}
	}
	return available, nil
}

//fluxo:reads reservations:{hotelID}
func (s *Reservation) takenOn(ctx context.Context, hotelID, from, to string) (int, error) {
	cur, err := s.reservations.Find(ctx, bson.M{"hotelId": hotelID, "inDate": from, "outDate": to})
	if err != nil {
		return 0, err
	}
	defer cur.Close(ctx)
	count := 0
	for cur.Next(ctx) {
		var r struct {
			Number int `bson:"number"`
		}
		if err := cur.Decode(&r); err != nil {
			return 0, err
		}
		count += r.Number
	}
	return count, cur.Err()
}

// MakeReservation books rooms, if there are enough of them on every night.
//
//fluxo:flow
func (s *Reservation) MakeReservation(ctx context.Context, customer, hotelID, in, out string, rooms int) (bool, error) {
	ids, err := s.CheckAvailability(ctx, []string{hotelID}, in, out, rooms)
	if err != nil {
		return false, err
	}
	if len(ids) == 0 {
		return false, nil
	}
	_, err = s.reservations.InsertOne(ctx, bson.M{
		"hotelId": hotelID, "customerName": customer,
		"inDate": in, "outDate": out, "number": rooms,
	})
	if err != nil {
		return false, fmt.Errorf("book %s rooms in %s: %w", strconv.Itoa(rooms), hotelID, err)
	}
	return true, nil
}
