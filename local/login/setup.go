package login

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image/png"
	"net/url"
	"slices"
	"strings"

	"github.com/pquerna/otp"

	"github.com/securecart/identity/local/userpool"
)

// setUp continues the set-up of a second factor: first the choice, then a code of the authenticator. A phone number
// leads to a challenge of its own, for the code that was sent to it.
func (l *Login) setUp(p pending, posted url.Values, code string) (pending, error) {
	factor := posted.Get("factor")
	switch {
	case p.secret != "":
		next, err := l.pool.VerifySoftwareToken(p.challenge.Session, code, "managed login")
		if err != nil {
			return p, err
		}
		p.challenge.Session = next
		return l.respond(p, nil)
	case !slices.Contains(list(p.challenge, "MFAS_CAN_SETUP"), factor):
		return p, &userpool.Error{Code: "InvalidParameterException", Message: "Choose one of the factors below."}
	case factor == smsCode:
		next, err := l.pool.SetUpSMS(p.request.client.ID, p.challenge.Session, strings.TrimSpace(posted.Get("phone_number")))
		if err != nil {
			return p, err
		}
		return pending{request: p.request, username: p.username, challenge: *next}, nil
	default:
		secret, next, err := l.pool.AssociateSoftwareToken(p.challenge.Session)
		if err != nil {
			return p, err
		}
		p.secret, p.challenge.Session = secret, next
		return p, nil
	}
}

func (l *Login) setUpPage(p pending) (page, error) {
	if p.secret != "" {
		return l.enrolPage(p)
	}
	factors := list(p.challenge, "MFAS_CAN_SETUP")
	shown := page{Title: "Set up a second factor", Intro: []string{"From now on, it is asked for besides your password."}}
	if slices.Contains(factors, softwareToken) {
		shown.Forms = append(shown.Forms, form{
			Heading: "Authenticator app", Submit: "Use an authenticator app", Hidden: map[string]string{"factor": softwareToken},
		})
	}
	if slices.Contains(factors, smsCode) {
		phone := attributeField("phone_number", "")
		phone.Hint = "With the country code, such as +491701234567."
		shown.Forms = append(shown.Forms, form{
			Heading: "Text message", Submit: "Send me a code", Hidden: map[string]string{"factor": smsCode},
			Fields: []field{phone},
		})
	}
	return shown, nil
}

// enrolPage shows the secret as a QR code and as text.
func (l *Login) enrolPage(p pending) (page, error) {
	picture, err := qrCode(l.stage.ID, p.username, p.secret)
	if err != nil {
		return page{}, err
	}
	return page{
		Title: "Set up your authenticator app",
		Intro: []string{
			"Scan the picture with the app, or enter this key there:", p.secret, "Then enter the code that the app shows.",
		},
		Picture: picture,
		Alt:     "QR code with the key",
		Forms:   []form{{Fields: []field{codeField()}, Submit: "Go on"}},
	}, nil
}

// qrCode returns the key URI of https://github.com/google/google-authenticator/wiki/Key-Uri-Format as a PNG in a data
// URL.
func qrCode(issuer, account, secret string) (template.URL, error) {
	uri := url.URL{
		Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + account,
		RawQuery: url.Values{"secret": {secret}, "issuer": {issuer}}.Encode(),
	}
	key, err := otp.NewKeyFromURL(uri.String())
	if err != nil {
		return "", fmt.Errorf("key URI of the authenticator: %w", err)
	}
	image, err := key.Image(240, 240)
	if err != nil {
		return "", fmt.Errorf("QR code of the authenticator: %w", err)
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, image); err != nil {
		return "", fmt.Errorf("QR code of the authenticator: %w", err)
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(encoded.Bytes())), nil
}
