package web

// Who is signed in: a signed cookie, and the user in the context.

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"example.com/shop/shop"
)

// Sessions signs and reads session cookies: NAME.ROLE.SIGNATURE.
type Sessions struct{ Key []byte }

const cookieName = "session"

// Cookie returns the cookie that signs a user in.
func (s Sessions) Cookie(u shop.User) *http.Cookie {
	role := "customer"
	if u.Admin {
		role = "admin"
	}
	claim := base64.RawURLEncoding.EncodeToString([]byte(u.Name)) + "." + role
	return &http.Cookie{
		Name: cookieName, Value: claim + "." + s.sign(claim),
		Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// user returns the user that a cookie's value names, if its signature is ours.
func (s Sessions) user(value string) (shop.User, bool) {
	parts := strings.Split(value, ".")
	if len(parts) != 3 {
		return shop.User{}, false
	}
	if !hmac.Equal([]byte(parts[2]), []byte(s.sign(parts[0]+"."+parts[1]))) {
		return shop.User{}, false
	}
	name, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		return shop.User{}, false
	}
	return shop.User{Name: string(name), Admin: parts[1] == "admin"}, true
}

func (s Sessions) sign(claim string) string {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write([]byte(claim))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

type contextKey int

const userKey contextKey = iota

// signIn puts the signed-in user into the request's context.
func (s Sessions) signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := r.Cookie(cookieName); err == nil {
			if u, ok := s.user(c.Value); ok {
				r = r.WithContext(context.WithValue(r.Context(), userKey, u))
			}
		}
		next.ServeHTTP(w, r)
	})
}

// currentUser returns who is signed in.
func currentUser(ctx context.Context) (shop.User, bool) {
	u, ok := ctx.Value(userKey).(shop.User)
	return u, ok
}

// requireUser refuses requests of people who are not signed in.
func requireUser(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := currentUser(r.Context()); !ok {
			http.Error(w, "Please sign in.", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// requireAdmin refuses requests of everyone but the shop's own people.
func requireAdmin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if u, _ := currentUser(r.Context()); !u.Admin {
			http.Error(w, "Not yours to change.", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
