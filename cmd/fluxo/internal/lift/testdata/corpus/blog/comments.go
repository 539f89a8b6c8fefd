package blog

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"
	"gorm.io/gorm"
)

// The second generation of the API moved from gin to chi. Comments and profiles
// came first.

type contextKey string

const userKey contextKey = "user"

type API struct {
	db *gorm.DB
}

func (a *API) Routes() http.Handler {
	r := chi.NewRouter()
	r.Get("/articles/{slug}/comments", a.listComments)
	r.Post("/articles/{slug}/comments", a.addComment)
	r.Delete("/articles/{slug}/comments/{id}", a.deleteComment)
	r.Get("/profiles/{username}", a.showProfile)
	return r
}

//fluxo:flow
func (a *API) listComments(w http.ResponseWriter, r *http.Request) {
	slug := chi.URLParam(r, "slug")
	db := a.db.WithContext(r.Context())

	var article ArticleModel
	if err := db.Select("id").Where("slug = ?", slug).First(&article).Error; err != nil {
		respondError(w, http.StatusNotFound, "article not found")
		return
	}
	var comments []CommentModel
	if err := db.Preload("Author").Where("article_id = ?", article.ID).Order("created_at").Find(&comments).Error; err != nil {
		respondError(w, http.StatusInternalServerError, "could not load comments")
		return
	}

	me, signedIn := r.Context().Value(userKey).(UserModel)
	following := map[uint]bool{}
	if signedIn {
		for _, c := range comments {
			if _, done := following[c.AuthorID]; done {
				continue
			}
			var n int64
			db.Model(&FollowModel{}).Where("following_id = ? AND followed_by_id = ?", c.AuthorID, me.ID).Count(&n)
			following[c.AuthorID] = n > 0
		}
	}

	out := make([]CommentResponse, 0, len(comments))
	for _, c := range comments {
		out = append(out, CommentResponse{
			ID: c.ID, Body: c.Body, CreatedAt: c.CreatedAt.UTC().Format(timeLayout),
			Author: ProfileResponse{
				Username: c.Author.Username, Bio: c.Author.Bio, Image: c.Author.Image,
				Following: following[c.AuthorID],
			},
		})
	}
	respond(w, http.StatusOK, map[string]any{"comments": out})
}

//fluxo:flow
func (a *API) addComment(w http.ResponseWriter, r *http.Request) {
	me, ok := r.Context().Value(userKey).(UserModel)
	if !ok {
		respondError(w, http.StatusUnauthorized, "sign in first")
		return
	}
	var in struct {
		Comment struct {
			Body string `json:"body"`
		} `json:"comment"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Comment.Body == "" {
		respondError(w, http.StatusUnprocessableEntity, "body can't be empty")
		return
	}
	var article ArticleModel
	if err := a.db.WithContext(r.Context()).First(&article, "slug = ?", chi.URLParam(r, "slug")).Error; err != nil {
		respondError(w, http.StatusNotFound, "article not found")
		return
	}
	comment := CommentModel{ArticleID: article.ID, AuthorID: me.ID, Author: me, Body: in.Comment.Body}
	if err := a.db.WithContext(r.Context()).Omit("Author").Create(&comment).Error; err != nil {
		respondError(w, http.StatusInternalServerError, "could not save comment")
		return
	}
	respond(w, http.StatusCreated, map[string]any{"comment": CommentResponse{
		ID: comment.ID, Body: comment.Body, CreatedAt: comment.CreatedAt.UTC().Format(timeLayout),
		Author: ProfileResponse{Username: me.Username, Bio: me.Bio, Image: me.Image},
	}})
}

//fluxo:flow
func (a *API) deleteComment(w http.ResponseWriter, r *http.Request) {
	me, ok := r.Context().Value(userKey).(UserModel)
	if !ok {
		respondError(w, http.StatusUnauthorized, "sign in first")
		return
	}
	id, err := strconv.ParseUint(chi.URLParam(r, "id"), 10, 64)
	if err != nil {
		respondError(w, http.StatusBadRequest, "bad id")
		return
	}
	res := a.db.WithContext(r.Context()).Where("author_id = ?", me.ID).Delete(&CommentModel{}, id)
	if res.Error != nil {
		respondError(w, http.StatusInternalServerError, "could not delete")
		return
	}
	if res.RowsAffected == 0 {
		respondError(w, http.StatusNotFound, "comment not found")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

//fluxo:flow
func (a *API) showProfile(w http.ResponseWriter, r *http.Request) {
	var u UserModel
	if err := a.db.WithContext(r.Context()).Where("username = ?", chi.URLParam(r, "username")).First(&u).Error; err != nil {
		respondError(w, http.StatusNotFound, "profile not found")
		return
	}
	p := ProfileResponse{Username: u.Username, Bio: u.Bio, Image: u.Image}
	if me, ok := r.Context().Value(userKey).(UserModel); ok {
		var n int64
		a.db.WithContext(r.Context()).Model(&FollowModel{}).
			Where("following_id = ? AND followed_by_id = ?", u.ID, me.ID).Count(&n)
		p.Following = n > 0
	}
	respond(w, http.StatusOK, map[string]any{"profile": p})
}

func respond(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func respondError(w http.ResponseWriter, status int, msg string) {
	respond(w, status, map[string]any{"errors": map[string][]string{"body": {msg}}})
}
