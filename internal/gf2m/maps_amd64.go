//go:build !purego

package gf2m

// appendMap appends the table of a linear map that is given by the images of the single bits: for
// each byte of an element and each word of the result eight words, one for each bit of the byte.
func appendMap(table []uint64, m int, image func(bit int) []uint64) []uint64 {
	for i := 0; i < m; i += 8 {
		words := (m + 63) / 64
		at := len(table)
		table = append(table, make([]uint64, 8*words)...)
		for j := range min(8, m-i) {
			for w, v := range image(i + j) {
				table[at+8*w+j] = v
			}
		}
	}
	return table
}
