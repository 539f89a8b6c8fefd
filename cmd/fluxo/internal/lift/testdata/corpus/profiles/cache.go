// Package profiles serves profiles out of caches: redis, singleflight, sync.Map.
package profiles

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"time"

	gocache "github.com/patrickmn/go-cache"
	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"
)

type Profile struct {
	ID      string            `json:"id"`
	Name    string            `json:"name"`
	Emails  []string          `json:"emails"`
	Attrs   map[string]string `json:"attrs"`
	Version int               `json:"version"`
}

type ProfileSource interface {
	//fluxo:volatile 1m
	FetchProfile(ctx context.Context, id string) (*Profile, error)
}

type Service struct {
	rdb    redis.UniversalClient
	source ProfileSource
	group  singleflight.Group
	local  *gocache.Cache
	hot    sync.Map
	ttl    time.Duration
}

//fluxo:flow
func (s *Service) Profile(ctx context.Context, id string) (*Profile, error) {
	key := "profile:" + id
	raw, err := s.rdb.Get(ctx, key).Bytes()
	if err == nil {
		var p Profile
		if err := json.Unmarshal(raw, &p); err == nil {
			return &p, nil
		}
	} else if !errors.Is(err, redis.Nil) {
		return nil, fmt.Errorf("redis get %s: %w", key, err)
	}
	p, err := s.source.FetchProfile(ctx, id)
	if err != nil {
		return nil, err
	}
	if raw, err = json.Marshal(p); err == nil {
		s.rdb.Set(ctx, key, raw, s.ttl)
	}
	return p, nil
}

//fluxo:flow
func (s *Service) ProfileOnce(ctx context.Context, id string) (*Profile, error) {
	if v, ok := s.hot.Load(id); ok {
		return v.(*Profile), nil
	}
	v, err, shared := s.group.Do(id, func() (interface{}, error) {
		return s.source.FetchProfile(ctx, id)
	})
	if err != nil {
		return nil, err
	}
	p := v.(*Profile)
	if !shared {
		s.hot.Store(id, p)
	}
	return p, nil
}

//fluxo:flow
func (s *Service) ProfileLocal(ctx context.Context, id string) (p *Profile, err error) {
	if x, found := s.local.Get(id); found {
		return x.(*Profile), nil
	}
	pprof.Do(ctx, pprof.Labels("op", "fetch"), func(ctx context.Context) {
		p, err = s.source.FetchProfile(ctx, id)
	})
	if err != nil {
		return nil, err
	}
	s.local.Set(id, p, gocache.DefaultExpiration)
	return p, nil
}

//fluxo:flow
func (s *Service) Profiles(ctx context.Context, ids []string) (map[string]*Profile, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	out := make(map[string]*Profile, len(ids))
	var mu sync.Mutex
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for _, id := range ids {
		g.Go(func() error {
			p, err := s.source.FetchProfile(ctx, id)
			if err != nil {
				return fmt.Errorf("profile %s: %w", id, err)
			}
			mu.Lock()
			defer mu.Unlock()
			out[id] = p
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return out, nil
}

// Session is kept in redis for a week.
type Session struct {
	Token   string    `json:"token"`
	User    string    `json:"user"`
	Created time.Time `json:"created"`
	IP      string    `json:"ip"`
}

//fluxo:flow
func (s *Service) NewSession(ctx context.Context, user, ip string) (*Session, error) {
	b := make([]byte, 24)
	if _, err := rand.Read(b); err != nil {
		return nil, err
	}
	sess := &Session{Token: hex.EncodeToString(b), User: user, Created: time.Now(), IP: ip}
	data, err := json.Marshal(sess)
	if err != nil {
		return nil, err
	}
	pipe := s.rdb.TxPipeline()
	pipe.Set(ctx, "sess:"+sess.Token, data, 7*24*time.Hour)
	pipe.SAdd(ctx, "user-sess:"+user, sess.Token)
	pipe.Expire(ctx, "user-sess:"+user, 7*24*time.Hour)
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("save session: %w", err)
	}
	return sess, nil
}

//fluxo:flow
func (s *Service) Allow(ctx context.Context, key string, limit int64, window time.Duration) (bool, time.Duration, error) {
	h := fnv.New64a()
	h.Write([]byte(key))
	bucket := fmt.Sprintf("rl:%x:%d", h.Sum64(), time.Now().Unix()/int64(window.Seconds()))
	n, err := s.rdb.Incr(ctx, bucket).Result()
	if err != nil {
		return true, 0, err // fail open
	}
	if n == 1 {
		s.rdb.Expire(ctx, bucket, window)
	}
	if n > limit {
		ttl, err := s.rdb.TTL(ctx, bucket).Result()
		if err != nil {
			ttl = window
		}
		return false, ttl, nil
	}
	return true, 0, nil
}

//fluxo:flow
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if token == "" {
		if ck, err := r.Cookie("session"); err == nil {
			token = ck.Value
		}
	}
	raw, err := s.rdb.Get(r.Context(), "sess:"+token).Result()
	switch err {
	case nil:
	case redis.Nil:
		http.Error(w, "no session", http.StatusUnauthorized)
		return
	default:
		http.Error(w, "redis", http.StatusBadGateway)
		return
	}
	var sess Session
	if err := json.Unmarshal([]byte(raw), &sess); err != nil {
		http.Error(w, "corrupt session", http.StatusInternalServerError)
		return
	}
	p, err := s.Profile(r.Context(), sess.User)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(p)
}
