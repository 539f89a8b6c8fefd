package weather

import (
	"math"
	"testing"
	"time"
)

func TestMeasures(t *testing.T) {
	r := &result{answers: [][]answer{{{took: 3 * time.Second}, {took: time.Second}}, {{failed: true}, {took: 2 * time.Second}}}}
	s := r.pooled()
	if len(s) != 4 || s.failed() != 1 || s.mean() != 2 || s.p50() != 2 || s.p99() != 3 || s.quantile(0) != 1 {
		t.Errorf("%v: %d failed, mean %v, p50 %v, p99 %v", s, s.failed(), s.mean(), s.p50(), s.p99())
	}
	if !math.IsNaN(seconds(nil).p50()) {
		t.Error("nothing has a median")
	}
}

func TestApart(t *testing.T) {
	a, b := make(seconds, 1000), make(seconds, 1000)
	for i := range a {
		a[i], b[i] = 1+float64(i%7), 1+float64((i+3)%7)
	}
	if same := apart(a, a, seconds.mean, 1); same != 0 {
		t.Errorf("the same run is %v apart from itself", same)
	}
	chance := apart(a, b, seconds.mean, 1)
	if chance < 0.02 || chance > 0.12 {
		t.Errorf("two runs with the same distribution are %v apart", chance)
	}
	for i := range b {
		b[i] = 2 * a[i]
	}
	if twice := apart(a, b, seconds.mean, 1); math.Abs(twice-1) > 1e-9 {
		t.Errorf("twice as slow is %v apart", twice)
	}
}

func TestTau(t *testing.T) {
	all := func(i, j int) bool { return true }
	for _, test := range []struct {
		predicted []float64
		want      float64
	}{
		{[]float64{10, 20, 30, 40}, 1}, {[]float64{4, 3, 2, 1}, -1}, {[]float64{2, 1, 3, 4}, 4.0 / 6},
	} {
		if got, pairs := tau([]float64{1, 2, 3, 4}, test.predicted, all); got != test.want || pairs != 6 {
			t.Errorf("%v: %v of %d pairs, want %v of 6", test.predicted, got, pairs, test.want)
		}
	}
	measured := []float64{1, 1.01, 3}
	if got, pairs := tau(measured, []float64{2, 1, 3}, func(i, j int) bool { return math.Abs(measured[i]-measured[j]) > 0.1 }); got != 1 || pairs != 2 {
		t.Errorf("with a tie: %v of %d", got, pairs)
	}
}

func TestSaved(t *testing.T) {
	written := []int{100, 300}
	if got := saved([]int{10, 90}, written); math.Abs(got-0.75) > 1e-9 {
		t.Errorf("100 calls of 400: %v saved", got)
	}
	if got := savedApart([]int{10, 90}, []int{10, 90}, written, 1); got != 0 {
		t.Errorf("the same run is %v apart from itself", got)
	}
	if got := savedApart([]int{10, 90}, []int{20, 120}, written, 1); math.Abs(got-0.1) > 1e-9 {
		t.Errorf("10 calls of a hundred more in every slice: %v apart", got)
	}
	if got := savedApart([]int{10, 90}, []int{20, 60}, written, 1); math.Abs(got-0.1) > 1e-9 {
		t.Errorf("as many more in one slice as fewer in the other: %v apart", got)
	}
}
