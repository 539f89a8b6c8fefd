package zips

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestSyntheticZIPs(t *testing.T) {
	all, source, err := Load("")
	again, _, _ := Load("")
	if err != nil || len(all) != syntheticCount || !reflect.DeepEqual(all, again) || !strings.Contains(source, "made-up") {
		t.Fatalf("%d ZIP codes, %s, %v", len(all), source, err)
	}
	seen := map[string]bool{}
	for _, z := range all {
		if seen[z.Code] || !regexp.MustCompile(`^\d{5}$`).MatchString(z.Code) || z.Lat < 20 || z.Lat > 55 || z.Lon < -130 || z.Lon > -60 || z.County == "" {
			t.Fatalf("%+v", z)
		}
		seen[z.Code] = true
	}
}

func TestRealZIPs(t *testing.T) {
	data := t.TempDir()
	write := func(text string) {
		os.MkdirAll(filepath.Join(data, "weather"), 0o755)
		file, err := os.Create(filepath.Join(data, "weather", "us-zipcodes.csv.gz"))
		if err != nil {
			t.Fatal(err)
		}
		w := gzip.NewWriter(file)
		w.Write([]byte(text))
		w.Close()
		file.Close()
	}
	if _, _, err := Load(data); err == nil || !strings.Contains(err.Error(), "FLUXO_DATA") {
		t.Errorf("an empty folder: %v", err)
	}
	write("zip_code,latitude,longitude,city,state,county\n00501,40.9,-72.6,Holtsville,NY,Suffolk\n09001,,,Nowhere,AE,\n")
	got, _, err := Load(data)
	if want := []ZIP{{"00501", "Holtsville", "NY", "Suffolk", 40.9, -72.6}}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	write("zip_code\n")
	if _, _, err := Load(data); err == nil || !strings.Contains(err.Error(), "no rows") {
		t.Errorf("no rows: %v", err)
	}
}
