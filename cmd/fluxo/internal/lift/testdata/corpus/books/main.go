// Command books is the reading list of a small library. One file, one table too
// many, and it has been running since 2017.
package main

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"html/template"
	"log"
	"math/rand"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

type book struct {
	ID       int       `json:"id"`
	Title    string    `json:"title"`
	Author   string    `json:"author"`
	Year     int       `json:"year"`
	Copies   int       `json:"copies"`
	Lent     int       `json:"lent"`
	Reviews  []review  `json:"reviews,omitempty"`
	Acquired time.Time `json:"-"`
}

type review struct {
	Stars int    `json:"stars"`
	Text  string `json:"text"`
}

var db *sql.DB

var listPage = template.Must(template.New("list").Parse(`<ul>{{range .}}<li><a href="/book?id={{.ID}}">{{.Title}}</a> ({{.Year}}) {{.Author}}{{end}}</ul>`))

func main() {
	var err error
	db, err = sql.Open(os.Getenv("DB_DRIVER"), os.Getenv("DB_DSN"))
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", listBooks)
	http.HandleFunc("/book", showBook)
	http.HandleFunc("/lend", lendBook)
	http.HandleFunc("/surprise", surprise)
	log.Fatal(http.ListenAndServe(":8080", nil))
}

//fluxo:reads books:{id}
func loadBook(id int) (b book, err error) {
	err = db.QueryRow("select id, title, author, year, copies, lent from books where id = ?", id).
		Scan(&b.ID, &b.Title, &b.Author, &b.Year, &b.Copies, &b.Lent)
	return b, err
}

//fluxo:reads reviews:{id}
func loadReviews(id int) ([]review, error) {
	rows, err := db.Query("select stars, text from reviews where book = ? order by id desc", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var rs []review
	for rows.Next() {
		var r review
		if err := rows.Scan(&r.Stars, &r.Text); err != nil {
			return nil, err
		}
		rs = append(rs, r)
	}
	return rs, nil
}

//fluxo:reads books
func findBooks(author string, order string) ([]book, error) {
	q := "select id, title, author, year, copies, lent from books"
	var args []any
	if author != "" {
		q += " where author like ?"
		args = append(args, "%"+author+"%")
	}
	switch order {
	case "year", "title", "author":
		q += " order by " + order
	default:
		q += " order by id"
	}
	rows, err := db.Query(q, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var bs []book
	for rows.Next() {
		var b book
		err := rows.Scan(&b.ID, &b.Title, &b.Author, &b.Year, &b.Copies, &b.Lent)
		if err != nil {
			return nil, err
		}
		bs = append(bs, b)
	}
	return bs, rows.Err()
}

//fluxo:writes books:{id}
func lend(id int) (bool, error) {
	res, err := db.Exec("update books set lent = lent + 1 where id = ? and lent < copies", id)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

//fluxo:flow
func listBooks(w http.ResponseWriter, r *http.Request) {
	bs, err := findBooks(r.URL.Query().Get("author"), r.URL.Query().Get("order"))
	if err != nil {
		log.Println("list:", err)
		http.Error(w, "sorry", 500)
		return
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(bs)
		return
	}
	listPage.Execute(w, bs)
}

//fluxo:flow
func showBook(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.URL.Query().Get("id"))
	if err != nil {
		http.Error(w, "which book?", 400)
		return
	}
	b, err := loadBook(id)
	if err == sql.ErrNoRows {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.Error(w, "sorry", 500)
		return
	}
	if b.Reviews, err = loadReviews(id); err != nil {
		log.Println("reviews:", err) // show the book anyway
	}
	total := 0
	for _, rev := range b.Reviews {
		total += rev.Stars
	}
	fmt.Fprintf(w, "%s, by %s (%d)\n", b.Title, b.Author, b.Year)
	if n := len(b.Reviews); n > 0 {
		fmt.Fprintf(w, "%.1f stars from %d readers\n", float64(total)/float64(n), n)
	}
	if b.Lent >= b.Copies {
		fmt.Fprintln(w, "all copies are lent")
	}
}

//fluxo:flow
func lendBook(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		http.Error(w, "POST only", http.StatusMethodNotAllowed)
		return
	}
	id, _ := strconv.Atoi(r.FormValue("id"))
	ok, err := lend(id)
	if err != nil {
		log.Println("lend:", err)
		http.Error(w, "sorry", 500)
		return
	}
	if !ok {
		http.Error(w, "no copy left", http.StatusConflict)
		return
	}
	http.Redirect(w, r, "/book?id="+strconv.Itoa(id), http.StatusSeeOther)
}

//fluxo:flow
func surprise(w http.ResponseWriter, r *http.Request) {
	bs, err := findBooks("", "")
	if err != nil || len(bs) == 0 {
		http.Error(w, "nothing today", 404)
		return
	}
	b := bs[rand.Intn(len(bs))]
	http.Redirect(w, r, fmt.Sprintf("/book?id=%d", b.ID), http.StatusFound)
}
