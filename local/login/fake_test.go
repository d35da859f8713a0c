package login

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/securecart/identity/local/userpool"
)

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// customer is a user of the fake pool. Codes are fixed, so that tests need no inbox.
type customer struct {
	password   string
	confirmed  bool
	attributes map[string]string
	// challenges come one after the other, each as its name; "MFA_SETUP" may be answered by another one.
	challenges []userpool.Challenge
}

const (
	rightCode       = "123456"
	totpSecret      = "JBSWY3DPEHPK3PXP"
	anotherPassword = "Another-Passw0rd!"
)

// fakePool is a user pool that does what its documentation promises, and writes down what it was asked.
type fakePool struct {
	clock *clock

	mu       sync.Mutex
	users    map[string]*customer
	sessions map[string]fakeSession
	refresh  map[string]userpool.TokenRequest
	number   int

	calls   []string
	issued  []userpool.TokenRequest
	revoked []string
	// broken makes every operation fail as no pool should.
	broken error
}

type fakeSession struct {
	username string
	left     []userpool.Challenge
}

func newFakePool(c *clock) *fakePool {
	return &fakePool{
		clock: c, users: map[string]*customer{}, sessions: map[string]fakeSession{},
		refresh: map[string]userpool.TokenRequest{},
	}
}

func refused(code, message string) error { return &userpool.Error{Code: code, Message: message} }

var errWrong = refused("NotAuthorizedException", "Incorrect username or password.")

// call locks the pool and writes the operation down.
func (p *fakePool) call(operation string, values ...string) (unlock func(), err error) {
	p.mu.Lock()
	p.calls = append(p.calls, strings.Join(append([]string{operation}, values...), " "))
	return p.mu.Unlock, p.broken
}

func (p *fakePool) name(prefix string) string {
	p.number++
	return fmt.Sprintf("%s-%d", prefix, p.number)
}

func (p *fakePool) challenged(username string, left []userpool.Challenge) *userpool.Challenge {
	if len(left) == 0 {
		return &userpool.Challenge{Username: username, AuthTime: p.clock.Now()}
	}
	next := left[0]
	next.Session = p.name("session")
	p.sessions[next.Session] = fakeSession{username, left}
	return &next
}

func (p *fakePool) SignInWithPassword(clientID, username, password string) (*userpool.Challenge, error) {
	unlock, err := p.call("SignInWithPassword", clientID, username)
	defer unlock()
	u, ok := p.users[username]
	switch {
	case err != nil:
		return nil, err
	case !ok || u.password != password:
		return nil, errWrong
	case !u.confirmed:
		return nil, refused("UserNotConfirmedException", "User is not confirmed.")
	}
	return p.challenged(username, u.challenges), nil
}

func (p *fakePool) AnswerChallenge(a userpool.Answer) (*userpool.Challenge, error) {
	unlock, err := p.call("AnswerChallenge", a.ClientID, a.Name)
	defer unlock()
	s, ok := p.sessions[a.Session]
	switch {
	case err != nil:
		return nil, err
	case !ok || s.left[0].Name != a.Name:
		return nil, refused("NotAuthorizedException", "Invalid session for the user.")
	}
	for _, key := range []string{"SOFTWARE_TOKEN_MFA_CODE", "SMS_MFA_CODE"} {
		if code, asked := a.Responses[key]; asked && code != rightCode {
			return nil, refused("CodeMismatchException", "Invalid code received for user")
		}
	}
	left := s.left[1:]
	if choice, asked := a.Responses["ANSWER"]; asked {
		left = []userpool.Challenge{{Name: choice, Parameters: map[string]string{"CODE_DELIVERY_DESTINATION": "+*******67"}}}
	}
	if password, asked := a.Responses["NEW_PASSWORD"]; asked {
		if password != anotherPassword {
			return nil, refused("InvalidPasswordException", "Password does not conform to policy")
		}
		p.users[s.username].attributes = a.Responses
	}
	delete(p.sessions, a.Session)
	return p.challenged(s.username, left), nil
}

func (p *fakePool) move(session string) (next string, s fakeSession, err error) {
	s, ok := p.sessions[session]
	if !ok {
		return "", s, refused("NotAuthorizedException", "Invalid session for the user.")
	}
	delete(p.sessions, session)
	next = p.name("session")
	p.sessions[next] = s
	return next, s, nil
}

func (p *fakePool) AssociateSoftwareToken(session string) (secret, next string, err error) {
	unlock, err := p.call("AssociateSoftwareToken")
	defer unlock()
	if err != nil {
		return "", "", err
	}
	next, _, err = p.move(session)
	return totpSecret, next, err
}

func (p *fakePool) VerifySoftwareToken(session, code, _ string) (next string, err error) {
	unlock, err := p.call("VerifySoftwareToken")
	defer unlock()
	switch {
	case err != nil:
		return "", err
	case code != rightCode:
		return "", refused("EnableSoftwareTokenMFAException", "Code mismatch")
	}
	next, _, err = p.move(session)
	return next, err
}

func (p *fakePool) SetUpSMS(clientID, session, phoneNumber string) (*userpool.Challenge, error) {
	unlock, err := p.call("SetUpSMS", clientID, phoneNumber)
	defer unlock()
	switch {
	case err != nil:
		return nil, err
	case !strings.HasPrefix(phoneNumber, "+"):
		return nil, refused("InvalidParameterException", "Invalid phone number format.")
	}
	_, s, err := p.move(session)
	if err != nil {
		return nil, err
	}
	return p.challenged(s.username,
		[]userpool.Challenge{{Name: smsCode, Parameters: map[string]string{"CODE_DELIVERY_DESTINATION": "+*******67"}}}), nil
}
