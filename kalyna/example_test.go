package kalyna_test

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"

	"github.com/ukrcrypto/dstu/kalyna"
)

// The content of enveloped data: ciphertext feedback, segments of a block, a random iv that goes
// with the message.
func ExampleNewCFBEncrypter() {
	key := []byte("a key of thirty-two bytes, here.")
	iv := []byte("an iv of one block, and random: ")
	block, err := kalyna.New256(key)
	if err != nil {
		fmt.Println(err)
		return
	}
	data := []byte("Звіт за перший квартал")
	enc, err := kalyna.NewCFBEncrypter(block, iv, kalyna.BlockSize256)
	if err != nil {
		fmt.Println(err)
		return
	}
	enc.XORKeyStream(data, data)
	fmt.Println(hex.EncodeToString(data[:8]))

	dec, err := kalyna.NewCFBDecrypter(block, iv, kalyna.BlockSize256)
	if err != nil {
		fmt.Println(err)
		return
	}
	dec.XORKeyStream(data, data)
	fmt.Println(string(data))
	// Output:
	// a379f84aad95eb4b
	// Звіт за перший квартал
}

// GCM does not authenticate the nonce, so it stands in front of the additional data too.
func ExampleNewGCM() {
	block, err := kalyna.New256(make([]byte, 32)) // a secret key
	if err != nil {
		fmt.Println(err)
		return
	}
	aead, err := kalyna.NewGCM(block, 32)
	if err != nil {
		fmt.Println(err)
		return
	}
	nonce := make([]byte, aead.NonceSize())
	rand.Read(nonce)
	data := append(nonce[:len(nonce):len(nonce)], "report 17"...)
	sealed := aead.Seal(nil, nonce, []byte("Звіт за перший квартал"), data)

	opened, err := aead.Open(nil, nonce, sealed, data)
	fmt.Println(string(opened), err)

	nonce[0] ^= 1
	data[0] ^= 1
	_, err = aead.Open(nil, nonce, sealed, data)
	fmt.Println(err)
	// Output:
	// Звіт за перший квартал <nil>
	// kalyna: message authentication failed
}

func ExampleNewCMAC() {
	block, err := kalyna.New128([]byte("a 16-byte secret"))
	if err != nil {
		fmt.Println(err)
		return
	}
	mac, err := kalyna.NewCMAC(block, 16)
	if err != nil {
		fmt.Println(err)
		return
	}
	mac.Write([]byte("a message "))
	mac.Write([]byte("in two parts"))
	tag, err := mac.Sum(nil)
	fmt.Println(hex.EncodeToString(tag), err)
	fmt.Println(mac.Verify(tag))
	// Output:
	// 4d3fd34f664f99f6faa52b0d46412588 <nil>
	// <nil>
}

func ExampleNewXTS() {
	block, err := kalyna.New512(make([]byte, 64)) // a secret key
	if err != nil {
		fmt.Println(err)
		return
	}
	xts, err := kalyna.NewXTS(block)
	if err != nil {
		fmt.Println(err)
		return
	}
	sector := make([]byte, 520) // need not be whole blocks
	copy(sector, "Звіт за перший квартал")
	iv := make([]byte, kalyna.BlockSize512)
	iv[0] = 42 // the number of the sector, little-endian
	if err := xts.Encrypt(sector, sector, iv); err != nil {
		fmt.Println(err)
	}
	if err := xts.Decrypt(sector, sector, iv); err != nil {
		fmt.Println(err)
	}
	fmt.Println(string(sector[:41]))
	// Output: Звіт за перший квартал
}

// Keys of any length under a key: KW-p.
func ExampleKW_WrapPadded() {
	w, err := kalyna.NewKW(kalyna.BlockSize256, []byte("a key of thirty-two bytes, here."))
	if err != nil {
		fmt.Println(err)
		return
	}
	wrapped, err := w.WrapPadded([]byte("another key"))
	fmt.Println(len(wrapped), err)
	key, err := w.UnwrapPadded(wrapped)
	fmt.Println(string(key), err)
	wrapped[0] ^= 1
	_, err = w.UnwrapPadded(wrapped)
	fmt.Println(err)
	// Output:
	// 64 <nil>
	// another key <nil>
	// kalyna: key unwrap failed
}

// The key of the content of a CMS message under a key that both sides agreed on.
func ExampleWrap() {
	kek := []byte("a key of thirty-two bytes, here.")
	cek := []byte("another key of thirty-two bytes.")
	wrapped, err := kalyna.Wrap(nil, kek, cek)
	if err != nil {
		fmt.Println(err)
		return
	}
	key, err := kalyna.Unwrap(kek, wrapped)
	fmt.Println(string(key), err)
	_, err = kalyna.Unwrap(cek, wrapped)
	fmt.Println(err)
	// Output:
	// another key of thirty-two bytes. <nil>
	// kalyna: key unwrap failed
}
