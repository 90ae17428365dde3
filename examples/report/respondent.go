package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/pkix"
	"github.com/ukrcrypto/dstu/transport"
)

// fileName identifies the report: region, district, code, form, state, number, period, office.
const fileName = "26530012345678S030100110000000191220262653.xml"

// document is the report itself, as accounting programs write it.
func document(now time.Time) ([]byte, error) {
	rows := []struct {
		name  string
		value string
	}{
		{"R010G3", "184"}, {"R020G3", "176"}, {"R030G3", "5214.7"}, {"R040G3", "1147.2"}, {"R050G3", "28340.5"},
	}
	var body strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&body, "    <%s>%s</%s>\r\n", r.name, r.value, r.name)
	}
	return transport.EncodeText(fmt.Sprintf(`<?xml version="1.0" encoding="windows-1251"?>
<DECLAR xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <DECLARHEAD>
    <TIN>12345678</TIN><C_DOC>S03</C_DOC><C_DOC_SUB>010</C_DOC_SUB><C_DOC_VER>1</C_DOC_VER>
    <C_DOC_TYPE>0</C_DOC_TYPE><C_DOC_CNT>1</C_DOC_CNT><C_REG>26</C_REG><C_RAJ>53</C_RAJ>
    <PERIOD_MONTH>12</PERIOD_MONTH><PERIOD_TYPE>9</PERIOD_TYPE><PERIOD_YEAR>2026</PERIOD_YEAR>
    <C_STI_ORIG>2653</C_STI_ORIG><C_DOC_STAN>1</C_DOC_STAN><D_FILL>%s</D_FILL>
  </DECLARHEAD>
  <DECLARBODY>
    <HNAME>ТОВ «Світанок»</HNAME>
    <HFORM>Звіт із праці: кількість працівників, фонд оплати праці</HFORM>
    <HBOS>Шевчук А. І.</HBOS><HBUH>Коваленко О. П.</HBUH>
%s  </DECLARBODY>
</DECLAR>
`, now.Format("02012006"), body.String()))
}

// send makes the message: three signatures, one inside the other, then the envelope, then the
// transport signature and the header (order No 3 of the State Statistics Service, 5.2.1).
func (s *scene) send() ([]byte, error) {
	s.title("Респондент: звіт, підписи, шифрування")
	report, err := document(time.Now())
	if err != nil {
		return nil, err
	}
	s.say("звіт %s: %d Б, windows-1251", fileName, len(report))

	var signers []cms.Signer
	var sealed *person
	for _, h := range []holder{accountant, director, seal} {
		p, err := s.open(h, h.password)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", h.file, err)
		}
		s.say("ключ прочитано: %s", p.name)
		signers = append(signers, p.signing)
		sealed = p
	}
	recipient, err := s.agreementCertificate(centre.subject.CommonName)
	if err != nil {
		return nil, err
	}
	message, err := transport.Pack(report, &transport.PackOptions{
		Signers: signers, // in the order of signing; the seal makes the transport signature too
		Envelope: transport.Envelope{
			Recipients: []*pkix.Certificate{recipient},
			Sender:     &cms.Sender{Key: sealed.agreement.Key, Certificate: sealed.agreement.Certificate},
		},
		Header: transport.HeaderOptions{FileName: fileName, Email: "zvit@svitanok.example"},
	})
	if err != nil {
		return nil, err
	}
	s.say("підписано: бухгалтер → директор → печатка; зашифровано для: %s", recipient.Subject.CommonName())
	s.say("транспортне повідомлення: %d Б → скринька центру", len(message))
	return message, s.write("centre/inbox/report.bin", message)
}

// agreementCertificate looks a certificate for key agreement up by the name of its holder.
func (s *scene) agreementCertificate(name string) (*pkix.Certificate, error) {
	for _, c := range s.certs.Certificates() {
		if c.Subject.CommonName() == name && c.KeyUsage&pkix.KeyUsageKeyAgreement != 0 {
			return c, nil
		}
	}
	return nil, fmt.Errorf("no certificate for key agreement of %q", name)
}

// file opens both receipts, verifies the centre's signature and files them (5.2.1, 7).
func (s *scene) file(ctx context.Context, receipts ...[]byte) error {
	s.title("Респондент: квитанції")
	p, err := s.open(seal, seal.password)
	if err != nil {
		return err
	}
	for i, data := range receipts {
		r, err := transport.OpenReceipt(ctx, data, &transport.OpenOptions{
			Recipients:   []cms.Recipient{p.agreement},
			Certificates: s.certs,
		})
		if err != nil {
			return err
		}
		if r.Number != i+1 {
			return fmt.Errorf("receipt %d calls itself number %d", i+1, r.Number)
		}
		for _, signer := range r.Message.Officials {
			if err := s.trusts(signer.Certificate); err != nil {
				return err
			}
		}
		s.say("квитанція № %d: розшифровано, підпис центру правильний", r.Number)
		for _, line := range strings.Split(strings.TrimSpace(r.Text), "\n") {
			fmt.Fprintf(s.w, "       %s\n", strings.TrimRight(line, "\r"))
		}
		name := fmt.Sprintf("archive/%s.kvt%d", fileName, r.Number)
		if err := s.write(name, data); err != nil {
			return err
		}
		s.say("покладено до архіву: %s", name)
	}
	return nil
}
