package userpool

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/mailbox"
)

// Challenges besides those of the factors.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
const (
	passwordVerifier    = "PASSWORD_VERIFIER"
	newPasswordRequired = "NEW_PASSWORD_REQUIRED"
	selectMFAType       = "SELECT_MFA_TYPE"
	mfaSetup            = "MFA_SETUP"
)

// Challenge is the next question of a sign-in.
type Challenge struct {
	// Name is NEW_PASSWORD_REQUIRED, SELECT_MFA_TYPE, MFA_SETUP, SMS_MFA or SOFTWARE_TOKEN_MFA. It is empty if the
	// sign-in is complete.
	Name string
	// Session goes into the answer. It lives for the client's AuthSessionValidity and works once, but a wrong code does
	// not use it up.
	Session string
	// Parameters are those that Cognito documents: CODE_DELIVERY_DESTINATION, FRIENDLY_DEVICE_NAME, and as lists in JSON
	// MFAS_CAN_CHOOSE, MFAS_CAN_SETUP and requiredAttributes.
	Parameters map[string]string

	// Username has signed in at AuthTime, if Name is empty.
	Username string
	AuthTime time.Time

	source string
}

// session is a sign-in with the right password that waits for the answer to a challenge.
type session struct {
	client   deployed.UserPoolClient
	username string
	epoch    int
	// hosted says that managed login asks. Its sessions are refused at the API, and those of the API at managed login.
	hosted bool
	// source is the trigger source of the tokens.
	source    string
	challenge string
	choices   []string
	// smsCode was sent with the challenge. phone becomes the user's number when the code is entered.
	smsCode, phone string
	// secret is that of the authenticator that MFA_SETUP enrols. device is the authenticator after its first code.
	secret string
	device totpDevice
}

// next returns the next challenge of a sign-in.
func (p *Pool) next(s *session, u *user) (*Challenge, error) {
	if u.status == forceChangePassword {
		return p.ask(s, newPasswordRequired, map[string]string{
			"USER_ID_FOR_SRP": s.username, "requiredAttributes": "[]",
			"userAttributes": jsonText(shown(s.client, u.attributes)),
		}), nil
	}
	factors := p.demanded(u)
	switch {
	case len(factors) > 1:
		s.choices = factors
		return p.ask(s, selectMFAType, map[string]string{"MFAS_CAN_CHOOSE": jsonText(factors)}), nil
	case len(factors) == 1:
		return p.askFor(s, u, factors[0])
	case p.pool.MfaConfiguration == "ON":
		return p.ask(s, mfaSetup, map[string]string{"MFAS_CAN_SETUP": jsonText(p.pool.EnabledMfas)}), nil
	default:
		return p.signedIn(s, u), nil
	}
}

// askFor asks for a code of one factor. The parameters name no user: the answer repeats the name that signed in.
func (p *Pool) askFor(s *session, u *user, factor string) (*Challenge, error) {
	if factor == totpMFA {
		return p.ask(s, totpMFA, map[string]string{"FRIENDLY_DEVICE_NAME": u.factors.totp.name}), nil
	}
	return p.askBySMS(s, u.attributes["phone_number"])
}

func (p *Pool) askBySMS(s *session, number string) (*Challenge, error) {
	if err := p.mayRequestCode(forSMS, s.username); err != nil {
		return nil, err
	}
	s.smsCode = newCode()
	p.deliver(mailbox.SMS, number, "", cmp.Or(p.pool.SmsAuthenticationMessage, "Your authentication code is {####}."),
		s.smsCode, "")
	return p.ask(s, smsMFA, map[string]string{
		"CODE_DELIVERY_DELIVERY_MEDIUM": mailbox.SMS, "CODE_DELIVERY_DESTINATION": maskedPhone(number),
	}), nil
}

// ask stores the session under a new name and returns its challenge.
func (p *Pool) ask(s *session, challenge string, parameters map[string]string) *Challenge {
	s.challenge = challenge
	id, now := opaque(), p.now()
	p.sessions.Put(id, s, now, now.Add(sessionLife(s.client)))
	return &Challenge{Name: challenge, Session: id, Parameters: parameters}
}

// Answer answers a challenge.
type Answer struct {
	ClientID string
	// Name and Session are those of the challenge.
	Name, Session string
	// Responses are what RespondToAuthChallenge documents as ChallengeResponses: SOFTWARE_TOKEN_MFA_CODE, SMS_MFA_CODE,
	// ANSWER (a factor, for SELECT_MFA_TYPE), NEW_PASSWORD and userAttributes.<name>. USERNAME may be left out.
	Responses map[string]string
}

// AnswerChallenge continues a sign-in that [Pool.SignInWithPassword] began.
func (p *Pool) AnswerChallenge(given Answer) (*Challenge, error) { return p.answer(given, true) }

func (p *Pool) answer(given Answer, hosted bool) (*Challenge, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, u, err := p.session(given.Session, given.Name, hosted)
	if err != nil {
		return nil, err
	}
	if name := given.Responses["USERNAME"]; s.client.ID != given.ClientID || name != "" && p.find(name) != u {
		return nil, errSession
	}
	switch s.challenge {
	case newPasswordRequired:
		err = p.takeNewPassword(s, u, given.Responses)
	case selectMFAType:
		if !slices.Contains(s.choices, given.Responses["ANSWER"]) {
			return nil, invalidParameter("ANSWER must be one of %s", strings.Join(s.choices, ", "))
		}
		next, err := p.askFor(s, u, given.Responses["ANSWER"])
		if err == nil {
			p.sessions.Remove(given.Session)
		}
		return next, err
	case mfaSetup:
		err = p.takeSetup(s, u)
	default:
		err = p.takeCode(s, u, given.Responses[s.challenge+"_CODE"])
	}
	if err != nil {
		return nil, err
	}
	p.sessions.Remove(given.Session)
	if s.challenge == newPasswordRequired {
		return p.next(s, u)
	}
	return p.signedIn(s, u), nil
}

// session finds the session that waits for the answer to a challenge, and its user. A sign-out of the user ends it,
// too.
func (p *Pool) session(id, challenge string, hosted bool) (*session, *user, error) {
	s, ok := p.sessions.Get(id, p.now())
	if !ok {
		return nil, nil, notAuthorized("Invalid session for the user, session is expired or was used already.")
	}
	u := p.users[s.username]
	if s.challenge != challenge || s.hosted != hosted || u == nil || u.epoch != s.epoch || !u.enabled {
		return nil, nil, errSession
	}
	return s, u, nil
}

// takeCode checks a code of a second factor. Wrong codes count as wrong passwords do.
func (p *Pool) takeCode(s *session, u *user, given string) error {
	if p.locked(u.username) {
		return errLockedOut
	}
	result := totpWrong
	switch {
	case s.challenge == totpMFA:
		result = u.factors.totp.take(given, p.now())
	case code{value: s.smsCode}.is(given):
		result = totpRight
	}
	switch result {
	case totpRight:
		p.useNumber(s, u)
		return nil
	case totpReused:
		return &Error{"ExpiredCodeException", "Your software token has already been used once."}
	default:
		p.failed(u.username)
		return &Error{"CodeMismatchException", "Invalid code received for user"}
	}
}

// useNumber marks a number as verified, because its code was entered. The number that managed login has just asked for
// becomes the user's.
func (p *Pool) useNumber(s *session, u *user) {
	if s.challenge != smsMFA {
		return
	}
	if s.phone != "" {
		u.attributes["phone_number"] = s.phone
		u.factors.enable(smsMFA)
		u.factors.preferred = smsMFA
	}
	u.attributes["phone_number_verified"] = "true"
	u.modified = p.now()
}

// signedIn ends a complete sign-in.
func (p *Pool) signedIn(s *session, u *user) *Challenge {
	p.succeeded(u.username)
	return &Challenge{Username: u.username, AuthTime: p.now(), source: s.source}
}

func jsonText(value any) string {
	// Maps and lists of strings always have a JSON form.
	text, _ := json.Marshal(value)
	return string(text)
}
