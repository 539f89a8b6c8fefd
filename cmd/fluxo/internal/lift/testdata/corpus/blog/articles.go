package blog

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

type ArticleHandler struct {
	db *gorm.DB
}

const timeLayout = "2006-01-02T15:04:05.999Z"

// currentUser is set by AuthMiddleware; the zero user is a guest.
//
//fluxo:context
func currentUser(c *gin.Context) UserModel {
	if u, ok := c.Get("my_user_model"); ok {
		return u.(UserModel)
	}
	return UserModel{}
}

//fluxo:flow
func (h *ArticleHandler) ArticleList(c *gin.Context) {
	tag := c.Query("tag")
	author := c.Query("author")
	favorited := c.Query("favorited")
	limit, errLimit := strconv.Atoi(c.Query("limit"))
	if errLimit != nil {
		limit = 20
	}
	offset, errOffset := strconv.Atoi(c.Query("offset"))
	if errOffset != nil {
		offset = 0
	}

	q := h.db.WithContext(c).Model(&ArticleModel{})
	if tag != "" {
		q = q.Joins("JOIN article_tags at ON at.article_model_id = article_models.id").
			Joins("JOIN tag_models t ON t.id = at.tag_model_id").
			Where("t.tag = ?", tag)
	} else if author != "" {
		var u UserModel
		h.db.WithContext(c).Where(UserModel{Username: author}).First(&u)
		q = q.Where("author_id = ?", u.ID)
	} else if favorited != "" {
		var u UserModel
		h.db.WithContext(c).Where(UserModel{Username: favorited}).First(&u)
		q = q.Where("id IN (?)", h.db.Model(&FavoriteModel{}).Select("favorite_id").Where("favorite_by_id = ?", u.ID))
	}

	var count int64
	if err := q.Count(&count).Error; err != nil {
		c.JSON(http.StatusNotFound, NewError("articles", errors.New("invalid param")))
		return
	}
	var models []ArticleModel
	if err := q.Preload("Author").Preload("Tags").Order("updated_at desc").Offset(offset).Limit(limit).Find(&models).Error; err != nil {
		c.JSON(http.StatusNotFound, NewError("articles", errors.New("invalid param")))
		return
	}

	me := currentUser(c)
	response := []ArticleResponse{}
	for _, a := range models {
		response = append(response, h.serialize(c, a, me))
	}
	c.JSON(http.StatusOK, gin.H{"articles": response, "articlesCount": count})
}

//fluxo:flow
func (h *ArticleHandler) ArticleFeed(c *gin.Context) {
	me := currentUser(c)
	if me.ID == 0 {
		c.AbortWithError(http.StatusUnauthorized, errors.New("{error : \"Require auth!\"}"))
		return
	}
	limit, _ := strconv.Atoi(c.DefaultQuery("limit", "20"))
	offset, _ := strconv.Atoi(c.DefaultQuery("offset", "0"))

	var follows []FollowModel
	if err := h.db.WithContext(c).Where(FollowModel{FollowedByID: me.ID}).Find(&follows).Error; err != nil {
		c.JSON(http.StatusNotFound, NewError("articles", err))
		return
	}
	ids := make([]uint, 0, len(follows))
	for _, f := range follows {
		ids = append(ids, f.FollowingID)
	}
	var models []ArticleModel
	err := h.db.WithContext(c).Preload("Author").Preload("Tags").
		Where("author_id in (?)", ids).Order("updated_at desc").
		Offset(offset).Limit(limit).Find(&models).Error
	if err != nil {
		c.JSON(http.StatusNotFound, NewError("articles", err))
		return
	}
	response := make([]ArticleResponse, len(models))
	for i := range models {
		response[i] = h.serialize(c, models[i], me)
	}
	c.JSON(http.StatusOK, gin.H{"articles": response, "articlesCount": len(response)})
}

//fluxo:flow
func (h *ArticleHandler) ArticleRetrieve(c *gin.Context) {
	slug := c.Param("slug")
	if slug == "feed" {
		h.ArticleFeed(c)
		return
	}
	var a ArticleModel
	if err := h.db.WithContext(c).Preload("Author").Preload("Tags").Where(&ArticleModel{Slug: slug}).First(&a).Error; err != nil {
		c.JSON(http.StatusNotFound, NewError("articles", errors.New("invalid slug")))
		return
	}
	c.JSON(http.StatusOK, gin.H{"article": h.serialize(c, a, currentUser(c))})
}

//fluxo:flow
func (h *ArticleHandler) ArticleCreate(c *gin.Context) {
	var in struct {
		Article struct {
			Title       string   `json:"title" binding:"required,min=4"`
			Description string   `json:"description" binding:"max=2048"`
			Body        string   `json:"body" binding:"max=2048"`
			Tags        []string `json:"tagList"`
		} `json:"article"`
	}
	if err := c.ShouldBindJSON(&in); err != nil {
		c.JSON(http.StatusUnprocessableEntity, NewError("article", err))
		return
	}
	me := currentUser(c)
	a := ArticleModel{
		Slug: slugify(in.Article.Title), Title: in.Article.Title,
		Description: in.Article.Description, Body: in.Article.Body,
		AuthorID: me.ID, Author: me,
	}
	for _, name := range in.Article.Tags {
		var t TagModel
		if err := h.db.WithContext(c).FirstOrCreate(&t, TagModel{Tag: name}).Error; err != nil {
			c.JSON(http.StatusUnprocessableEntity, NewError("database", err))
			return
		}
		a.Tags = append(a.Tags, t)
	}
	if err := h.db.WithContext(c).Create(&a).Error; err != nil {
		c.JSON(http.StatusUnprocessableEntity, NewError("database", err))
		return
	}
	c.JSON(http.StatusCreated, gin.H{"article": h.serialize(c, a, me)})
}

//fluxo:flow
func (h *ArticleHandler) TagList(c *gin.Context) {
	var models []TagModel
	if err := h.db.WithContext(c).Find(&models).Error; err != nil {
		c.JSON(http.StatusNotFound, NewError("articles", errors.New("invalid param")))
		return
	}
	tags := make([]string, 0, len(models))
	for _, m := range models {
		tags = append(tags, m.Tag)
	}
	sort.Strings(tags)
	c.JSON(http.StatusOK, gin.H{"tags": tags})
}

//fluxo:reads articles
func (h *ArticleHandler) serialize(ctx context.Context, a ArticleModel, me UserModel) ArticleResponse {
	var favorites, mine, follows int64
	h.db.WithContext(ctx).Model(&FavoriteModel{}).Where(FavoriteModel{FavoriteID: a.ID}).Count(&favorites)
	if me.ID != 0 {
		h.db.WithContext(ctx).Model(&FavoriteModel{}).Where(FavoriteModel{FavoriteID: a.ID, FavoriteByID: me.ID}).Count(&mine)
		h.db.WithContext(ctx).Model(&FollowModel{}).Where(FollowModel{FollowingID: a.AuthorID, FollowedByID: me.ID}).Count(&follows)
	}
	r := ArticleResponse{
		Slug: a.Slug, Title: a.Title, Description: a.Description, Body: a.Body,
		CreatedAt: a.CreatedAt.UTC().Format(timeLayout),
		UpdatedAt: a.UpdatedAt.UTC().Format(timeLayout),
		Author:    ProfileResponse{a.Author.Username, a.Author.Bio, a.Author.Image, follows > 0},
		Favorite:  mine > 0, FavoritesCount: favorites,
	}
	r.Tags = make([]string, 0)
	for _, t := range a.Tags {
		r.Tags = append(r.Tags, t.Tag)
	}
	return r
}

func NewError(key string, err error) gin.H {
	return gin.H{"errors": map[string]interface{}{key: err.Error()}}
}

func slugify(title string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(title) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
			dash = false
		} else if !dash && b.Len() > 0 {
			b.WriteByte('-')
			dash = true
		}
	}
	return fmt.Sprint(strings.TrimSuffix(b.String(), "-"))
}
