package load

// Facts of third-party packages are kept on disk. An entry is named by what its
// package and all that it imports compiled to, and by this program, so it is
// never out of date; one that cannot be read is made again.

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// Bounds of the cache; the entries longest unused go first.
const (
	maxEntries = 4096
	maxEntry   = 16 << 20 // bytes
)

// A cache is a directory of entries; a nil cache keeps nothing.
type cache struct {
	dir     string
	version string
	kinds   map[string]reflect.Type // fact types by name
}

// A stored entry: facts in the order of their paths.
type stored struct {
	Object string
	Kind   string
	Fact   []byte
}

func openCache(cfg Config, analyzers []*analysis.Analyzer) *cache {
	dir := cfg.CacheDir
	if dir == "off" {
		return nil
	}
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		dir = filepath.Join(base, "fluxo", "facts")
	}
	version, err := ownVersion()
	if err != nil || os.MkdirAll(dir, 0o777) != nil {
		return nil
	}
	c := &cache{dir: dir, version: version, kinds: map[string]reflect.Type{}}
	for _, a := range analyzers {
		for _, f := range a.FactTypes {
			t := reflect.TypeOf(f)
			c.kinds[t.String()] = t
		}
	}
	return c
}

// ownVersion names this very program: other code may draw other conclusions.
func ownVersion() (string, error) {
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	info, err := os.Stat(name)
	if err != nil {
		return "", err
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano()), nil
}

// name is the entry's file name.
func (c *cache) name(l *loader, p *Listed) string {
	h := sha256.New()
	fmt.Fprintln(h, c.version)
	ids := []string{p.ImportPath}
	seen := map[string]bool{p.ImportPath: true}
	for i := 0; i < len(ids); i++ {
		if q := l.byID[ids[i]]; q != nil {
			for _, path := range q.Imports {
				if !seen[path] {
					seen[path] = true
					ids = append(ids, path)
				}
			}
		}
	}
	slices.Sort(ids[1:])
	for _, id := range ids {
		if q := l.byID[id]; q != nil {
			fmt.Fprintln(h, id, filepath.Base(q.Export))
		}
	}
	return filepath.Join(c.dir, hex.EncodeToString(h.Sum(nil))[:40])
}

func (c *cache) get(l *loader, p *Listed) (packageFacts, bool) {
	if c == nil {
		return nil, false
	}
	name := c.name(l, p)
	text, err := os.ReadFile(name)
	if err != nil || len(text) < sha256.Size || len(text) > maxEntry {
		return nil, false
	}
	sum := sha256.Sum256(text[sha256.Size:])
	if !bytes.Equal(sum[:], text[:sha256.Size]) {
		return nil, false
	}
	facts, err := c.decode(text[sha256.Size:])
	return facts, err == nil
}

func (c *cache) decode(text []byte) (packageFacts, error) {
	var list []stored
	if err := gob.NewDecoder(bytes.NewReader(text)).Decode(&list); err != nil {
		return nil, err
	}
	facts := packageFacts{}
	for _, s := range list {
		kind, ok := c.kinds[s.Kind]
		if !ok {
			return nil, fmt.Errorf("unknown kind of fact %s", s.Kind)
		}
		fact := reflect.New(kind.Elem())
		if err := gob.NewDecoder(bytes.NewReader(s.Fact)).DecodeValue(fact); err != nil {
			return nil, err
		}
		facts[factKey{objectpath.Path(s.Object), kind}] = fact.Interface().(analysis.Fact)
	}
	return facts, nil
}

// put writes an entry. A cache that cannot be written is no error: the facts
// are at hand, and will be worked out again.
func (c *cache) put(l *loader, p *Listed, facts packageFacts) {
	if c == nil {
		return
	}
	var list []stored
	for key, fact := range facts {
		var b bytes.Buffer
		if gob.NewEncoder(&b).Encode(fact) != nil {
			return
		}
		list = append(list, stored{string(key.object), key.kind.String(), b.Bytes()})
	}
	sort.Slice(list, func(i, j int) bool {
		return list[i].Object < list[j].Object || list[i].Object == list[j].Object && list[i].Kind < list[j].Kind
	})
	var b bytes.Buffer
	if gob.NewEncoder(&b).Encode(list) != nil || b.Len() > maxEntry {
		return
	}
	sum := sha256.Sum256(b.Bytes())
	c.write(c.name(l, p), append(sum[:], b.Bytes()...))
	c.trim()
}

// write replaces a file in one step, so that nobody reads half of it.
func (c *cache) write(name string, text []byte) {
	f, err := os.CreateTemp(c.dir, "new-*")
	if err != nil {
		return
	}
	_, err = f.Write(text)
	if closed := f.Close(); err != nil || closed != nil || os.Rename(f.Name(), name) != nil {
		os.Remove(f.Name())
	}
}

// trim removes the oldest entries where there are too many.
func (c *cache) trim() {
	entries, err := os.ReadDir(c.dir)
	if err != nil || len(entries) <= maxEntries {
		return
	}
	var infos []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && !strings.HasPrefix(e.Name(), ".") {
			infos = append(infos, info)
		}
	}
	sort.Slice(infos, func(i, j int) bool { return infos[i].ModTime().Before(infos[j].ModTime()) })
	for _, info := range infos[:len(infos)-maxEntries*3/4] {
		os.Remove(filepath.Join(c.dir, info.Name()))
	}
}
