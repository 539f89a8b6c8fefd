// Package reports renders the pages that people in the office look at all day.
package reports

import (
	"context"
	"database/sql"
	"fmt"
	"html/template"
	"math"
	"net/http"
	"sort"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
)

var (
	pageViews = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "report_views_total", Help: "Report pages served.",
	}, []string{"report"})
	pageSeconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "report_seconds", Help: "Time to build a report.",
	}, []string{"report"})
)

func init() { prometheus.MustRegister(pageViews, pageSeconds) }

type sale struct {
	day    time.Time
	region string
	rep    string
	cents  int64
}

type Office struct {
	db  *sql.DB
	tpl *template.Template
}

// Dashboard shows the month so far against the month before.
//
//fluxo:flow
func (o *Office) Dashboard(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	defer func() {
		pageViews.WithLabelValues("dashboard").Inc()
		pageSeconds.WithLabelValues("dashboard").Observe(time.Since(start).Seconds())
	}()

	month := time.Date(start.Year(), start.Month(), 1, 0, 0, 0, 0, time.UTC)
	var (
		current, previous []sale
		targets           map[string]int64
	)
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() (err error) {
		current, err = o.sales(ctx, month, month.AddDate(0, 1, 0))
		return
	})
	g.Go(func() (err error) {
		previous, err = o.sales(ctx, month.AddDate(0, -1, 0), month)
		return
	})
	g.Go(func() (err error) {
		targets, err = o.targets(ctx, month)
		return
	})
	if err := g.Wait(); err != nil {
		http.Error(w, "the database does not answer", http.StatusBadGateway)
		return
	}

	type row struct {
		Region, Sum, Change, Bar string
		Reached                  bool
	}
	now, then := sumBy(current, byRegion), sumBy(previous, byRegion)
	regions := make([]string, 0, len(now))
	for region := range now {
		regions = append(regions, region)
	}
	sort.Strings(regions)

	var rows []row
	var best int64
	for _, v := range now {
		if v > best {
			best = v
		}
	}
	for _, region := range regions {
		rw := row{Region: region, Sum: euros(now[region]), Change: "new"}
		if p := then[region]; p != 0 {
			rw.Change = fmt.Sprintf("%+.1f%%", 100*(float64(now[region])/float64(p)-1))
		}
		if best > 0 {
			rw.Bar = strings.Repeat("█", int(math.Round(20*float64(now[region])/float64(best))))
		}
		if t, ok := targets[region]; ok && now[region] >= t {
			rw.Reached = true
		}
		rows = append(rows, rw)
	}
	if err := o.tpl.ExecuteTemplate(w, "dashboard.html", map[string]any{
		"Month": month.Format("January 2006"),
		"Rows":  rows,
		"Top":   topReps(current, 3),
	}); err != nil {
		fmt.Fprintln(w, "<!-- incomplete -->")
	}
}

// RepPage shows one salesperson's weeks.
//
//fluxo:flow
func (o *Office) RepPage(w http.ResponseWriter, r *http.Request) {
	rep := strings.ToLower(r.PathValue("rep"))
	year := time.Now().Year()
	if y := r.URL.Query().Get("year"); y != "" {
		if _, err := fmt.Sscan(y, &year); err != nil {
			http.Error(w, "year?", http.StatusBadRequest)
			return
		}
	}
	from := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
	all, err := o.sales(r.Context(), from, from.AddDate(1, 0, 0))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}

	var weeks [54]int64
	found := false
	for _, s := range all {
		if s.rep != rep {
			continue
		}
		found = true
		_, week := s.day.ISOWeek()
		weeks[week] += s.cents
	}
	if !found {
		http.NotFound(w, r)
		return
	}

	var sb strings.Builder
	running := int64(0)
	for week, cents := range weeks {
		if cents == 0 {
			continue
		}
		running += cents
		fmt.Fprintf(&sb, "%02d  %12s  %12s\n", week, euros(cents), euros(running))
	}
	pageViews.WithLabelValues("rep").Inc()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte(sb.String()))
}

//fluxo:reads sales
func (o *Office) sales(ctx context.Context, from, to time.Time) ([]sale, error) {
	rows, err := o.db.QueryContext(ctx, "SELECT day, region, rep, cents FROM sales WHERE day >= ? AND day < ?", from, to)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []sale
	for rows.Next() {
		var s sale
		if err := rows.Scan(&s.day, &s.region, &s.rep, &s.cents); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, rows.Err()
}

//fluxo:reads targets
func (o *Office) targets(ctx context.Context, month time.Time) (map[string]int64, error) {
	rows, err := o.db.QueryContext(ctx, "SELECT region, cents FROM targets WHERE month = ?", month)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	m := make(map[string]int64)
	for rows.Next() {
		var region string
		var cents int64
		if err := rows.Scan(&region, &cents); err != nil {
			return nil, err
		}
		m[region] = cents
	}
	return m, rows.Err()
}

func byRegion(s sale) string { return s.region }
func byRep(s sale) string    { return s.rep }

func sumBy[K comparable](sales []sale, key func(sale) K) map[K]int64 {
	m := make(map[K]int64)
	for _, s := range sales {
		m[key(s)] += s.cents
	}
	return m
}

func topReps(sales []sale, n int) []string {
	sums := sumBy(sales, byRep)
	reps := make([]string, 0, len(sums))
	for rep := range sums {
		reps = append(reps, rep)
	}
	sort.Slice(reps, func(i, j int) bool {
		if sums[reps[i]] == sums[reps[j]] {
			return reps[i] < reps[j]
		}
		return sums[reps[i]] > sums[reps[j]]
	})
	if len(reps) > n {
		reps = reps[:n]
	}
	return reps
}

func euros(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	s := fmt.Sprint(cents / 100)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return fmt.Sprintf("%s%s,%02d €", sign, s, cents%100)
}
