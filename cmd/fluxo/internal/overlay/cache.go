package overlay

// The directory that contents are kept in.

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Bounds of the cache. A file that a build used within KeepFor is never removed,
// because that build may still be running.
const (
	MaxBytes = 256 << 20
	KeepFor  = 24 * time.Hour
	trimGap  = time.Hour // between two looks at the whole cache
)

// A Cache keeps contents by hash.
type Cache struct {
	dir string
	max int64 // bytes
	now func() time.Time
}

// Open opens the user's cache.
func Open() (*Cache, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("there is no place for generated files; set XDG_CACHE_HOME or HOME: %w", err)
	}
	return OpenAt(filepath.Join(base, "fluxo", "overlay"), time.Now)
}

// OpenAt opens the cache in a directory.
func OpenAt(dir string, now func() time.Time) (*Cache, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("there is no place for generated files; set XDG_CACHE_HOME to a directory that can be written: %w", err)
	}
	return &Cache{dir: dir, max: MaxBytes, now: now}, nil
}

// Put sees that a file with that content exists and returns its name, which ends
// in ext. Two processes may put the same content at the same time.
func (c *Cache) Put(text []byte, ext string) (string, error) {
	sum := sha256.Sum256(text)
	hash := hex.EncodeToString(sum[:16])
	name := filepath.Join(c.dir, hash[:2], hash[2:]+ext)
	if had, err := os.ReadFile(name); err == nil && bytes.Equal(had, text) {
		c.touch(name)
		return name, nil
	}
	if err := c.write(name, text); err != nil {
		return "", fmt.Errorf("a generated file cannot be written: %w", err)
	}
	return name, nil
}

// touch notes that a file is in use.
func (c *Cache) touch(name string) {
	if info, err := os.Stat(name); err == nil && c.now().Sub(info.ModTime()) > trimGap {
		_ = os.Chtimes(name, c.now(), c.now()) // at worst the file is made again one day
	}
}

// write makes a file in one step, so that nobody reads half of it.
func (c *Cache) write(name string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), "new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
	}
	return err
}

// Trim removes what was not used for longest until the cache is within its bound.
// It looks at most once in a while.
func (c *Cache) Trim() {
	stamp := filepath.Join(c.dir, "trimmed")
	if info, err := os.Stat(stamp); err == nil && c.now().Sub(info.ModTime()) < trimGap {
		return
	}
	if c.write(stamp, nil) != nil || os.Chtimes(stamp, c.now(), c.now()) != nil {
		return
	}
	type file struct {
		name string
		size int64
		used time.Time
	}
	var (
		all   []file
		total int64
	)
	_ = filepath.WalkDir(c.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name == stamp {
			return nil
		}
		if info, err := d.Info(); err == nil {
			all = append(all, file{name, info.Size(), info.ModTime()})
			total += info.Size()
		}
		return nil
	})
	slices.SortFunc(all, func(a, b file) int { return a.used.Compare(b.used) })
	for _, f := range all {
		if total <= c.max || c.now().Sub(f.used) < KeepFor {
			return
		}
		if os.Remove(f.name) == nil {
			total -= f.size
		}
	}
}
