//go:build ignore

// This program writes the curves z_m*.go, the calls of their assembly z_amd64.go and z_arm64.go
// with the place of those elsewhere z_noasm.go, and the toy curves z_toy*_test.go.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"math/big"
	"os"
	"strings"
	"text/template"
)

// curve is one row of the table: y² + xy = x³ + ax² + b over GF(2)[t]/(t^m + sum t^k + 1), with
// the base point (gx, gy) of order n; numbers in hexadecimal. (nx, ny) is the base point that goes
// with the normal basis, where annex G has one for m. A toy row has m, ks and a only.
type curve struct {
	m            int
	ks           []int
	a            uint
	b, n, gx, gy string
	nx, ny       string
	toy          bool
}

var curves = []curve{
	{m: 163, ks: []int{3, 6, 7}, a: 1,
		b:  "05ff6108462a2dc8210ab403925e638a19c1455d21",
		n:  "0400000000000000000002bec12be2262d39bcf14d",
		gx: "02e2f85f5dd74ce983a5c4237229daf8a3f35823be",
		gy: "03826f008a8c51d7b95284d9d03ff0e00ce2cd723a"},
	{m: 167, ks: []int{6}, a: 1,
		b:  "6ee3ceeb230811759f20518a0930f1a4315a827dac",
		n:  "3fffffffffffffffffffffb12ebcc7d7f29ff7701f",
		gx: "7a1f6653786a68192803910a3d30b2a2018b21cd54",
		gy: "5f49eb26781c0ec6b8909156d98ed435e45fd59918"},
	{m: 173, ks: []int{1, 2, 10}, a: 0,
		b:  "108576c80499db2fc16eddf6853bbb278f6b6fb437d9",
		n:  "0800000000000000000000189b4e67606e3825bb2831",
		gx: "04d41a619bcc6eadf0448fa22fad567a9181d37389ca",
		gy: "10b51cc12849b234c75e6dd2028bf7ff5c1ce0d991a1",
		nx: "11826efc6cea82b877cb3b80f456fc4a41215f6c9bda",
		ny: "15a83327241f6af2633b31ab3fa6ea985a5666580267"},
	{m: 179, ks: []int{1, 2, 4}, a: 1,
		b:  "04a6e0856526436f2f88dd07a341e32d04184572beb710",
		n:  "03ffffffffffffffffffffffb981960435fe5ab64236ef",
		gx: "06ba06fe51464b2bd26dc57f48819ba9954667022c7d03",
		gy: "025fbc363582dcec065080ca8287aaff09788a66dc3a9e",
		nx: "03b3dd04a3e65633f20d77085460ca507e021318fcab4f",
		ny: "045a0ba1f0948d554cd76ee97810396c9ed32a5ea8daad"},
	{m: 191, ks: []int{9}, a: 1,
		b:  "7bc86e2102902ec4d5890e8b6b4981ff27e0482750fefc03",
		n:  "40000000000000000000000069a779cac1dabc6788f7474f",
		gx: "714114b762f2ff4a7912a6d2ac58b9b5c2fcfe76daeb7129",
		gy: "29c41e568b77c617efe5902f11db96fa9613cd8d03db08da",
		nx: "31a1fdb9df5595325c4bf8068aece1c1d794b871a80f39dd",
		ny: "7231d85ae6596627e2a7b27c28c68725aa49c4180b334cfd"},
	{m: 233, ks: []int{1, 4, 9}, a: 1,
		b:  "006973b15095675534c7cf7e64a21bd54ef5dd3b8a0326aa936ece454d2c",
		n:  "01000000000000000000000000000013e974e72f8a6922031d2603cfe0d7",
		gx: "003fcda526b6cdf83ba1118df35b3c31761d3545f32728d003eeb25efe96",
		gy: "009ca8b57a934c54deeda9e54a7bbad95e3b2e91c54d32be0b9df96d8d35",
		nx: "00a1170a0368524a7a9d68ba03829dbeb616a1d3e938c4eafaa362db8a7a",
		ny: "0095bcd8a0da882f5240ebd9bc9a203da06daf97e27551d707de3e78f29e"},
	{m: 257, ks: []int{12}, a: 0,
		b:  "01cef494720115657e18f938d7a7942394ff9425c1458c57861f9eea6adbe3be10",
		n:  "800000000000000000000000000000006759213af182e987d3e17714907d470d",
		gx: "002a29ef207d0e9b6c55cd260b306c7e007ac491ca1b10c62334a9e8dcd8d20fb7",
		gy: "010686d41ff744d4449fccf6d8eea03102e6812c93a9d60b978b702cf156d814ef"},
	{m: 307, ks: []int{2, 4, 8}, a: 1,
		b:  "0393c7f7d53666b5054b5e6c6d3de94f4296c0c599e2e2e241050df18b6090bdc90186904968bb",
		n:  "03ffffffffffffffffffffffffffffffffffffffc079c2f3825da70d390fbba588d4604022b7b7",
		gx: "0216ee8b189d291a0224984c1e92f1d16bf75ccd825a087a239b276d3167743c52c02d6e7232aa",
		gy: "05d9306bacd22b7faeb09d2e049c6e2866c5d1677762a8f2f2dc9a11c7f7be8340ab2237c7f2a0"},
	{m: 367, ks: []int{21}, a: 1,
		b:  "43fc8ad242b0b7a6f3d1627ad5654447556b47bf6aa4a64b0c2afe42cadab8f93d92394c79a79755437b56995136",
		n:  "40000000000000000000000000000000000000000000009c300b75a3fa824f22428fd28ce8812245ef44049b2d49",
		gx: "324a6eddd512f08c49a99ae0d3f961197a76413e7be81a400ca681e09639b5fe12e59a109f78bf4a373541b3b9a1",
		gy: "01ab597a5b4477f59e39539007c7f977d1a567b92b043a49c6b61984c3fe3481aaf454cd41ba1f051626442b3c10"},
	{m: 431, ks: []int{1, 3, 5}, a: 1,
		b:  "03ce10490f6a708fc26dfe8c3d27c4f94e690134d5bff988d8d28aaeaede975936c66bac536b18ae2dc312ca493117daa469c640caf3",
		n:  "3fffffffffffffffffffffffffffffffffffffffffffffffffffffba3175458009a8c0a724f02f81aa8a1fcbaf80d90c7a95110504cf",
		gx: "1a62ba79d98133a16bbae7ed9a8e03c32e0824d57aef72f88986874e5aae49c27bed49a2a95058068426c2171e99fd3b43c5947c857d",
		gy: "70b5e1e14031c1f70bbefe96bdde66f451754b4ca5f48da241f331aa396b8d1839a855c1769b1ea14ba53308b5e2723724e090e02db9",
		nx: "3ccb853b85aeff4aae325b268bbda8a4e35c17f7934580714bd8237266d2a9f854f178bb3a8ebca0bc5cb8b7683ada83a0f0a1b9ee93",
		ny: "2386b590ace5a50a23c366258a896c30624980d432215bfa94ea30866d4f110e6b7d07401531b6f027a349e5534a03979f9c67fc2ee6"},
	{m: 571, ks: []int{2, 5, 10}, a: 1,
		b:  "02f40e7e2221f295de297117b7f3d62f5c6a97ffcb8ceff1cd6ba8ce4a9a18ad84ffabbd8efa59332be7ad6756a66e294afd185a78ff12aa520e4de739baca0c7ffeff7f2955727a",
		n:  "03ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe661ce18ff55987308059b186823851ec7dd9ca1161de93d5174d66e8382e9bb2fe84e47",
		gx: "000000770b787fede809a9914d17857bf7ca0ebd826fc1f5e2901dcd8541002c83605d45decd24538e5f8c668ad07e7a9824c8087339ca8b66b5da9e12e028afc5765bc9cdeff87f",
		gy: "07d137fab279420175533c39b0908463f18c14a3378236cf75d540534e4798091a4e9e3efa99b8c15eb58c1f389cf0a63ca6e323f37b91f8bb2ffa6d218d553ad37bc58ce4a76cb7"},
}

// toys follow the fields of gf2m/toy.
var toys = []curve{
	{m: 5, ks: []int{2}}, {m: 7, ks: []int{1}}, {m: 9, ks: []int{4}}, {m: 11, ks: []int{2}}, {m: 13, ks: []int{1, 3, 4}},
}

var (
	tmpl = template.Must(template.ParseFiles("curve.tmpl", "comb.tmpl"))
	asm  = template.Must(template.ParseFiles("asm.tmpl"))
)

func main() {
	log.SetFlags(0)
	for _, c := range curves {
		write(fmt.Sprintf("z_m%d.go", c.m), tmpl, c.data())
	}
	for _, c := range toys {
		for c.a = range uint(2) {
			c.toy = true
			c.search()
			write(fmt.Sprintf("z_toy%da%d_test.go", c.m, c.a), tmpl, c.data())
		}
	}
	var all []map[string]any
	for _, c := range curves {
		all = append(all, c.data())
	}
	write("z_amd64.go", asm, map[string]any{"Tiers": []string{"AVX512", "AVX2"}, "Curves": all})
	write("z_arm64.go", asm, map[string]any{"Tiers": []string{"ARM64"}, "Curves": all})
	write("z_noasm.go", asm, map[string]any{"Tiers": nil, "Curves": all})
}

func write(name string, t *template.Template, data map[string]any) {
	var buf bytes.Buffer
	if err := t.Execute(&buf, data); err != nil {
		log.Fatal(err)
	}
	src, err := format.Source(buf.Bytes())
	if err != nil {
		log.Fatalf("%s: %v", name, err)
	}
	if err := os.WriteFile(name, src, 0o644); err != nil {
		log.Fatal(err)
	}
}

// data is what the template sees.
func (c curve) data() map[string]any {
	num := func(s string) *big.Int {
		v, ok := new(big.Int).SetString(s, 16)
		if !ok {
			log.Fatalf("m = %d: bad number %q", c.m, s)
		}
		return v
	}
	w := (c.m + 63) / 64
	b4 := num(c.b)
	for range c.m - 2 {
		b4 = c.mul(b4, b4)
	}
	n := num(c.n)
	l := n.BitLen()
	width := c.width(l)
	windows := (l + width - 1) / width
	name, pkg := fmt.Sprint(c.m), "gf2m"
	if c.toy {
		name, pkg = fmt.Sprintf("%da%d", c.m, c.a), "gf2m/toy"
	}
	onb := c.nx != ""
	if !onb {
		c.nx, c.ny = "0", "0"
	}
	pairs := (w + 1) / 2
	if c.m == 257 {
		pairs = 2 // and bitmaps of the top bits behind the table
	}
	fast := (l + 19) / 20 * 4 // windows, a multiple of the lanes
	size := fast * 16 * 32 * pairs
	buf := 32 * pairs
	if c.m == 257 {
		size += 4 * fast
		buf += 32
	}
	return map[string]any{
		"FastWindows": fast, "FastBytes": size, "FastEntry": 32 * pairs, "FastBuf": buf,
		"Toy": c.toy, "N": name, "Import": pkg, "E": fmt.Sprintf("%s.E%d", pkg[strings.LastIndex(pkg, "/")+1:], c.m),
		"M": c.m, "W": w, "Range": make([]struct{}, w), "A": c.a, "H": 4 - 2*c.a, "L": l,
		"B": words(num(c.b), w), "B4": words(b4, w), "Gx": words(num(c.gx), w), "Gy": words(num(c.gy), w),
		"ONB": onb, "Nx": words(num(c.nx), w), "Ny": words(num(c.ny), w), "Order": words(n, w),
		"Width": width, "Windows": windows, "Entries": windows << (width - 1), "Bytes": windows << (width - 1) * 16 * w,
	}
}

// width is the window of the comb. Portable code gains from 6 over 5 what the longer scan
// costs little of; longer tables than 32 points a window gain nothing.
func (c curve) width(l int) int {
	switch {
	case !c.toy:
		return 6
	case l < 4:
		return 2
	}
	return 3 // all odd multiples below 8 differ for n > 8
}

func words(x *big.Int, w int) string {
	mask := new(big.Int).SetUint64(1<<64 - 1)
	var s []string
	for i := range w {
		v := new(big.Int).Rsh(x, uint(64*i))
		s = append(s, fmt.Sprintf("%#x", v.And(v, mask)))
	}
	return strings.Join(s, ", ")
}

func (c curve) mul(a, b *big.Int) *big.Int {
	r := new(big.Int)
	for i := c.m - 1; i >= 0; i-- {
		if r.Lsh(r, 1); r.Bit(c.m) == 1 {
			r.SetBit(r, c.m, 0)
			for _, k := range append([]int{0}, c.ks...) {
				r.SetBit(r, k, r.Bit(k)^1)
			}
		}
		if b.Bit(i) == 1 {
			r.Xor(r, a)
		}
	}
	return r
}

// search finds the smallest b for which the order of the curve is 2 or 4 times a prime, and
// the base point with the smallest coordinates.
func (c *curve) search() {
	size := 1 << c.m
	var square, log, exp []int // tables of the field
	log = make([]int, size)
	for g := int64(2); len(exp) != size-1; g++ {
		exp = nil
		for v := big.NewInt(1); len(exp) == 0 || v.Int64() != 1; v = c.mul(v, big.NewInt(g)) {
			log[v.Int64()] = len(exp)
			exp = append(exp, int(v.Int64()))
		}
	}
	mul := func(a, b int) int {
		if a == 0 || b == 0 {
			return 0
		}
		return exp[(log[a]+log[b])%(size-1)]
	}
	for x := range size {
		square = append(square, mul(x, x))
	}
	h := int(4 - 2*c.a)
	for b := 1; b < size; b++ {
		var points [][2]int
		for x := range size {
			rhs := mul(square[x], x^int(c.a)) ^ b
			for y := range size {
				if mul(y, y^x) == rhs {
					points = append(points, [2]int{x, y})
				}
			}
		}
		order := len(points) + 1
		if n := order / h; order%h != 0 || !big.NewInt(int64(n)).ProbablyPrime(20) || n == 2 {
			continue
		}
		c.b, c.n = fmt.Sprintf("%x", b), fmt.Sprintf("%x", order/h)
		// A point is h times another exactly when its order divides n.
		double := func(p [2]int) [2]int {
			l := p[0] ^ mul(p[1], exp[(size-1-log[p[0]])%(size-1)])
			x := square[l] ^ l ^ int(c.a)
			return [2]int{x, square[p[0]] ^ mul(l^1, x)}
		}
		for _, p := range points {
			q, ok := p, true
			for i := 1; i < h && ok; i *= 2 {
				if ok = q[0] != 0; ok {
					q = double(q)
				}
			}
			if ok && q[0] != 0 {
				c.gx, c.gy = fmt.Sprintf("%x", q[0]), fmt.Sprintf("%x", q[1])
				return
			}
		}
	}
	panic("no toy curve found")
}
