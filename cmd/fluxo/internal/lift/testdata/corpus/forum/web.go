// Package forum is a small server-rendered forum: gorilla/mux, sessions, templates.
package forum

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/base64"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"log"
	"mime/multipart"
	"net/http"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"
	"github.com/gorilla/sessions"
)

//go:embed *.gohtml
var files embed.FS

var tmpl = template.Must(template.New("").Funcs(template.FuncMap{
	"ago": func(t time.Time) string { return time.Since(t).Round(time.Minute).String() },
}).ParseFS(files, "*.gohtml"))

var store = sessions.NewCookieStore([]byte(os.Getenv("SESSION_KEY")))

type Thread struct {
	ID      int
	Title   string
	Author  string
	Created time.Time
	Posts   []Post
}

type Post struct {
	ID     int
	Author string
	Body   template.HTML
}

type ThreadStore interface {
	//fluxo:reads threads:{id}
	Thread(ctx context.Context, id int) (*Thread, error)
	//fluxo:reads threads
	Threads(ctx context.Context, limit, offset int) ([]Thread, error)
	//fluxo:writes threads:{thread}
	AddPost(ctx context.Context, thread int, author, body string) (int, error)
}

type App struct {
	DB      *sql.DB
	Threads ThreadStore
	Log     *log.Logger
	Version string
}

func (app *App) serverError(w http.ResponseWriter, err error) {
	app.Log.Output(2, err.Error())
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}

func (app *App) render(w http.ResponseWriter, name string, data any) {
	buf := new(bytes.Buffer)
	if err := tmpl.ExecuteTemplate(buf, name, data); err != nil {
		app.serverError(w, err)
		return
	}
	buf.WriteTo(w)
}

//fluxo:flow
func (app *App) Home(w http.ResponseWriter, r *http.Request) {
	page := 1
	if p := r.FormValue("page"); p != "" {
		n, err := strconv.Atoi(p)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		page = n
	}
	threads, err := app.Threads.Threads(r.Context(), 30, (page-1)*30)
	if err != nil {
		app.serverError(w, err)
		return
	}
	sess, _ := store.Get(r, "forum")
	user, _ := sess.Values["user"].(string)
	app.render(w, "home.gohtml", map[string]any{
		"Threads": threads,
		"User":    user,
		"Flash":   sess.Flashes(),
		"Version": app.Version,
	})
}

//fluxo:flow
func (app *App) ShowThread(w http.ResponseWriter, r *http.Request) {
	vars := mux.Vars(r)
	id, err := strconv.Atoi(vars["id"])
	if err != nil || id < 1 {
		http.NotFound(w, r)
		return
	}
	t, err := app.Threads.Thread(r.Context(), id)
	if err == sql.ErrNoRows {
		http.NotFound(w, r)
		return
	} else if err != nil {
		app.serverError(w, err)
		return
	}
	h := sha256.New()
	for _, p := range t.Posts {
		fmt.Fprintf(h, "%d:%s", p.ID, p.Body)
	}
	etag := `"` + hex.EncodeToString(h.Sum(nil)[:8]) + `"`
	if r.Header.Get("If-None-Match") == etag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("ETag", etag)
	app.render(w, "thread.gohtml", t)
}

//fluxo:flow
func (app *App) Reply(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, "bad form", http.StatusBadRequest)
		return
	}
	id, _ := strconv.Atoi(mux.Vars(r)["id"])
	body := strings.TrimSpace(r.PostForm.Get("body"))
	errs := map[string]string{}
	if body == "" {
		errs["body"] = "cannot be blank"
	} else if len(body) > 10000 {
		errs["body"] = "is too long"
	}
	sess, err := store.Get(r, "forum")
	if err != nil {
		app.serverError(w, err)
		return
	}
	user, ok := sess.Values["user"].(string)
	if !ok {
		http.Redirect(w, r, "/login?next="+r.URL.Path, http.StatusSeeOther)
		return
	}
	if len(errs) > 0 {
		app.render(w, "reply.gohtml", struct {
			Errors map[string]string
			Body   string
		}{errs, body})
		return
	}
	n, err := app.Threads.AddPost(r.Context(), id, user, body)
	if err != nil {
		app.serverError(w, err)
		return
	}
	sess.AddFlash("Posted!")
	if err := sess.Save(r, w); err != nil {
		app.serverError(w, err)
		return
	}
	http.Redirect(w, r, fmt.Sprintf("/t/%d#p%d", id, n), http.StatusFound)
}

//fluxo:flow
func (app *App) Login(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		app.render(w, "login.gohtml", nil)
	case http.MethodPost:
		user, pass := r.FormValue("user"), r.FormValue("pass")
		var hash string
		row := app.DB.QueryRow("SELECT hash FROM users WHERE name = ?", user)
		if err := row.Scan(&hash); err != nil {
			if err == sql.ErrNoRows {
				w.WriteHeader(http.StatusUnauthorized)
				app.render(w, "login.gohtml", "unknown user")
				return
			}
			app.serverError(w, err)
			return
		}
		sum := sha256.Sum256([]byte(pass))
		if base64.StdEncoding.EncodeToString(sum[:]) != hash {
			w.WriteHeader(http.StatusUnauthorized)
			app.render(w, "login.gohtml", "wrong password")
			return
		}
		sess, _ := store.New(r, "forum")
		sess.Values["user"] = user
		sess.Options.MaxAge = 86400
		if err := sess.Save(r, w); err != nil {
			app.serverError(w, err)
			return
		}
		http.Redirect(w, r, "/", http.StatusSeeOther)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
	}
}

//fluxo:flow
func (app *App) Avatar(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseMultipartForm(10 << 20); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var file multipart.File
	file, hdr, err := r.FormFile("avatar")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	defer file.Close()
	head := make([]byte, 512)
	n, err := file.Read(head)
	if err != nil && err != io.EOF {
		app.serverError(w, err)
		return
	}
	ct := http.DetectContentType(head[:n])
	if !strings.HasPrefix(ct, "image/") {
		http.Error(w, "not an image: "+ct, http.StatusUnsupportedMediaType)
		return
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		app.serverError(w, err)
		return
	}
	data, err := io.ReadAll(file)
	if err != nil {
		app.serverError(w, err)
		return
	}
	if err := os.WriteFile(path.Join("avatars", path.Base(hdr.Filename)), data, 0o644); err != nil {
		app.serverError(w, err)
		return
	}
	fmt.Fprintf(w, "stored %d bytes\n", len(data))
}

//fluxo:flow
func (app *App) MembersCSV(w http.ResponseWriter, r *http.Request) {
	rows, err := app.DB.QueryContext(r.Context(), "SELECT name, email, joined FROM users")
	if err != nil {
		app.serverError(w, err)
		return
	}
	defer rows.Close()
	w.Header().Set("Content-Type", "text/csv")
	cw := csv.NewWriter(w)
	defer cw.Flush()
	_ = cw.Write([]string{"name", "email", "joined"})
	for rows.Next() {
		var name string
		var email sql.NullString
		var joined time.Time
		if err := rows.Scan(&name, &email, &joined); err != nil {
			app.Log.Println(err)
			return
		}
		rec := []string{name, "", joined.Format(time.DateOnly)}
		if email.Valid {
			rec[1] = email.String
		}
		if err := cw.Write(rec); err != nil {
			return
		}
	}
	if err := rows.Err(); err != nil {
		app.Log.Println(err)
	}
}
