package transport_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

func openReceipt(data []byte, o *transport.OpenOptions) (*transport.Receipt, error) {
	return transport.OpenReceipt(context.Background(), data, o)
}

// TestReceipts makes both receipts of a message, in every variant, and opens them.
func TestReceipts(t *testing.T) {
	p := parties(t)
	message, err := transport.Pack(report(t), full(p))
	require.NoError(t, err)
	m, err := open(message, opens(p.centre))
	require.NoError(t, err)
	const text = "Квитанція № 1\r\nДокумент отримано 06.06.2023 о 00:20:00"
	body, err := transport.EncodeText(text)
	require.NoError(t, err)
	gateway := signerOf(p.gateway)

	for name, tt := range map[string]struct {
		change    func(*transport.ReceiptOptions)
		program   string
		transport []string
		encrypted bool
	}{
		"encrypted": {func(o *transport.ReceiptOptions) { o.Outer = &gateway }, "ZPGATE", []string{"Шлюз"}, true},
		"clear": {func(o *transport.ReceiptOptions) { o.Clear = true },
			transport.Program, nil, false},
		"outer signature missing": {func(o *transport.ReceiptOptions) { o.OmitOuter = true }, "ZPGATE", nil, true},
	} {
		for number, result := range map[int]int{transport.FirstReceipt: 0, transport.SecondReceipt: 3} {
			t.Run(name, func(t *testing.T) {
				o := &transport.ReceiptOptions{
					Number: number, Result: result, Final: number == transport.SecondReceipt,
					Signer: signerOf(p.centre), Envelope: transport.Envelope{Recipients: []*pkix.Certificate{m.ReplyTo()}},
					Header: transport.HeaderOptions{
						FileName: m.Header.Get("FILENAME"), Email: m.Header.Get("RCV_EMAIL"),
						Time: time.Date(2023, 6, 5, 21, 20, 0, 0, time.UTC),
					},
				}
				tt.change(o)
				data, err := transport.PackReceipt(body, o)
				require.NoError(t, err)
				r, err := openReceipt(data, opens(p.seal))
				require.NoError(t, err)
				require.Equal(t, number, r.Number)
				require.Equal(t, result, r.Result)
				require.True(t, r.HasResult)
				require.Equal(t, result == 0, r.Accepted())
				require.Equal(t, number == transport.SecondReceipt, r.Final)
				require.Equal(t, tt.encrypted, r.Encrypted)
				require.Equal(t, text, r.Text)
				require.Equal(t, body, r.Body)
				require.Nil(t, r.XML)
				require.Equal(t, []string{"ОТРИМАНО"}, commonNames(r.Message.Officials))
				require.Equal(t, tt.transport, commonNames(r.Message.Transport))
				require.Equal(t, tt.program, r.Header.Get("PRG_TYPE"))
				require.Equal(t, "ТОВ Приклад", r.Header.Get("RCV_NAME"))
				require.Equal(t, "12345678", r.Header.Get("RCV_EDRPOU"))
				require.Equal(t, "87654321", r.Header.Get("EDRPOU"))
				require.Equal(t, "20230606002000", r.Header.Get("SND_DATE"))
			})
		}
	}
}

func TestReceiptRefuses(t *testing.T) {
	p := parties(t)
	good := transport.ReceiptOptions{Number: 1, Signer: signerOf(p.centre), Clear: true}
	_, err := transport.PackReceipt(nil, &good)
	require.NoError(t, err)
	for _, number := range []int{0, 3, -1} {
		o := good
		o.Number = number
		_, err = transport.PackReceipt(nil, &o)
		require.ErrorIs(t, err, transport.ErrReceipt)
	}
	o := good
	o.Clear = false
	_, err = transport.PackReceipt(nil, &o)
	require.ErrorIs(t, err, transport.ErrNoReceiver)
	o = transport.ReceiptOptions{Number: 1, Clear: true}
	_, err = transport.PackReceipt(nil, &o)
	require.ErrorIs(t, err, transport.ErrNoSigner)
	_, err = transport.PackReceipt(nil, nil)
	require.ErrorIs(t, err, transport.ErrReceipt)
}

// TestReceiptHeader reads headers that say odd things.
func TestReceiptHeader(t *testing.T) {
	signed := section("UA1_SIGN", mustSign(t, []byte("text")))
	for header, want := range map[string]struct {
		number, result int
		accepted, ok   bool
	}{
		"":                              {0, 0, false, true},
		"KVTNUM=1\r\n":                  {1, 0, false, true},
		"KVTNUM=2\r\nRESULT=0\r\n":      {2, 0, true, true},
		"KVTNUM=2\r\nRESULT=00\r\n":     {2, 0, true, true},
		"KVTNUM=2\r\nRESULT=-1\r\n":     {2, -1, false, true},
		"KVTNUM=2\r\nRESULT=\r\n":       {2, -1, false, false},
		"KVTNUM=2\r\nRESULT=zero\r\n":   {2, -1, false, false},
		"KVTNUM=one\r\nRESULT=0\r\n":    {0, 0, false, false},
		"KVTNUM=-1\r\nRESULT=0\r\n":     {-1, 0, false, false},
		"RESULT=99999999999999999999\r": {0, -1, false, false},
	} {
		r, err := openReceipt([]byte(section("TRANSPORTABLE", header+"\x00")+signed), nil)
		require.Equal(t, want.number, r.Number, "%q", header)
		require.Equal(t, want.result, r.Result, "%q", header)
		require.Equal(t, want.accepted, r.Accepted(), "%q", header)
		if want.ok {
			require.NoError(t, err, "%q", header)
		} else {
			require.ErrorIs(t, err, transport.ErrReceipt, "%q", header)
		}
		require.Equal(t, "text", r.Text)
	}
	r, err := openReceipt([]byte("rubbish"), nil)
	require.Error(t, err)
	require.NotNil(t, r)
}

func receiptXML() *transport.ReceiptXML {
	return &transport.ReceiptXML{
		Head: transport.ReceiptHead{TIN: "12345678", Form: "F01", FormSub: "033", FormVersion: "5", Year: "2015", Filled: "06062023"},
		Body: transport.ReceiptBody{
			TIN: "12345678", Name: `ТОВ "Приклад" & Ко`, FormCode: "F0103305", Result: "НЕ ПРИЙНЯТО", Date: "06.06.2023", Time: "00:20:00",
			Reasons: []transport.ReceiptReason{{Row: "1", Text: "підпис бухгалтера"}, {Row: "2", Text: "форма <застаріла>"}},
			Sender:  "Державна служба", Registration: "9000000001",
		},
	}
}

func TestReceiptXML(t *testing.T) {
	x := receiptXML()
	b, err := x.MarshalBinary()
	require.NoError(t, err)
	for name, data := range map[string][]byte{
		"as written":       b,
		"garbage octet":    append(b[:len(b):len(b)], 0x00),
		"white space":      append([]byte("\r\n"), append(b[:len(b):len(b)], "\r\n\x1a"...)...),
		"no declaration":   b[len(`<?xml version="1.0" encoding="windows-1251"?>`):],
		"UTF-8 and a mark": utf8Receipt(t, x),
	} {
		t.Run(name, func(t *testing.T) {
			got, err := transport.ParseReceiptXML(data)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(x, got, cmpopts.IgnoreUnexported(transport.ReceiptXML{}), cmpopts.IgnoreFields(transport.ReceiptXML{}, "XMLName")))
		})
	}
	for name, data := range map[string]string{
		"nothing":          "",
		"text":             "Квитанція",
		"another root":     "<RECEIPT/>",
		"not closed":       "<DECLAR><DECLARHEAD>",
		"unknown encoding": `<?xml version="1.0" encoding="koi8-u"?><DECLAR/>`,
		"entity":           `<!DOCTYPE d [<!ENTITY a "b">]><DECLAR><DECLARBODY><TEXT>&a;</TEXT></DECLARBODY></DECLAR>`,
		"false UTF-8":      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><DECLAR>\xcf</DECLAR>",
	} {
		_, err := transport.ParseReceiptXML([]byte(data))
		require.ErrorIs(t, err, transport.ErrReceipt, name)
	}
	x.Body.Name = "漢"
	_, err = x.MarshalBinary()
	require.Error(t, err)
}

func utf8Receipt(t *testing.T, x *transport.ReceiptXML) []byte {
	b, err := x.MarshalBinary()
	require.NoError(t, err)
	got, err := transport.ParseReceiptXML(b)
	require.NoError(t, err)
	return []byte("\ufeff" + transport.ReceiptText(got)[len(`<?xml version="1.0" encoding="windows-1251"?>`):])
}

func TestReceiptXMLInMessage(t *testing.T) {
	p := parties(t)
	b, err := receiptXML().MarshalBinary()
	require.NoError(t, err)
	data, err := transport.PackReceipt(b, &transport.ReceiptOptions{
		Number: 2, Result: 1, Signer: signerOf(p.centre), Envelope: transport.Envelope{Recipients: []*pkix.Certificate{p.seal.Agreement.Certificate}},
	})
	require.NoError(t, err)
	r, err := openReceipt(data, opens(p.seal))
	require.NoError(t, err)
	require.NotNil(t, r.XML)
	require.Equal(t, "НЕ ПРИЙНЯТО", r.XML.Body.Result)
	require.Len(t, r.XML.Body.Reasons, 2)
	require.Contains(t, r.Text, "НЕ ПРИЙНЯТО")
}
