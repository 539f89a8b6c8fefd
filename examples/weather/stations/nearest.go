package stations

// The nearest station by great circle. Points of the Earth are put on the unit
// sphere, where the shorter chord belongs to the shorter great circle, and
// sorted into small cubes; a search goes round its own cube shell by shell. So
// neither the poles nor the date line are special.

import (
	"math"
)

// cubeEdge is the edge of a cube in radii of the Earth: about 130 km.
const cubeEdge = 0.02

type vector [3]float64

type cube [3]int

// An Index finds the nearest of its stations. It is safe for concurrent use.
type Index struct {
	stations []Station
	at       []vector
	cubes    map[cube][]int
}

// NewIndex returns an index of one or more stations.
func NewIndex(stations []Station) *Index {
	x := &Index{stations: stations, at: make([]vector, len(stations)), cubes: make(map[cube][]int)}
	for i, s := range stations {
		x.at[i] = onSphere(s.Lat, s.Lon)
		c := cubeOf(x.at[i])
		x.cubes[c] = append(x.cubes[c], i)
	}
	return x
}

// Nearest returns the station nearest to a point in degrees north and east; of
// several as near, the first.
func (x *Index) Nearest(lat, lon float64) Station {
	p := onSphere(lat, lon)
	centre := cubeOf(p)
	best, least := -1, math.Inf(1)
	consider := func(i int) {
		if d := chord2(p, x.at[i]); d < least || d == least && i < best {
			best, least = i, d
		}
	}
	visited := 0
	for r := 0; visited <= len(x.stations); r++ {
		// What lies outside the shells before this one is farther than r-1 edges.
		if within := float64(r-1) * cubeEdge; r > 0 && least <= within*within {
			return x.stations[best]
		}
		visited += shell(centre, r, func(c cube) {
			for _, i := range x.cubes[c] {
				consider(i)
			}
		})
	}
	for i := range x.stations { // far from all: one after another is cheaper than more shells
		consider(i)
	}
	return x.stations[best]
}

// shell calls visit for the cubes r away from c, along the axis where they are
// farthest, and returns how many there are.
func shell(c cube, r int, visit func(cube)) int {
	n := 0
	for x := -r; x <= r; x++ {
		for y := -r; y <= r; y++ {
			step := 1
			if max(x, -x) != r && max(y, -y) != r {
				step = max(1, 2*r) // only the two ends
			}
			for z := -r; z <= r; z += step {
				visit(cube{c[0] + x, c[1] + y, c[2] + z})
				n++
			}
		}
	}
	return n
}

func onSphere(lat, lon float64) vector {
	lat, lon = lat*math.Pi/180, lon*math.Pi/180
	return vector{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
}

func cubeOf(v vector) cube {
	var c cube
	for i := range v {
		c[i] = int(math.Floor(v[i] / cubeEdge))
	}
	return c
}

// chord2 is the square of the distance through the Earth.
func chord2(a, b vector) float64 {
	sum := 0.0
	for i := range a {
		sum += (a[i] - b[i]) * (a[i] - b[i])
	}
	return sum
}
