package transport

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/validation"
)

// Labels of sections with a packing of their own, read only.
const (
	labelQLBSign  = "QLB_SIGN"
	labelQLBCrypt = "QLB_CRYPT"
)

// isQLB reports whether the content is in the packing of QLB sections, not a CMS object.
func isQLB(s Section) bool {
	return (s.Label == labelQLBSign || s.Label == labelQLBCrypt) && contentInfo(s.Content) == unknown
}

// splitQLB returns the data items. Items are 02 and a length, or after the first a length only;
// hashes (20 and 32 octets) and four octets 00 between them are skipped.
func splitQLB(b []byte) ([][]byte, error) {
	var items [][]byte
	for first := true; len(b) > 0; first = false {
		switch {
		case b[0] == 0x02:
			b = b[1:]
		case b[0] == 0x20 && len(b) >= 33:
			b = b[33:]
			continue
		case len(b) >= 4 && binary.LittleEndian.Uint32(b) == 0:
			b = b[4:]
			continue
		case first:
			return nil, fmt.Errorf("%w: unknown item in a QLB section", ErrFormat)
		}
		n, ok := length(b, 0)
		if !ok || len(items) == MaxSections {
			return nil, fmt.Errorf("%w: item of a QLB section is longer than the data", ErrFormat)
		}
		if n > 0 {
			items = append(items, b[4:4+n:4+n])
		}
		b = b[4+n:]
	}
	return items, nil
}

// qlb peels a QLB section: a detached signature and its document, or the sender's certificate
// and an envelope.
func (p *peeler) qlb(s Section) *step {
	items, err := splitQLB(s.Content)
	want := signed
	if s.Label == labelQLBCrypt {
		want = enveloped
	}
	if err == nil && len(items) != 2 {
		err = fmt.Errorf("%w: %d items in a QLB section", ErrFormat, len(items))
	}
	l := Layer{Kind: want.layer(), Label: s.Label, Recipient: -1}
	if err != nil {
		return p.stop(l, validation.FormatFailure, err)
	}
	if want == enveloped {
		last := &p.msg.Layers[len(p.msg.Layers)-1]
		p.certificate(last, items[0])
		return &step{data: items[1], label: s.Label, form: enveloped}
	}
	if p.depth == MaxDepth {
		return p.stop(l, validation.FormatFailure, fmt.Errorf("%w: more than %d nested layers", ErrFormat, MaxDepth))
	}
	p.depth++
	return p.detached(l, items[0], items[1])
}

func (p *peeler) detached(l Layer, sig, content []byte) *step {
	result, err := cms.CheckDetached(p.ctx, sig, bytes.NewReader(content), &cms.CheckOptions{Certificates: p.pool})
	if result == nil {
		return p.stop(l, failure(err), err)
	}
	l.Signed, l.Report = result, result.Report
	p.msg.Layers = append(p.msg.Layers, l)
	return &step{data: content}
}
