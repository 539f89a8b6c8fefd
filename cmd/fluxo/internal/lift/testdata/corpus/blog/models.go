package blog

import (
	"time"

	"gorm.io/gorm"
)

type UserModel struct {
	ID       uint    `gorm:"primaryKey"`
	Username string  `gorm:"uniqueIndex"`
	Email    string  `gorm:"uniqueIndex"`
	Bio      string  `gorm:"size:1024"`
	Image    *string `gorm:"column:image"`
}

type FollowModel struct {
	gorm.Model
	FollowingID  uint
	FollowedByID uint
}

type ArticleModel struct {
	ID          uint
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Slug        string `gorm:"uniqueIndex"`
	Title       string
	Description string `gorm:"size:2048"`
	Body        string
	AuthorID    uint
	Author      UserModel
	Tags        []TagModel     `gorm:"many2many:article_tags;"`
	Comments    []CommentModel `gorm:"foreignKey:ArticleID"`
}

type FavoriteModel struct {
	gorm.Model
	FavoriteID   uint
	FavoriteByID uint
}

type TagModel struct {
	ID  uint
	Tag string `gorm:"uniqueIndex"`
}

type CommentModel struct {
	ID        uint
	CreatedAt time.Time
	ArticleID uint
	AuthorID  uint
	Author    UserModel
	Body      string
}

type ProfileResponse struct {
	Username  string  `json:"username"`
	Bio       string  `json:"bio"`
	Image     *string `json:"image"`
	Following bool    `json:"following"`
}

type ArticleResponse struct {
	Slug           string          `json:"slug"`
	Title          string          `json:"title"`
	Description    string          `json:"description"`
	Body           string          `json:"body"`
	CreatedAt      string          `json:"createdAt"`
	UpdatedAt      string          `json:"updatedAt"`
	Author         ProfileResponse `json:"author"`
	Tags           []string        `json:"tagList"`
	Favorite       bool            `json:"favorited"`
	FavoritesCount int64           `json:"favoritesCount"`
}

type CommentResponse struct {
	ID        uint            `json:"id"`
	Body      string          `json:"body"`
	CreatedAt string          `json:"createdAt"`
	Author    ProfileResponse `json:"author"`
}
