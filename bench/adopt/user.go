package adopt

// Who asks: the shop's session cookies, which it has no page to hand out.

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// Users other than customers, who are numbered from 1.
const (
	nobody = 0
	admin  = -1
)

// cookie returns the session cookie of a user.
func cookie(user int) string {
	name, role := fmt.Sprintf("Customer %d", user), "customer"
	if user == admin {
		name, role = "Manager", "admin"
	}
	claim := base64.RawURLEncoding.EncodeToString([]byte(name)) + "." + role
	mac := hmac.New(sha256.New, []byte(sessionKey))
	mac.Write([]byte(claim))
	return "session=" + claim + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
