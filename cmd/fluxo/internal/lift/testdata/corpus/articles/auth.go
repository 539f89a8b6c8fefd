package articles

import (
	"context"
	"errors"
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
	"golang.org/x/crypto/bcrypt"
)

var (
	ErrUserNotFound    = errors.New("user not found")
	ErrInvalidPassword = errors.New("invalid password")
	ErrEmailTaken      = errors.New("email already registered")
)

type UserRepository interface {
	//fluxo:reads users
	FindByEmail(ctx context.Context, email string) (*User, error)
	//fluxo:writes users
	Create(ctx context.Context, u *User) error
	//fluxo:writes users
	TouchLogin(ctx context.Context, id uint, at time.Time) error
}

type Mailer interface {
	//fluxo:effect
	SendWelcome(ctx context.Context, to, name, token string) error
}

type AuthService struct {
	users  UserRepository
	mailer Mailer
	secret []byte
	ttl    time.Duration
}

type Option func(*AuthService)

func WithTTL(d time.Duration) Option { return func(s *AuthService) { s.ttl = d } }

func NewAuthService(users UserRepository, mailer Mailer, opts ...Option) *AuthService {
	s := &AuthService{users: users, mailer: mailer, secret: []byte(os.Getenv("JWT_SECRET")), ttl: time.Hour}
	for _, o := range opts {
		o(s)
	}
	return s
}

type Claims struct {
	UserID uint   `json:"uid"`
	Role   string `json:"role"`
	jwt.RegisteredClaims
}

//fluxo:flow
func (s *AuthService) Login(ctx context.Context, email, password string) (string, *User, error) {
	user, err := s.users.FindByEmail(ctx, email)
	if err != nil {
		if errors.Is(err, ErrUserNotFound) {
			return "", nil, ErrInvalidPassword
		}
		return "", nil, err
	}
	if err := bcrypt.CompareHashAndPassword([]byte(user.PasswordHash), []byte(password)); err != nil {
		return "", nil, ErrInvalidPassword
	}
	now := time.Now()
	claims := Claims{
		UserID: user.ID,
		Role:   user.Role,
		RegisteredClaims: jwt.RegisteredClaims{
			ID:        uuid.NewString(),
			Subject:   user.Email,
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(s.ttl)),
		},
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(s.secret)
	if err != nil {
		return "", nil, err
	}
	if err := s.users.TouchLogin(ctx, user.ID, now); err != nil {
		return "", nil, err
	}
	user.LastLogin = &now
	return token, user, nil
}

//fluxo:flow
func (s *AuthService) Register(ctx context.Context, name, email, password string) (u *User, err error) {
	existing, err := s.users.FindByEmail(ctx, email)
	if err != nil && !errors.Is(err, ErrUserNotFound) {
		return nil, err
	}
	if existing != nil {
		return nil, ErrEmailTaken
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.DefaultCost)
	if err != nil {
		return nil, err
	}
	u = &User{Name: name, Email: email, PasswordHash: string(hash), Role: "reader"}
	if err = s.users.Create(ctx, u); err != nil {
		return nil, err
	}
	go s.mailer.SendWelcome(context.Background(), u.Email, u.Name, uuid.New().String())
	return u, nil
}

type AuthController struct{ svc *AuthService }

type loginForm struct {
	Email    string `form:"email" json:"email" binding:"required,email"`
	Password string `form:"password" json:"password" binding:"required"`
}

//fluxo:flow
func (a *AuthController) PostLogin(c *gin.Context) {
	var form loginForm
	if err := c.ShouldBind(&form); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	token, user, err := a.svc.Login(c.Request.Context(), form.Email, form.Password)
	if err != nil {
		var appErr *AppError
		if errors.As(err, &appErr) {
			c.JSON(appErr.Status, appErr)
			return
		}
		if errors.Is(err, ErrInvalidPassword) {
			c.JSON(http.StatusUnauthorized, gin.H{"error": "invalid credentials"})
			return
		}
		c.JSON(http.StatusInternalServerError, gin.H{"error": "internal"})
		return
	}
	c.SetCookie("token", token, 3600, "/", "", true, true)
	c.JSON(http.StatusOK, gin.H{"token": token, "user": user})
}
