package timing

// Welch is the t statistic of two lists of samples.
func Welch(a, b []float64) float64 {
	var m [2]moments
	for i, s := range [][]float64{a, b} {
		for _, v := range s {
			m[i].add(v)
		}
	}
	return welch(&m[0], &m[1])
}
