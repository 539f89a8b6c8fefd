package sky

// The grid of forecasts: cells of 2.5 km, each one of a forecast office. Offices
// look after three degrees by four and have names of three letters that are
// made up, like their borders.

import "math"

const (
	officeLat = 3.0         // degrees
	officeLon = 4.0         // degrees
	cellLat   = 2.5 / 111.2 // degrees of a cell's 2.5 km; a degree of latitude is 111.2 km
	officesIn = 360 / 4     // offices round the Earth
	officesUp = 180 / 3     // offices from pole to pole
	letters   = 'Z' - 'A' + 1
)

// A Cell is one of the squares that forecasts are made for.
type Cell struct {
	Office string
	X, Y   int // to the east and to the north of the office's south-west corner
}

// CellAt returns the cell at a point in degrees north and east.
func CellAt(lat, lon float64) Cell {
	lat, lon = min(max(lat, -90), math.Nextafter(90, 0)), min(max(lon, -180), math.Nextafter(180, 0))
	row, column := int((lat+90)/officeLat), int((lon+180)/officeLon)
	south, west := corner(row, column)
	return Cell{
		Office: officeName(row*officesIn + column),
		X:      int((lon - west) / cellLon(south)),
		Y:      int((lat - south) / cellLat),
	}
}

// Centre returns where the middle of a cell lies; false if there is no such cell.
func (c Cell) Centre() (lat, lon float64, ok bool) {
	n, ok := officeNumber(c.Office)
	if !ok || c.X < 0 || c.Y < 0 {
		return 0, 0, false
	}
	south, west := corner(n/officesIn, n%officesIn)
	x, y := float64(c.X)*cellLon(south), float64(c.Y)*cellLat
	return south + y + cellLat/2, west + x + cellLon(south)/2, x < officeLon && y < officeLat
}

func corner(row, column int) (south, west float64) {
	return float64(row)*officeLat - 90, float64(column)*officeLon - 180
}

// cellLon is the width of an office's cells in degrees, which are narrower in
// kilometres the farther from the equator: right in the middle of the office.
func cellLon(south float64) float64 {
	return cellLat / math.Cos((south+officeLat/2)*math.Pi/180)
}

func officeName(n int) string {
	return string([]byte{byte('A' + n/letters/letters), byte('A' + n/letters%letters), byte('A' + n%letters)})
}

func officeNumber(name string) (n int, ok bool) {
	if len(name) != 3 {
		return 0, false
	}
	for _, c := range []byte(name) {
		if c < 'A' || c > 'Z' {
			return 0, false
		}
		n = n*letters + int(c-'A')
	}
	return n, n < officesIn*officesUp
}
