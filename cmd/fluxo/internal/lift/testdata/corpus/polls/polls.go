// Package polls lets signed-in people vote and everybody look at the results.
package polls

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"sort"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

type Poll struct {
	ID       string
	Question string
	Choices  []string
	Owner    string
	Closes   time.Time
	Hidden   bool // results only after it closed
}

type Vote struct {
	Poll   string
	Voter  string
	Choice int
	At     time.Time
}

var (
	ErrNoPoll = errors.New("no such poll")
	ErrVoted  = errors.New("already voted")
)

type Repo interface {
	//fluxo:reads polls:{id}
	Poll(ctx context.Context, id string) (Poll, error)
	//fluxo:reads polls
	Open(ctx context.Context, now time.Time, limit, offset int) ([]Poll, error)
	//fluxo:reads votes:{poll}
	Votes(ctx context.Context, poll string) ([]Vote, error)
	//fluxo:reads votes:{poll}:{voter}
	VoteOf(ctx context.Context, poll, voter string) (int, bool, error)
	//fluxo:writes votes:{v.Poll}
	Cast(ctx context.Context, v Vote) error
}

type accountKey struct{}

type Account struct {
	Name  string
	Admin bool
}

// AccountFrom returns who the auth middleware let in.
//
//fluxo:context
func AccountFrom(ctx context.Context) (Account, bool) {
	a, ok := ctx.Value(accountKey{}).(Account)
	return a, ok
}

type App struct {
	repo Repo
	page *template.Template
	log  *slog.Logger
}

func (a *App) Router() http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.RequestID, middleware.Recoverer)
	r.Get("/", a.Index)
	r.Route("/polls/{id}", func(r chi.Router) {
		r.Get("/", a.Show)
		r.Get("/results.json", a.Results)
		r.Post("/vote", a.Cast)
	})
	return r
}

//fluxo:flow
func (a *App) Index(w http.ResponseWriter, r *http.Request) {
	page := 1
	if _, err := fmt.Sscanf(r.URL.Query().Get("page"), "%d", &page); err != nil || page < 1 {
		page = 1
	}
	open, err := a.repo.Open(r.Context(), time.Now(), 20, (page-1)*20)
	if err != nil {
		a.oops(w, r, err)
		return
	}

	type line struct {
		Poll
		Voters int
		Voted  bool
	}
	account, signedIn := AccountFrom(r.Context())
	lines := make([]line, 0, len(open))
	for _, p := range open {
		votes, err := a.repo.Votes(r.Context(), p.ID)
		if err != nil {
			a.oops(w, r, err)
			return
		}
		l := line{Poll: p, Voters: len(votes)}
		if signedIn {
			if _, l.Voted, err = a.repo.VoteOf(r.Context(), p.ID, account.Name); err != nil {
				a.log.WarnContext(r.Context(), "vote lookup", "poll", p.ID, "err", err)
			}
		}
		lines = append(lines, l)
	}
	sort.SliceStable(lines, func(i, j int) bool { return lines[i].Closes.Before(lines[j].Closes) })
	a.render(w, r, "index", map[string]any{"Polls": lines, "Account": account, "Next": page + 1})
}

//fluxo:flow
func (a *App) Show(w http.ResponseWriter, r *http.Request) {
	p, err := a.repo.Poll(r.Context(), chi.URLParam(r, "id"))
	if errors.Is(err, ErrNoPoll) {
		http.NotFound(w, r)
		return
	} else if err != nil {
		a.oops(w, r, err)
		return
	}
	data := map[string]any{"Poll": p, "Open": time.Now().Before(p.Closes)}
	if account, ok := AccountFrom(r.Context()); ok {
		choice, voted, err := a.repo.VoteOf(r.Context(), p.ID, account.Name)
		if err != nil {
			a.oops(w, r, err)
			return
		}
		if voted {
			data["Mine"] = p.Choices[choice]
		}
		data["CanEdit"] = account.Admin || account.Name == p.Owner
	}
	a.render(w, r, "show", data)
}

//fluxo:flow
func (a *App) Results(w http.ResponseWriter, r *http.Request) {
	p, err := a.repo.Poll(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if p.Hidden && time.Now().Before(p.Closes) {
		account, _ := AccountFrom(r.Context())
		if !account.Admin && account.Name != p.Owner {
			http.Error(w, "results are hidden until "+p.Closes.Format(time.Kitchen), http.StatusForbidden)
			return
		}
	}
	votes, err := a.repo.Votes(r.Context(), p.ID)
	if err != nil {
		a.oops(w, r, err)
		return
	}
	tally := make([]int, len(p.Choices))
	for _, v := range votes {
		if v.Choice < 0 || v.Choice >= len(tally) {
			a.log.Error("vote out of range", "poll", p.ID, "choice", v.Choice)
			continue
		}
		tally[v.Choice]++
	}
	type result struct {
		Choice  string  `json:"choice"`
		Votes   int     `json:"votes"`
		Percent float64 `json:"percent"`
	}
	results := make([]result, len(tally))
	for i, n := range tally {
		results[i] = result{Choice: p.Choices[i], Votes: n}
		if len(votes) > 0 {
			results[i].Percent = 100 * float64(n) / float64(len(votes))
		}
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(results)
}

//fluxo:flow
func (a *App) Cast(w http.ResponseWriter, r *http.Request) {
	account, ok := AccountFrom(r.Context())
	if !ok {
		http.Redirect(w, r, "/login", http.StatusSeeOther)
		return
	}
	p, err := a.repo.Poll(r.Context(), chi.URLParam(r, "id"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if !time.Now().Before(p.Closes) {
		http.Error(w, "this poll is closed", http.StatusGone)
		return
	}
	choice := -1
	for i, c := range p.Choices {
		if c == r.PostFormValue("choice") {
			choice = i
			break
		}
	}
	if choice < 0 {
		http.Error(w, "choose one of the answers", http.StatusBadRequest)
		return
	}
	err = a.repo.Cast(r.Context(), Vote{Poll: p.ID, Voter: account.Name, Choice: choice, At: time.Now()})
	switch {
	case errors.Is(err, ErrVoted):
		http.Error(w, err.Error(), http.StatusConflict)
	case err != nil:
		a.oops(w, r, err)
	default:
		http.Redirect(w, r, "/polls/"+p.ID, http.StatusSeeOther)
	}
}

func (a *App) render(w http.ResponseWriter, r *http.Request, name string, data any) {
	if err := a.page.ExecuteTemplate(w, name, data); err != nil {
		a.log.ErrorContext(r.Context(), "render", "template", name, "err", err)
	}
}

func (a *App) oops(w http.ResponseWriter, r *http.Request, err error) {
	a.log.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "request", middleware.GetReqID(r.Context()), "err", err)
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}
