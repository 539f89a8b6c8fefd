package tickets

import (
	"context"
	"errors"
	"net/http"
	"sort"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

type TripResult struct {
	TripID       string  `json:"tripId"`
	TrainType    string  `json:"trainType"`
	From         string  `json:"from"`
	To           string  `json:"to"`
	Departs      string  `json:"departs"`
	Arrives      string  `json:"arrives"`
	EconomyLeft  int     `json:"economyLeft"`
	ComfortLeft  int     `json:"comfortLeft"`
	EconomyPrice float64 `json:"economyPrice"`
	ComfortPrice float64 `json:"comfortPrice"`
}

type TravelController struct {
	DB    *gorm.DB
	Seats SeatService
}

type SeatService interface {
	//fluxo:reads seats:{tripID}
	SoldSeats(ctx context.Context, tripID string, date time.Time, class int) (int, error)
}

// QueryTrips answers GET /trips?from=..&to=..&date=2006-01-02
//
//fluxo:flow
func (t *TravelController) QueryTrips(c *gin.Context) {
	from, to := c.Query("from"), c.Query("to")
	if from == "" || to == "" || strings.EqualFold(from, to) {
		c.JSON(http.StatusBadRequest, gin.H{"status": 0, "msg": "two different stations are required"})
		return
	}
	date, err := time.Parse("2006-01-02", c.DefaultQuery("date", ""))
	if err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"status": 0, "msg": "bad date"})
		return
	}

	db := t.DB.WithContext(c.Request.Context())
	var start, end Station
	if err := db.Where("name = ?", from).First(&start).Error; err != nil {
		t.fail(c, "from station", err)
		return
	}
	if err := db.Where("name = ?", to).First(&end).Error; err != nil {
		t.fail(c, "to station", err)
		return
	}

	var trips []Trip
	if err := db.Order("departure").Find(&trips).Error; err != nil {
		t.fail(c, "trips", err)
		return
	}

	results := make([]TripResult, 0)
	for _, trip := range trips {
		var route Route
		err := db.Preload("Stations").First(&route, trip.RouteID).Error
		if errors.Is(err, gorm.ErrRecordNotFound) {
			continue
		}
		if err != nil {
			t.fail(c, "route", err)
			return
		}
		a, b := indexOf(route.Stations, start.ID), indexOf(route.Stations, end.ID)
		if a < 0 || b < 0 || a >= b {
			continue
		}

		var train TrainType
		if err := db.First(&train, "name = ?", trip.TrainType).Error; err != nil {
			t.fail(c, "train type", err)
			return
		}
		var rate PriceRate
		if err := db.Where(&PriceRate{TrainType: trip.TrainType, RouteID: trip.RouteID}).Take(&rate).Error; err != nil {
			t.fail(c, "price", err)
			return
		}
		economy, err := t.Seats.SoldSeats(c.Request.Context(), trip.ID, date, 2)
		if err != nil {
			t.fail(c, "seats", err)
			return
		}
		comfort, err := t.Seats.SoldSeats(c.Request.Context(), trip.ID, date, 1)
		if err != nil {
			t.fail(c, "seats", err)
			return
		}

		toStart := distance(route.Stations[:a+1])
		length := distance(route.Stations[a : b+1])
		departs := date.Add(trip.Departure).Add(travelTime(toStart, train.SpeedKmh))
		arrives := departs.Add(travelTime(length, train.SpeedKmh))
		results = append(results, TripResult{
			TripID: trip.ID, TrainType: trip.TrainType, From: from, To: to,
			Departs:      departs.Format("15:04"),
			Arrives:      arrives.Format("15:04"),
			EconomyLeft:  train.EconomySeats - economy,
			ComfortLeft:  train.ComfortSeats - comfort,
			EconomyPrice: round2(length * rate.Economy),
			ComfortPrice: round2(length * rate.Comfort),
		})
	}

	switch c.Query("sort") {
	case "price":
		sort.SliceStable(results, func(i, j int) bool { return results[i].EconomyPrice < results[j].EconomyPrice })
	case "arrival":
		sort.SliceStable(results, func(i, j int) bool { return results[i].Arrives < results[j].Arrives })
	}
	c.JSON(http.StatusOK, gin.H{"status": 1, "msg": "success", "data": results})
}

// fail answers 404 for a missing row and 500 for everything else.
func (t *TravelController) fail(c *gin.Context, what string, err error) {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		c.AbortWithStatusJSON(http.StatusNotFound, gin.H{"status": 0, "msg": what + " not found"})
		return
	}
	_ = c.Error(err)
	c.AbortWithStatusJSON(http.StatusInternalServerError, gin.H{"status": 0, "msg": "internal error"})
}

func indexOf(stops []Stop, station uint) int {
	for i, s := range stops {
		if s.StationID == station {
			return i
		}
	}
	return -1
}

func distance(stops []Stop) float64 {
	d := 0.0
	for i := 1; i < len(stops); i++ {
		d += stops[i].DistanceKm
	}
	return d
}

func travelTime(km, speed float64) time.Duration {
	if speed <= 0 {
		return 0
	}
	return time.Duration(km / speed * float64(time.Hour)).Round(time.Minute)
}

func round2(x float64) float64 { return float64(int64(x*100+0.5)) / 100 }
