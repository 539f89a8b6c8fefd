package social

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
)

type IDGenerator interface {
	ComposeUniqueID(ctx context.Context) (int64, error)
}

type UserService interface {
	//fluxo:reads users:{id}
	ByID(ctx context.Context, id int64) (User, error)
	//fluxo:reads users
	ByNames(ctx context.Context, names []string) ([]User, error)
}

type Shortener interface {
	//fluxo:effect
	Shorten(ctx context.Context, urls []string) ([]URL, error)
}

type MediaService interface {
	//fluxo:volatile 1m
	Compose(ctx context.Context, ids []int64, types []string) ([]Media, error)
}

var (
	mentionRE = regexp.MustCompile(`@[a-zA-Z0-9-_]+`)
	urlRE     = regexp.MustCompile(`https?://[a-zA-Z0-9_!~*'().&=+$%-/]+`)
)

const maxRunes = 500

type Composer struct {
	ids    IDGenerator
	users  UserService
	short  Shortener
	media  MediaService
	posts  PostStorage
	home   *HomeTimeline
	author ZSet
}

// ComposePost gathers the parts of a post from four services at once and stores
// the result.
//
//fluxo:flow
func (c *Composer) ComposePost(ctx context.Context, userID int64, text string, mediaIDs []int64, mediaTypes []string, postType int) (*Post, error) {
	if n := utf8.RuneCountInString(text); n == 0 || n > maxRunes {
		return nil, fmt.Errorf("compose: text has %d characters, allowed are 1 to %d", n, maxRunes)
	}

	var (
		id      int64
		creator User
		media   []Media
		body    string
		at      []User
		urls    []URL
	)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		var err error
		id, err = c.ids.ComposeUniqueID(gctx)
		return err
	})
	g.Go(func() error {
		var err error
		creator, err = c.users.ByID(gctx, userID)
		return err
	})
	g.Go(func() error {
		var err error
		media, err = c.media.Compose(gctx, mediaIDs, mediaTypes)
		return err
	})
	g.Go(func() error {
		var err error
		body, at, urls, err = c.composeText(gctx, text)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("compose: %w", err)
	}

	post := Post{
		ID: id, Creator: creator, Text: body, Mentions: at,
		Media: media, URLs: urls, CreatedAt: time.Now(), Type: postType,
	}
	if err := c.posts.StorePost(ctx, post); err != nil {
		return nil, fmt.Errorf("compose: store: %w", err)
	}

	mentioned := make([]int64, len(at))
	for i := range at {
		mentioned[i] = at[i].ID
	}
	if err := c.home.WriteHomeTimeline(ctx, id, userID, post.CreatedAt, mentioned); err != nil {
		return nil, fmt.Errorf("compose: timeline: %w", err)
	}
	return &post, nil
}

func (c *Composer) composeText(ctx context.Context, text string) (string, []User, []URL, error) {
	var names []string
	for _, m := range mentionRE.FindAllString(text, -1) {
		names = append(names, m[1:])
	}
	found := urlRE.FindAllString(text, -1)

	var users []User
	if len(names) > 0 {
		var err error
		if users, err = c.users.ByNames(ctx, names); err != nil {
			return "", nil, nil, err
		}
	}
	if len(found) == 0 {
		return text, users, nil, nil
	}
	urls, err := c.short.Shorten(ctx, found)
	if err != nil {
		return "", nil, nil, err
	}
	for i, u := range urls {
		text = strings.Replace(text, found[i], u.Short, 1)
	}
	return text, users, urls, nil
}
