package tickets

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"gorm.io/gorm"
)

type OrderController struct {
	DB   *gorm.DB
	Cash interface {
		Refund(account string, amount float64) error
	}
}

type orderQuery struct {
	AccountID string    `json:"loginId" binding:"required"`
	From      time.Time `json:"travelDateStart"`
	To        time.Time `json:"travelDateEnd"`
	Status    *int      `json:"state"`
	Page      int       `json:"page"`
	Size      int       `json:"size"`
}

//fluxo:flow
func (o *OrderController) Refresh(c *gin.Context) {
	var q orderQuery
	if err := c.ShouldBindJSON(&q); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	if q.Size <= 0 || q.Size > 100 {
		q.Size = 20
	}

	tx := o.DB.WithContext(c).Model(&Order{}).Where("account_id = ?", q.AccountID)
	if q.Status != nil {
		tx = tx.Where("status = ?", *q.Status)
	}
	if !q.From.IsZero() {
		tx = tx.Where("travel_date >= ?", q.From)
	}
	if !q.To.IsZero() {
		tx = tx.Where("travel_date <= ?", q.To)
	}

	var total int64
	if err := tx.Count(&total).Error; err != nil {
		c.JSON(http.StatusInternalServerError, gin.H{"error": "count"})
		return
	}
	var list []Order
	if err := tx.Order("travel_date desc").Offset(q.Page * q.Size).Limit(q.Size).Find(&list).Error; err != nil {
		c.JSON(http.StatusInternalServerError, gin.H{"error": "list"})
		return
	}
	c.JSON(http.StatusOK, gin.H{"data": list, "total": total, "pages": (total + int64(q.Size) - 1) / int64(q.Size)})
}

//fluxo:flow
func (o *OrderController) GetOrder(c *gin.Context) {
	var order Order
	err := o.DB.WithContext(c).First(&order, "id = ?", c.Param("orderId")).Error
	switch {
	case err == gorm.ErrRecordNotFound:
		c.Status(http.StatusNotFound)
	case err != nil:
		c.Status(http.StatusInternalServerError)
	default:
		if order.AccountID != c.GetString("account") {
			c.Status(http.StatusForbidden)
			return
		}
		c.JSON(http.StatusOK, order)
	}
}

//fluxo:flow
func (o *OrderController) Create(c *gin.Context) {
	var order Order
	if err := c.BindJSON(&order); err != nil {
		return // BindJSON has answered
	}
	order.ID = uuid.NewString()
	order.Status = NotPaid

	db := o.DB.WithContext(c)
	var same int64
	db.Model(&Order{}).Where("account_id = ? AND trip_id = ? AND travel_date = ? AND status < ?",
		order.AccountID, order.TripID, order.TravelDate, Cancelled).Count(&same)
	if same > 0 {
		c.JSON(http.StatusConflict, gin.H{"error": "order already exists"})
		return
	}
	if err := db.Create(&order).Error; err != nil {
		c.JSON(http.StatusInternalServerError, gin.H{"error": "create"})
		return
	}
	c.JSON(http.StatusCreated, order)
}

// Cancel pays back what the fare conditions allow: everything that was not paid
// costs nothing, eighty percent before departure, nothing after.
//
//fluxo:flow
func (o *OrderController) Cancel(c *gin.Context) {
	db := o.DB.WithContext(c)
	var order Order
	if err := db.First(&order, "id = ?", c.Param("orderId")).Error; err != nil {
		c.JSON(http.StatusNotFound, gin.H{"error": "order not found"})
		return
	}

	var refund float64
	switch order.Status {
	case NotPaid:
	case Paid:
		refund = refundFor(order, time.Now())
	default:
		c.JSON(http.StatusConflict, gin.H{"error": "order cannot be cancelled"})
		return
	}

	order.Status = Cancelled
	if err := db.Save(&order).Error; err != nil {
		c.JSON(http.StatusInternalServerError, gin.H{"error": "save"})
		return
	}
	if refund > 0 {
		if err := o.Cash.Refund(order.AccountID, refund); err != nil {
			c.JSON(http.StatusBadGateway, gin.H{"error": "refund", "order": order.ID})
			return
		}
	}
	c.JSON(http.StatusOK, gin.H{"refund": refund})
}

func refundFor(o Order, now time.Time) float64 {
	at := time.Date(o.TravelDate.Year(), o.TravelDate.Month(), o.TravelDate.Day(),
		o.TravelTime.Hour(), o.TravelTime.Minute(), 0, 0, time.UTC)
	if now.After(at) {
		return 0
	}
	return round2(o.Price * 0.8)
}
