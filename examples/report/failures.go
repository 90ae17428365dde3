package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/ukrcrypto/dstu/cms"
	"github.com/ukrcrypto/dstu/keystore"
	"github.com/ukrcrypto/dstu/transport"
	"github.com/ukrcrypto/dstu/validation"
)

// failures shows what happens when something is wrong: a wrong password, one flipped bit, a
// recipient who was not addressed. Each must fail in its own way; if one does not, that is an
// error of the example.
func (s *scene) failures(ctx context.Context, message []byte) error {
	s.title("Три відмови, як і має бути")

	if _, err := s.open(director, "не той пароль"); errors.Is(err, keystore.ErrPassword) {
		s.say("хибний пароль — відмова (%v)", err)
	} else {
		return fmt.Errorf("a wrong password gave %v", err)
	}

	p, err := s.open(centre, centre.password)
	if err != nil {
		return err
	}
	damaged := bytes.Clone(message)
	damaged[len(damaged)/2] ^= 1
	m, err := transport.Open(ctx, damaged, &transport.OpenOptions{Recipients: []cms.Recipient{p.agreement}, Certificates: s.certs})
	if err == nil {
		return errors.New("a damaged message was accepted")
	}
	s.say("один змінений біт — висновок «%v»", m.Report.Verdict)
	for _, layer := range m.Layers {
		if layer.Report.Verdict == validation.Passed {
			continue
		}
		s.say("   шар %s (%s): %s", layer.Label, layer.Kind, layer.Report.Code)
	}

	other, err := s.open(stranger, stranger.password)
	if err != nil {
		return err
	}
	_, err = transport.Open(ctx, message, &transport.OpenOptions{Recipients: []cms.Recipient{other.agreement}, Certificates: s.certs})
	if !errors.Is(err, cms.ErrNoRecipient) {
		return fmt.Errorf("a stranger's key gave %v", err)
	}
	s.say("чужий одержувач — відмова (%v)", cms.ErrNoRecipient)
	return nil
}
