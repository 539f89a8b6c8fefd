CREATE TABLE IF NOT EXISTS categories (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
);

CREATE TABLE IF NOT EXISTS products (
	id          INTEGER PRIMARY KEY,
	category_id INTEGER NOT NULL REFERENCES categories (id),
	name        TEXT NOT NULL,
	description TEXT NOT NULL,
	price       INTEGER NOT NULL CHECK (price >= 0) -- cents
);
CREATE INDEX IF NOT EXISTS products_category ON products (category_id);

CREATE TABLE IF NOT EXISTS reviews (
	id         INTEGER PRIMARY KEY,
	product_id INTEGER NOT NULL REFERENCES products (id),
	author     TEXT NOT NULL,
	stars      INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
	body       TEXT NOT NULL,
	created_at INTEGER NOT NULL -- Unix seconds
);
CREATE INDEX IF NOT EXISTS reviews_product ON reviews (product_id, id);

CREATE TABLE IF NOT EXISTS stock (
	product_id INTEGER PRIMARY KEY REFERENCES products (id),
	quantity   INTEGER NOT NULL CHECK (quantity >= 0)
);

CREATE TABLE IF NOT EXISTS orders (
	id         INTEGER PRIMARY KEY,
	product_id INTEGER NOT NULL REFERENCES products (id),
	customer   TEXT NOT NULL
);
