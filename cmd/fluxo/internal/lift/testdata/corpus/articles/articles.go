// Package articles is a publishing platform: gin, gorm, JSON web tokens.
package articles

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"go.uber.org/zap"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

type ArticleController struct {
	DB  *gorm.DB
	Log *zap.Logger
}

type pageResponse struct {
	Items      interface{} `json:"items"`
	Total      int64       `json:"total"`
	Page       int         `json:"page"`
	PerPage    int         `json:"per_page"`
	TotalPages int         `json:"total_pages"`
}

// List returns the published articles, newest first.
//
//fluxo:flow
func (ctl *ArticleController) List(c *gin.Context) {
	page, err := strconv.Atoi(c.DefaultQuery("page", "1"))
	if err != nil || page < 1 {
		page = 1
	}
	perPage, _ := strconv.Atoi(c.DefaultQuery("per_page", "20"))
	if perPage <= 0 || perPage > 100 {
		perPage = 20
	}

	query := ctl.DB.WithContext(c.Request.Context()).Model(&Article{}).Where("published = ?", true)
	if tag := c.Query("tag"); tag != "" {
		query = query.Joins("JOIN article_tags at ON at.article_id = articles.id").
			Joins("JOIN tags t ON t.id = at.tag_id").
			Where("t.name = ?", tag)
	}
	if author := c.Query("author"); author != "" {
		query = query.Where("author_id = ?", author)
	}

	var total int64
	if err := query.Count(&total).Error; err != nil {
		ctl.Log.Error("count articles", zap.Error(err))
		c.JSON(http.StatusInternalServerError, gin.H{"error": "internal error"})
		return
	}

	var articles []Article
	if err := query.Preload("Author").Preload("Tags").Order("created_at desc").
		Limit(perPage).Offset((page - 1) * perPage).Find(&articles).Error; err != nil {
		ctl.Log.Error("list articles", zap.Error(err))
		c.JSON(http.StatusInternalServerError, gin.H{"error": "internal error"})
		return
	}

	c.JSON(http.StatusOK, pageResponse{
		Items:      articles,
		Total:      total,
		Page:       page,
		PerPage:    perPage,
		TotalPages: int((total + int64(perPage) - 1) / int64(perPage)),
	})
}

//fluxo:flow
func (ctl *ArticleController) Get(c *gin.Context) {
	slug := c.Param("slug")
	var article Article
	err := ctl.DB.Preload("Author").Preload("Tags").Where("slug = ?", slug).First(&article).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		c.AbortWithStatusJSON(http.StatusNotFound, gin.H{"error": "article not found"})
		return
	case err != nil:
		_ = c.Error(err)
		c.AbortWithStatusJSON(http.StatusInternalServerError, gin.H{"error": err.Error()})
		return
	}
	go func(id uint) {
		if err := ctl.DB.Model(&Article{}).Where("id = ?", id).
			UpdateColumn("view_count", gorm.Expr("view_count + 1")).Error; err != nil {
			ctl.Log.Warn("view count", zap.Uint("article", id), zap.Error(err))
		}
	}(article.ID)
	c.JSON(http.StatusOK, article)
}

type createArticleRequest struct {
	Title string   `json:"title" binding:"required,min=3,max=140"`
	Body  string   `json:"body" binding:"required"`
	Tags  []string `json:"tags" binding:"dive,min=1,max=32"`
}

func slugify(s string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
			dash = false
		case !dash && b.Len() > 0:
			b.WriteByte('-')
			dash = true
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}

//fluxo:flow
func (ctl *ArticleController) Create(c *gin.Context) {
	var req createArticleRequest
	if err := c.ShouldBindJSON(&req); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	user, ok := c.MustGet("user").(*User)
	if !ok {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}

	article := Article{Title: req.Title, Body: req.Body, AuthorID: user.ID, Slug: slugify(req.Title)}
	err := ctl.DB.Transaction(func(tx *gorm.DB) error {
		for _, name := range req.Tags {
			tag := Tag{Name: strings.TrimSpace(name)}
			if err := tx.Where(Tag{Name: tag.Name}).FirstOrCreate(&tag).Error; err != nil {
				return fmt.Errorf("tag %q: %w", name, err)
			}
			article.Tags = append(article.Tags, tag)
		}
		return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&article).Error
	})
	if err != nil {
		ctl.Log.Error("create article", zap.String("slug", article.Slug), zap.Error(err))
		c.JSON(http.StatusInternalServerError, gin.H{"error": "could not create article"})
		return
	}
	c.Header("Location", "/articles/"+article.Slug)
	c.JSON(http.StatusCreated, article)
}

//fluxo:flow
func (ctl *ArticleController) Delete(c *gin.Context) {
	id, err := strconv.ParseUint(c.Param("id"), 10, 64)
	if err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": "invalid id"})
		return
	}
	userID := c.GetUint("userID")
	role := c.GetString("role")

	var article Article
	if err := ctl.DB.First(&article, id).Error; err != nil {
		if errors.Is(err, gorm.ErrRecordNotFound) {
			c.Status(http.StatusNotFound)
			return
		}
		c.Status(http.StatusInternalServerError)
		return
	}
	if article.AuthorID != userID && role != "admin" {
		c.JSON(http.StatusForbidden, gin.H{"error": "not your article"})
		return
	}
	tx := ctl.DB.Begin()
	defer func() {
		if r := recover(); r != nil {
			tx.Rollback()
			panic(r)
		}
	}()
	if err := tx.Where("article_id = ?", id).Delete(&Comment{}).Error; err != nil {
		tx.Rollback()
		c.Status(http.StatusInternalServerError)
		return
	}
	if err := tx.Delete(&article).Error; err != nil {
		tx.Rollback()
		c.Status(http.StatusInternalServerError)
		return
	}
	if err := tx.Commit().Error; err != nil {
		c.Status(http.StatusInternalServerError)
		return
	}
	c.Status(http.StatusNoContent)
}

// Export writes all articles of the last 30 days as CSV.
//
//fluxo:flow
func (ctl *ArticleController) Export(c *gin.Context) {
	since := time.Now().AddDate(0, 0, -30)
	rows, err := ctl.DB.Model(&Article{}).Where("created_at > ?", since).Rows()
	if err != nil {
		c.AbortWithError(http.StatusInternalServerError, err)
		return
	}
	defer rows.Close()

	c.Header("Content-Type", "text/csv")
	c.Header("Content-Disposition", fmt.Sprintf("attachment; filename=articles-%s.csv", since.Format("2006-01-02")))
	fmt.Fprintln(c.Writer, "id,title,views")
	for rows.Next() {
		var a Article
		if err := ctl.DB.ScanRows(rows, &a); err != nil {
			ctl.Log.Error("scan", zap.Error(err))
			return
		}
		fmt.Fprintf(c.Writer, "%d,%q,%d\n", a.ID, a.Title, a.ViewCount)
		c.Writer.Flush()
	}
}
