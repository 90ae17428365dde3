package kalyna_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/ukrcrypto/dstu/kalyna"
)

// TestRedacted: no way of printing a cipher or a mode shows anything of the key.
func TestRedacted(t *testing.T) {
	key := bytes.Repeat([]byte{0xa7}, 32)
	b := must(kalyna.New256(key))
	iv := make([]byte, b.BlockSize())
	other := must(kalyna.New256(bytes.Repeat([]byte{0x5c}, 32)))
	for _, pair := range [][2]any{
		{b, other},
		{must(kalyna.NewCFBEncrypter(b, iv, 32)), must(kalyna.NewCFBEncrypter(other, iv, 32))},
		{must(kalyna.NewCMAC(b, 32)), must(kalyna.NewCMAC(other, 32))},
		{must(kalyna.NewCTR(b, iv)), must(kalyna.NewCTR(other, iv))},
		{must(kalyna.NewOFB(b, iv)), must(kalyna.NewOFB(other, iv))},
		{must(kalyna.NewCBCEncrypter(b, iv)), must(kalyna.NewCBCEncrypter(other, iv))},
		{must(kalyna.NewCBCDecrypter(b, iv)), must(kalyna.NewCBCDecrypter(other, iv))},
		{must(kalyna.NewECBEncrypter(b)), must(kalyna.NewECBEncrypter(other))},
		{must(kalyna.NewECBDecrypter(b)), must(kalyna.NewECBDecrypter(other))},
		{must(kalyna.NewGCM(b, 32)), must(kalyna.NewGCM(other, 32))},
		{must(kalyna.NewCCM(b, 4, 32)), must(kalyna.NewCCM(other, 4, 32))},
		{must(kalyna.NewGMAC(b, 32)), must(kalyna.NewGMAC(other, 32))},
		{must(kalyna.NewXTS(b)), must(kalyna.NewXTS(other))},
		{must(kalyna.NewKW(32, key)), must(kalyna.NewKW(32, make([]byte, 32)))},
	} {
		var texts [2]string
		for i, v := range pair {
			var log bytes.Buffer
			slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			}})).Info("x", "cipher", v)
			doc, err := json.Marshal(v)
			if err != nil {
				doc = []byte(err.Error())
			}
			texts[i] = fmt.Sprintf("%v %+v %#v %s %x %d", v, v, v, v, v, v) + log.String() + string(doc)
		}
		if texts[0] != texts[1] {
			t.Errorf("%T: the key shows: %.100s", pair[0], texts[0])
		}
	}
}
