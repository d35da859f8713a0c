package userpool

import (
	"cmp"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"html"
	"math/big"
	"strings"
	"time"

	"github.com/securecart/identity/local/mailbox"
)

// Lifetimes of codes.
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
const (
	signUpCodeLife         = 24 * time.Hour
	forgotPasswordCodeLife = time.Hour
	verificationCodeLife   = 24 * time.Hour
)

// Purposes of codes.
const (
	forSignUp   = "sign-up"
	forPassword = "forgot-password"
	// forAttribute is followed by the attribute's name.
	forAttribute = "attribute "
	forSMS       = "sms-mfa"
)

// code is a code that was sent to a user. A newer code for the same purpose replaces it.
type code struct {
	value string
	until time.Time
}

func newCode() string {
	// crypto/rand does not fail.
	n, _ := rand.Int(rand.Reader, big.NewInt(1_000_000))
	return fmt.Sprintf("%06d", n)
}

func (c code) is(given string) bool {
	return c.value != "" && subtle.ConstantTimeCompare([]byte(c.value), []byte(given)) == 1
}

// forgetCodes makes codes void, such as those that went to a former address.
func (u *user) forgetCodes(purposes ...string) {
	for _, purpose := range purposes {
		delete(u.codes, purpose)
	}
}

// redeem takes a code that a user entered. A code works once.
func (p *Pool) redeem(u *user, who, purpose, given string) error {
	if err := p.checkCode(u, who, purpose, given); err != nil {
		return err
	}
	u.forgetCodes(purpose)
	return nil
}

// checkCode checks a code and does not use it up. u is nil for a user who does not exist: every code is wrong then.
func (p *Pool) checkCode(u *user, who, purpose, given string) error {
	attempts := "enter " + purpose + " " + who
	if p.counted(attempts) >= codeAttempts {
		return errTooMany
	}
	var sent code
	if u != nil {
		sent = u.codes[purpose]
	}
	expired := !p.now().Before(sent.until)
	if u == nil {
		expired = !p.requestedCode(purpose, who)
	}
	if expired {
		return errExpiredCode
	}
	if !sent.is(given) || u == nil {
		p.count(attempts)
		return errWrongCode
	}
	p.counts.Remove(attempts)
	return nil
}

// Delivery says where a code went.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CodeDeliveryDetailsType.html
type Delivery struct {
	// AttributeName is email or phone_number.
	AttributeName string
	// Medium is EMAIL or SMS.
	Medium string `json:"DeliveryMedium"`
	// Destination shows enough of the address for its owner to recognize it.
	Destination string
}

// send sends a new code to an address or number.
func (p *Pool) send(u *user, purpose, attribute, to string, life time.Duration) Delivery {
	fresh := code{newCode(), p.now().Add(life)}
	u.codes[purpose] = fresh
	template := p.pool.VerificationMessageTemplate
	if attribute == "phone_number" {
		p.deliver(mailbox.SMS, to, "", cmp.Or(template.SmsMessage, "Your verification code is {####}."), fresh.value, "")
	} else {
		p.deliver(mailbox.Email, to, cmp.Or(template.EmailSubject, "Your verification code"),
			cmp.Or(template.EmailMessage, "Your verification code is {####}."), fresh.value, "")
	}
	return delivery(attribute, to)
}

// deliver sends a message by a template of the stage. E-mails are HTML.
func (p *Pool) deliver(channel, to, subject, template, code, username string) {
	shownCode, shownName := code, username
	if channel == mailbox.Email {
		shownCode, shownName = html.EscapeString(code), html.EscapeString(username)
	}
	body := strings.NewReplacer("{####}", shownCode, "{username}", shownName).Replace(template)
	p.mailbox.Deliver(mailbox.Message{To: to, Channel: channel, Subject: subject, Body: body, Code: code})
}

func delivery(attribute, to string) Delivery {
	if attribute == "phone_number" {
		return Delivery{attribute, mailbox.SMS, maskedPhone(to)}
	}
	return Delivery{attribute, mailbox.Email, maskedEmail(to)}
}

// maskedEmail shows the first letters of name and domain.
func maskedEmail(email string) string {
	name, domain, _ := strings.Cut(email, "@")
	first := func(text string) string {
		for _, letter := range text {
			return string(letter)
		}
		return ""
	}
	return first(name) + "***@" + first(domain) + "***"
}

// maskedPhone shows the last four digits.
func maskedPhone(number string) string {
	visible := max(len(number)-4, 1)
	return "+" + strings.Repeat("*", visible-1) + number[visible:]
}
