package transport

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/ukrcrypto/dstu/internal/cp1251"
)

// ReceiptXML is a receipt in the form of a DECLAR document. Values are texts as written; elements
// that are absent or nil are empty. Elements not named here are skipped.
type ReceiptXML struct {
	XMLName xml.Name    `xml:"DECLAR"`
	Head    ReceiptHead `xml:"DECLARHEAD"`
	Body    ReceiptBody `xml:"DECLARBODY"`

	text string // the document, decoded
}

// ReceiptHead identifies the report that a receipt is about.
type ReceiptHead struct {
	TIN         string `xml:"TIN"`
	Form        string `xml:"C_DOC"`     // letter and two digits
	FormSub     string `xml:"C_DOC_SUB"` // three digits
	FormVersion string `xml:"C_DOC_VER"`
	Amendment   string `xml:"C_DOC_TYPE"` // 0: not an amendment
	Number      string `xml:"C_DOC_CNT"`  // in the period
	Region      string `xml:"C_REG"`
	District    string `xml:"C_RAJ"`
	Month       string `xml:"PERIOD_MONTH"`
	PeriodType  string `xml:"PERIOD_TYPE"`
	Year        string `xml:"PERIOD_YEAR"`
	Office      string `xml:"C_STI_ORIG"`
	State       string `xml:"C_DOC_STAN"`
	Linked      string `xml:"LINKED_DOCS,omitempty"`
	Filled      string `xml:"D_FILL"` // ddmmyyyy
	Software    string `xml:"SOFTWARE,omitempty"`
}

// ReceiptBody is what the centre says.
type ReceiptBody struct {
	TIN          string          `xml:"HTIN"`
	Name         string          `xml:"HNAME"`
	Email        string          `xml:"HEMAIL"`
	FormCode     string          `xml:"HDOCKOD"`
	FormName     string          `xml:"HDOCNAME"`
	FileName     string          `xml:"HFILENAME"`
	State        string          `xml:"HDOCSTAN"`
	Period       string          `xml:"HPERIOD"`
	Year         string          `xml:"HZY"`
	Term         string          `xml:"HDTERM,omitempty"`
	TIN1         string          `xml:"HTIN1,omitempty"`
	Name1        string          `xml:"HNAME1,omitempty"`
	DirectorTIN  string          `xml:"HKBOS"`
	Director     string          `xml:"HBOS"`
	AccountTIN   string          `xml:"HKBUH,omitempty"`
	Accountant   string          `xml:"HBUH,omitempty"`
	Result       string          `xml:"HRESULT"` // the verdict
	Date         string          `xml:"HDATE"`
	Time         string          `xml:"HTIME"`
	Registration string          `xml:"HNUMREG,omitempty"`
	Reasons      []ReceiptReason `xml:"T1RXXXXG1S"`
	Sender       string          `xml:"HSENDER"`
	Text         string          `xml:"TEXT"`
}

// ReceiptReason is one line of the explanation.
type ReceiptReason struct {
	Row  string `xml:"ROWNUM,attr"`
	Text string `xml:",chardata"`
}

const (
	xmlDeclaration = `<?xml version="1.0" encoding="windows-1251"?>`
	maxReceiptXML  = 8 << 20 // real ones have a few thousand octets
)

// ParseReceiptXML reads a receipt in XML. What follows the last ">" is cut off: some gateways
// leave an octet there. Without a declaration the document is windows-1251 unless it is valid
// UTF-8.
func ParseReceiptXML(b []byte) (*ReceiptXML, error) {
	b = b[:bytes.LastIndexByte(b, '>')+1]
	b = bytes.TrimSpace(bytes.TrimPrefix(b, []byte("\ufeff")))
	if len(b) > maxReceiptXML || !bytes.HasPrefix(b, []byte("<")) {
		return nil, fmt.Errorf("%w: the text is no XML", ErrReceipt)
	}
	x := &ReceiptXML{text: string(b)}
	if !bytes.HasPrefix(b, []byte("<?xml")) && !utf8.Valid(b) {
		x.text = cp1251.Decode(b)
		b = []byte(x.text)
	}
	d := xml.NewDecoder(bytes.NewReader(b))
	d.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(charset) {
		case "windows-1251", "cp1251":
			x.text = cp1251.Decode(b)
			return charmap.Windows1251.NewDecoder().Reader(in), nil
		}
		return nil, fmt.Errorf("unknown encoding %q", charset)
	}
	if err := d.Decode(x); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrReceipt, err)
	}
	return x, nil
}

// MarshalBinary writes the receipt in windows-1251, with a declaration that says so. It refuses
// characters that windows-1251 does not have.
func (x *ReceiptXML) MarshalBinary() ([]byte, error) {
	b, err := xml.Marshal(x)
	if err != nil {
		return nil, err
	}
	return EncodeText(xmlDeclaration + "\r\n" + string(b))
}
