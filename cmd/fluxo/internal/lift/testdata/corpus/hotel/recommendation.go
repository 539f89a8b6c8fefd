package hotel

import (
	"context"
	"fmt"
	"math"
	"strconv"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

type candidate struct {
	ID    string  `bson:"hotelId"`
	Lat   float64 `bson:"lat"`
	Lon   float64 `bson:"lon"`
	Rate  float64 `bson:"rate"`
	Price float64 `bson:"price"`
}

// Recommendation picks hotels by one of three wishes.
type Recommendation struct {
	coll *mongo.Collection
}

//fluxo:reads recommendations
func (s *Recommendation) load(ctx context.Context) (map[string]candidate, error) {
	cur, err := s.coll.Find(ctx, bson.M{})
	if err != nil {
		return nil, err
	}
	var all []candidate
	if err := cur.All(ctx, &all); err != nil {
		return nil, err
	}
	hotels := make(map[string]candidate)
	for _, h := range all {
		hotels[h.ID] = h
	}
	return hotels, nil
}

//fluxo:flow
func (s *Recommendation) GetRecommendations(ctx context.Context, require string, lat, lon float64) ([]string, error) {
	hotels, err := s.load(ctx)
	if err != nil {
		return nil, fmt.Errorf("recommendation: %w", err)
	}

	res := []string{}
	switch require {
	case "dis":
		min := math.MaxFloat64
		for _, h := range hotels {
			if d := distanceKm(lat, lon, h.Lat, h.Lon); d < min {
				min = d
			}
		}
		for _, h := range hotels {
			if distanceKm(lat, lon, h.Lat, h.Lon) == min {
				res = append(res, h.ID)
			}
		}
	case "rate":
		max := 0.0
		for _, h := range hotels {
			if h.Rate > max {
				max = h.Rate
			}
		}
		for _, h := range hotels {
			if h.Rate == max {
				res = append(res, h.ID)
			}
		}
	case "price":
		min := math.MaxFloat64
		for _, h := range hotels {
			if h.Price < min {
				min = h.Price
			}
		}
		for _, h := range hotels {
			if h.Price == min {
				res = append(res, h.ID)
			}
		}
	default:
		return nil, fmt.Errorf("wrong parameter: %s", strconv.Quote(require))
	}
	return res, nil
}
