package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

// receive is the work of the centre: open, verify every official, answer (order No 3, 5.2.3).
func (s *scene) receive(ctx context.Context, message []byte) (first, second []byte, err error) {
	s.title("Центр: приймання")
	p, err := s.open(centre, centre.password)
	if err != nil {
		return nil, nil, err
	}
	now := time.Now()
	m, err := transport.Open(ctx, message, &transport.OpenOptions{
		Recipients:   []cms.Recipient{p.agreement},
		Certificates: s.certs,
	})
	if err != nil {
		return nil, nil, err
	}
	s.say("розкрито %d шарів; документ: %d Б", len(m.Layers), len(m.Document))
	for i, official := range m.Officials {
		c := official.Certificate
		if err := s.trusts(c); err != nil {
			return nil, nil, err
		}
		s.say("підпис %d: %s, ЄДРПОУ %s — правильний, сертифікат видав %s",
			i+1, c.Subject.CommonName(), orDash(c.EDRPOU()), c.Issuer.CommonName())
	}

	s.title("Центр: дві квитанції")
	to := m.ReplyTo()
	if to == nil {
		return nil, nil, errors.New("the message does not say to whom to encrypt the receipt")
	}
	stamp := now.Format("02.01.2006 15:04:05")
	first, err = s.receipt(p, to, transport.FirstReceipt, fmt.Sprintf(
		"КВИТАНЦІЯ № 1\r\nЗвіт %s\r\nотримано %s.\r\n", m.Header.Get(transport.KeyFileName), stamp))
	if err != nil {
		return nil, nil, err
	}
	second, err = s.receipt(p, to, transport.SecondReceipt, fmt.Sprintf(
		"КВИТАНЦІЯ № 2\r\nЗвіт %s\r\nприйнято до обробки %s.\r\nРеєстраційний номер 2653-%06d.\r\nПідписів перевірено: %d, усі правильні.\r\n",
		m.Header.Get(transport.KeyFileName), stamp, now.Unix()%1_000_000, len(m.Officials)))
	return first, second, err
}

func (s *scene) receipt(p *person, to *pkix.Certificate, number int, text string) ([]byte, error) {
	body, err := transport.EncodeText(text)
	if err != nil {
		return nil, err
	}
	data, err := transport.PackReceipt(body, &transport.ReceiptOptions{
		Number:   number,
		Final:    number == transport.SecondReceipt,
		Signer:   p.signing,
		Envelope: transport.Envelope{Recipients: []*pkix.Certificate{to}},
		Header:   transport.HeaderOptions{FileName: fileName},
	})
	if err != nil {
		return nil, err
	}
	s.say("квитанція № %d: підписано печаткою центру, зашифровано для: %s (%d Б)", number, to.Subject.CommonName(), len(data))
	return data, s.write(fmt.Sprintf("respondent/inbox/receipt%d.bin", number), data)
}

// trusts is the trust of this example: one authority, the dates, the purpose. Revocation is not
// looked at.
func (s *scene) trusts(c *pkix.Certificate) error {
	if c == nil {
		return errors.New("the certificate of the signer is not known")
	}
	name := c.Subject.CommonName()
	if err := c.CheckSignatureFrom(s.authority.Certificate); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if now := time.Now(); now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return fmt.Errorf("%s: the certificate is not valid now", name)
	}
	if c.KeyUsage&pkix.KeyUsageDigitalSignature == 0 {
		return fmt.Errorf("%s: the certificate is not for signatures", name)
	}
	return nil
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
