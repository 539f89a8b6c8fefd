// Package tickets sells train tickets. HTTP is gin, storage is gorm.
package tickets

import "time"

type Station struct {
	ID   uint   `gorm:"primaryKey" json:"id"`
	Name string `gorm:"uniqueIndex" json:"name"`
	City string `json:"city"`
}

type Route struct {
	ID       uint   `gorm:"primaryKey"`
	Stations []Stop `gorm:"foreignKey:RouteID"`
}

type Stop struct {
	RouteID    uint
	StationID  uint
	Order      int
	DistanceKm float64
}

type Trip struct {
	ID        string `gorm:"primaryKey" json:"tripId"`
	RouteID   uint   `json:"-"`
	TrainType string `json:"trainType"`
	Departure time.Duration
}

type TrainType struct {
	Name         string `gorm:"primaryKey"`
	EconomySeats int
	ComfortSeats int
	SpeedKmh     float64
}

type OrderStatus int

const (
	NotPaid OrderStatus = iota
	Paid
	Collected
	Cancelled
	Used
)

type Order struct {
	ID          string      `gorm:"primaryKey" json:"id"`
	AccountID   string      `json:"accountId"`
	TripID      string      `json:"tripId"`
	From, To    uint        `json:"-"`
	TravelDate  time.Time   `json:"travelDate"`
	TravelTime  time.Time   `json:"travelTime"`
	SeatClass   int         `json:"seatClass"`
	Seat        int         `json:"seat"`
	Price       float64     `json:"price"`
	Status      OrderStatus `json:"status"`
	ContactName string      `json:"contactName"`
}

type PriceRate struct {
	TrainType string `gorm:"primaryKey"`
	RouteID   uint   `gorm:"primaryKey"`
	Economy   float64
	Comfort   float64
}
