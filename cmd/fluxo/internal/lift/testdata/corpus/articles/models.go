package articles

import (
	"time"

	"gorm.io/gorm"
)

type Article struct {
	gorm.Model
	Title     string `json:"title" binding:"required,min=3,max=140"`
	Slug      string `gorm:"uniqueIndex" json:"slug"`
	Body      string `json:"body"`
	AuthorID  uint   `json:"author_id"`
	Author    User   `json:"author"`
	Tags      []Tag  `gorm:"many2many:article_tags" json:"tags"`
	Published bool
	ViewCount int64
}

type User struct {
	ID           uint   `gorm:"primaryKey"`
	Email        string `gorm:"uniqueIndex"`
	PasswordHash string `json:"-"`
	Name         string
	Role         string
	LastLogin    *time.Time
}

type Tag struct {
	ID   uint
	Name string
}

type Comment struct {
	gorm.Model
	ArticleID uint
	UserID    uint
	Body      string
}

type AppError struct {
	Status  int    `json:"-"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Cause   error  `json:"-"`
}

func (e *AppError) Error() string { return e.Code + ": " + e.Message }
func (e *AppError) Unwrap() error { return e.Cause }

func NewBadRequest(msg string, cause error) *AppError {
	return &AppError{Status: 400, Code: "bad_request", Message: msg, Cause: cause}
}
