package userpool

import (
	"cmp"
	"encoding/base64"
	"math/big"
	"time"

	"github.com/securecart/identity/internal/deployed"
)

const defaultSessionMinutes = 3

// sessionLife returns how long a challenge waits for its answer.
func sessionLife(client deployed.UserPoolClient) time.Duration {
	return time.Duration(cmp.Or(client.AuthSessionValidity, defaultSessionMinutes)) * time.Minute
}

// signIn is a sign-in by SRP that waits for the proof of the password. Its secret block identifies it, because clients
// need not send a session with the proof.
type signIn struct {
	clientID string
	subject  candidate
	exchange exchange
}

// candidate is a user who wants to sign in, existing or not.
type candidate struct {
	// name is the given user name, and who the key of the user's limits.
	name, who string
	// userID is that of the user, or of a decoy.
	userID string
	key    verifier
	exists bool
}

// candidate looks a user up. Users without a password get the answer of users who do not exist.
func (p *Pool) candidate(name string) candidate {
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.find(name)
	if u == nil || len(u.passwords) == 0 {
		folded := p.fold(name)
		return candidate{name: name, who: p.who(name), userID: p.decoy.sub(folded), key: p.decoy.verifier(folded)}
	}
	return candidate{name, u.username, u.username, u.passwords[0], true}
}

// startSRP begins a sign-in with the client's public value, and returns the parameters of the proof.
func (p *Pool) startSRP(clientID, name string, a *big.Int) (map[string]string, error) {
	client, err := p.client(clientID)
	if err != nil {
		return nil, err
	}
	subject := p.candidate(name)
	started := &signIn{clientID, subject, newExchange(subject.key, a)}
	block := base64.StdEncoding.EncodeToString([]byte(opaque()))
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	p.signIns.Put(block, started, now, now.Add(sessionLife(client)))
	return map[string]string{
		"USERNAME": subject.userID, "USER_ID_FOR_SRP": subject.userID,
		"SALT": subject.key.salt.Text(16), "SRP_B": started.exchange.b.Text(16), "SECRET_BLOCK": block,
	}, nil
}

// proof is the answer to a PASSWORD_VERIFIER challenge.
type proof struct {
	clientID, name, secretBlock, signature, timestamp string
}

// timestampFormat is Java's "EEE MMM d HH:mm:ss z yyyy". The age of a timestamp does not matter: the secret block lives
// for some minutes only, and works once.
const timestampFormat = "Mon Jan 2 15:04:05 MST 2006"

// provePassword ends a sign-in by SRP.
func (p *Pool) provePassword(given proof) (*Challenge, error) {
	if _, err := time.Parse(timestampFormat, given.timestamp); err != nil {
		return nil, invalidParameter("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english")
	}
	block, blockErr := base64.StdEncoding.DecodeString(given.secretBlock)
	signature, signatureErr := base64.StdEncoding.DecodeString(given.signature)
	if blockErr != nil || signatureErr != nil {
		return nil, invalidParameter("PASSWORD_CLAIM_SECRET_BLOCK and PASSWORD_CLAIM_SIGNATURE must be base64.")
	}
	p.mu.Lock()
	started, ok := p.signIns.Get(given.secretBlock, p.now())
	p.signIns.Remove(given.secretBlock)
	p.mu.Unlock()
	if !ok || started.clientID != given.clientID {
		return nil, errWrongPassword
	}
	subject := started.subject
	named := given.name == subject.userID || p.fold(given.name) == p.fold(subject.name)
	right := started.exchange.proves(signature, p.name, subject.userID, block, given.timestamp)
	return p.passwordGiven(given.clientID, subject, right && named, false)
}

// SignInWithPassword starts a sign-in at managed login, by the password itself. The flows that the client allows are
// about the API, and do not matter here.
func (p *Pool) SignInWithPassword(clientID, username, password string) (*Challenge, error) {
	subject := p.candidate(username)
	return p.passwordGiven(clientID, subject, subject.key.matches(p.name, subject.userID, password), true)
}

// passwordGiven returns what follows a right or wrong password. It checks the lockout after the password, so that
// concurrent guesses count, too.
func (p *Pool) passwordGiven(clientID string, subject candidate, right, hosted bool) (*Challenge, error) {
	client, err := p.client(clientID)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.locked(subject.who) {
		return nil, errLockedOut
	}
	u := p.users[subject.who]
	// The password may have been changed since the sign-in began.
	current := subject.exists && u != nil && len(u.passwords) > 0 && u.passwords[0].v.Cmp(subject.key.v) == 0
	switch {
	case !right || !current:
		p.failed(subject.who)
		return nil, errWrongPassword
	case !u.enabled:
		return nil, errDisabled
	case u.status == unconfirmed:
		return nil, errNotConfirmed
	case u.status == resetRequired:
		return nil, errResetRequired
	case u.status == forceChangePassword && !p.now().Before(u.temporaryUntil):
		return nil, notAuthorized("Temporary password has expired and must be reset by an administrator.")
	}
	return p.next(&session{client: client, username: u.username, epoch: u.epoch, hosted: hosted, source: authentication},
		u)
}
