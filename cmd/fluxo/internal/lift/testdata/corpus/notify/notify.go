// Package notify decides who hears about what, and builds the digest mails.
package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"sort"
	"sync"
	"text/template"
	"time"
)

type Person struct {
	ID    string
	Name  string
	Email string
	Zone  string
	Muted map[string]bool
}

type Notice struct {
	Topic string
	Title string
	At    time.Time
	Actor string
}

type Directory interface {
	//fluxo:reads people:{id}
	Person(ctx context.Context, id string) (*Person, error)
	//fluxo:reads followers:{topic}
	Followers(ctx context.Context, topic string) ([]string, error)
}

type Inbox interface {
	//fluxo:reads inbox:{person}
	Unread(ctx context.Context, person string, since time.Time) ([]Notice, error)
	//fluxo:writes inbox:{person}
	Put(ctx context.Context, person string, n Notice) error
	//fluxo:writes inbox:{person}
	MarkSent(ctx context.Context, person string, upTo time.Time) error
}

type Mail interface {
	//fluxo:effect
	Send(to, subject, body string) error
}

type Service struct {
	dir   Directory
	inbox Inbox
	mail  Mail
	body  *template.Template
}

// Digest is what one person is told.
type Digest struct {
	To     *Person
	Groups []Group
	Total  int
}

type Group struct {
	Topic  string
	Actors []string
	Items  []Notice
}

// BuildDigest gathers what happened to everything a person follows.
//
//fluxo:flow
func (s *Service) BuildDigest(ctx context.Context, id string, since time.Time) (*Digest, error) {
	p, err := s.dir.Person(ctx, id)
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, fmt.Errorf("nobody is called %q", id)
	}
	unread, err := s.inbox.Unread(ctx, id, since)
	if err != nil {
		return nil, err
	}

	loc, err := time.LoadLocation(p.Zone)
	if err != nil {
		loc = time.UTC
	}
	byTopic := groupBy(unread, func(n Notice) string { return n.Topic })

	d := &Digest{To: p}
	for topic, items := range byTopic {
		if p.Muted[topic] {
			continue
		}
		sort.Slice(items, func(i, j int) bool { return items[i].At.After(items[j].At) })
		for i := range items {
			items[i].At = items[i].At.In(loc)
		}
		names := unique(mapSlice(items, func(n Notice) string { return n.Actor }))
		actors := make([]string, 0, len(names))
		for _, actor := range names {
			a, err := s.dir.Person(ctx, actor)
			if err != nil || a == nil {
				actors = append(actors, "somebody")
				continue
			}
			actors = append(actors, a.Name)
		}
		d.Groups = append(d.Groups, Group{Topic: topic, Actors: actors, Items: items})
		d.Total += len(items)
	}
	sort.Slice(d.Groups, func(i, j int) bool { return d.Groups[i].Topic < d.Groups[j].Topic })
	return d, nil
}

// SendDigest mails the digest, unless there is nothing to say.
//
//fluxo:flow
func (s *Service) SendDigest(ctx context.Context, id string, since, now time.Time) (bool, error) {
	d, err := s.BuildDigest(ctx, id, since)
	if err != nil {
		return false, err
	}
	if d.Total == 0 {
		return false, nil
	}
	var buf bytes.Buffer
	if err := s.body.Execute(&buf, d); err != nil {
		return false, fmt.Errorf("digest of %s: %w", id, err)
	}
	subject := fmt.Sprintf("%d new things", d.Total)
	if d.Total == 1 {
		subject = d.Groups[0].Items[0].Title
	}
	if err := s.mail.Send(d.To.Email, subject, buf.String()); err != nil {
		return false, err
	}
	return true, s.inbox.MarkSent(ctx, id, now)
}

// Publish puts a notice into the inbox of everyone who follows its topic. One
// failing inbox does not keep it from the others.
//
//fluxo:flow
func (s *Service) Publish(ctx context.Context, n Notice) error {
	followers, err := s.dir.Followers(ctx, n.Topic)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	var errs []error
	for _, id := range followers {
		if id == n.Actor {
			continue
		}
		if err := s.inbox.Put(ctx, id, n); err != nil {
			log.Printf("notify: %s: %v", id, err)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// UnreadCounts asks all inboxes at the same time.
//
//fluxo:flow
func (s *Service) UnreadCounts(ctx context.Context, ids []string, since time.Time) (map[string]int, error) {
	counts := make([]int, len(ids))
	errs := make([]error, len(ids))
	var wg sync.WaitGroup
	for i, id := range ids {
		wg.Add(1)
		go func(i int, id string) {
			defer wg.Done()
			unread, err := s.inbox.Unread(ctx, id, since)
			counts[i], errs[i] = len(unread), err
		}(i, id)
	}
	wg.Wait()

	out := make(map[string]int, len(ids))
	for i, id := range ids {
		if errs[i] != nil {
			return nil, errs[i]
		}
		out[id] = counts[i]
	}
	return out, nil
}

// Watch tells about every new notice until the context ends.
//
//fluxo:flow
func (s *Service) Watch(ctx context.Context, id string, every time.Duration, tell func(Notice)) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	last := time.Now()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case now := <-ticker.C:
			unread, err := s.inbox.Unread(ctx, id, last)
			if err != nil {
				return err
			}
			for _, n := range unread {
				tell(n)
			}
			last = now
		}
	}
}

func groupBy[K comparable, V any](s []V, key func(V) K) map[K][]V {
	m := make(map[K][]V)
	for _, v := range s {
		k := key(v)
		m[k] = append(m[k], v)
	}
	return m
}

func mapSlice[T, U any](s []T, f func(T) U) []U {
	out := make([]U, len(s))
	for i, v := range s {
		out[i] = f(v)
	}
	return out
}

func unique[T comparable](s []T) []T {
	seen := make(map[T]bool, len(s))
	out := s[:0:0]
	for _, v := range s {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}
