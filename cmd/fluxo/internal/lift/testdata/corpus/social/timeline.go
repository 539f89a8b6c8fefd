package social

import (
	"context"
	"errors"
	"sort"
	"strconv"
	"sync"
	"time"
)

type User struct {
	ID       int64
	Username string
}

type Media struct {
	ID   int64
	Type string
}

type URL struct {
	Short    string
	Expanded string
}

type Post struct {
	ID        int64
	Creator   User
	Text      string
	Mentions  []User
	Media     []Media
	URLs      []URL
	CreatedAt time.Time
	Type      int
}

type PostStorage interface {
	//fluxo:writes posts:{post.ID}
	StorePost(ctx context.Context, post Post) error
	//fluxo:reads posts:{id}
	ReadPost(ctx context.Context, id int64) (Post, error)
	//fluxo:reads posts
	ReadPosts(ctx context.Context, ids []int64) ([]Post, error)
}

// ZSet is the part of a redis client that timelines need.
type ZSet interface {
	//fluxo:writes timelines:{key}
	ZAdd(ctx context.Context, key string, score float64, member string) error
	//fluxo:reads timelines:{key}
	ZRevRange(ctx context.Context, key string, start, stop int64) ([]string, error)
}

type SocialGraph interface {
	//fluxo:reads followers:{userID}
	GetFollowers(ctx context.Context, userID int64) ([]int64, error)
	//fluxo:reads followees:{userID}
	GetFollowees(ctx context.Context, userID int64) ([]int64, error)
}

var ErrBadRange = errors.New("social: stop must be greater than start")

// HomeTimeline is the merged stream of everybody somebody follows.
type HomeTimeline struct {
	redis ZSet
	posts PostStorage
	graph SocialGraph
}

//fluxo:flow
func (h *HomeTimeline) ReadHomeTimeline(ctx context.Context, userID int64, start, stop int64) ([]Post, error) {
	if stop <= start || start < 0 {
		return nil, ErrBadRange
	}
	members, err := h.redis.ZRevRange(ctx, strconv.FormatInt(userID, 10), start, stop-1)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, len(members))
	for _, m := range members {
		id, err := strconv.ParseInt(m, 10, 64)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return h.posts.ReadPosts(ctx, ids)
}

// WriteHomeTimeline fans a post out to everyone who should see it.
//
//fluxo:flow
func (h *HomeTimeline) WriteHomeTimeline(ctx context.Context, postID, userID int64, at time.Time, mentions []int64) error {
	followers, err := h.graph.GetFollowers(ctx, userID)
	if err != nil {
		return err
	}
	seen := make(map[int64]bool)
	for _, f := range followers {
		seen[f] = true
	}
	for _, m := range mentions {
		seen[m] = true
	}
	receivers := make([]int64, 0, len(seen))
	for id := range seen {
		receivers = append(receivers, id)
	}
	sort.Slice(receivers, func(i, j int) bool { return receivers[i] < receivers[j] })

	value := strconv.FormatInt(postID, 10)
	for _, id := range receivers {
		if err := h.redis.ZAdd(ctx, strconv.FormatInt(id, 10), float64(at.UnixMilli()), value); err != nil {
			return err
		}
	}
	return nil
}

// UserTimeline is what one user wrote.
type UserTimeline struct {
	redis   ZSet
	archive Archive
	posts   PostStorage
}

type Archive interface {
	//fluxo:reads posts
	PostIDs(ctx context.Context, userID int64, limit int64) ([]int64, error)
}

//fluxo:flow
func (u *UserTimeline) ReadUserTimeline(ctx context.Context, userID int64, start, stop int64) ([]Post, error) {
	if stop <= start || start < 0 {
		return []Post{}, nil
	}
	members, err := u.redis.ZRevRange(ctx, strconv.FormatInt(userID, 10), start, stop-1)
	if err != nil {
		return nil, err
	}

	var ids []int64
	for _, m := range members {
		if id, err := strconv.ParseInt(m, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}

	// redis only keeps the newest entries, the rest is in the archive
	var older []int64
	if start+int64(len(ids)) < stop {
		older, err = u.archive.PostIDs(ctx, userID, stop)
		if err != nil {
			return nil, err
		}
		if int64(len(older)) > start+int64(len(ids)) {
			ids = append(ids, older[start+int64(len(ids)):]...)
		}
	}

	var (
		wg         sync.WaitGroup
		posts      []Post
		err1, err2 error
	)
	wg.Add(2)
	go func() {
		defer wg.Done()
		posts, err1 = u.posts.ReadPosts(ctx, ids)
	}()
	go func() {
		defer wg.Done()
		for i, id := range older {
			if err2 = u.redis.ZAdd(ctx, strconv.FormatInt(userID, 10), float64(-i), strconv.FormatInt(id, 10)); err2 != nil {
				return
			}
		}
	}()
	wg.Wait()
	if err1 != nil {
		return nil, err1
	}
	return posts, err2
}
