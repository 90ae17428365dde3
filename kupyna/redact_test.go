package kupyna_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/ukrcrypto/dstu/kupyna"
)

// TestRedacted: codes under two keys print the same.
func TestRedacted(t *testing.T) {
	var texts [2]string
	for i := range texts {
		h, err := kupyna.NewMAC256(bytes.Repeat([]byte{byte(0xa7 + i)}, 32))
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = fmt.Sprintf("%v %+v %#v %s %x", h, h, h, h, h)
	}
	if texts[0] != texts[1] {
		t.Errorf("the key shows: %.200s", texts[0])
	}
}
