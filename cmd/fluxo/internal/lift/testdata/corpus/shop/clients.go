package shop

import "context"

// The storefront owns no data. Everything comes from one of these services; the
// real implementations are thin gRPC clients wired up in main.

type Product struct {
	ID          string
	Name        string
	Description string
	Picture     string
	Price       Money
	Categories  []string
}

type CartItem struct {
	ProductID string
	Quantity  int32
}

type Address struct {
	Street  string
	City    string
	Zip     string
	Country string
}

type Order struct {
	ID           string
	TrackingID   string
	ShippingCost Money
	Items        []OrderItem
}

type OrderItem struct {
	Item CartItem
	Cost Money
}

type Ad struct {
	RedirectURL string
	Text        string
}

type ProductCatalog interface {
	//fluxo:volatile 1m
	ListProducts(ctx context.Context) ([]*Product, error)
	//fluxo:volatile 1m
	GetProduct(ctx context.Context, id string) (*Product, error)
	//fluxo:volatile 1m
	SearchProducts(ctx context.Context, query string) ([]*Product, error)
}

type Carts interface {
	//fluxo:reads carts:{userID}
	GetCart(ctx context.Context, userID string) ([]*CartItem, error)
	//fluxo:writes carts:{userID}
	AddItem(ctx context.Context, userID string, item *CartItem) error
	//fluxo:writes carts:{userID}
	EmptyCart(ctx context.Context, userID string) error
}

type CurrencyConverter interface {
	//fluxo:volatile 1h
	Supported(ctx context.Context) ([]string, error)
	//fluxo:volatile 10m
	Convert(ctx context.Context, from Money, to string) (Money, error)
}

type Recommender interface {
	//fluxo:volatile 5m
	Recommend(ctx context.Context, userID string, productIDs []string) ([]string, error)
}

type Shipper interface {
	//fluxo:volatile 1m
	Quote(ctx context.Context, addr *Address, items []*CartItem) (Money, error)
	//fluxo:effect
	Ship(ctx context.Context, addr *Address, items []*CartItem) (trackingID string, err error)
}

type Payments interface {
	//fluxo:effect
	Charge(ctx context.Context, amount Money, card *CreditCard) (transactionID string, err error)
}

type Mailer interface {
	//fluxo:effect
	SendConfirmation(ctx context.Context, to string, order *Order) error
}

type AdServer interface {
	//fluxo:volatile 30s
	GetAds(ctx context.Context, keywords []string) ([]*Ad, error)
}
