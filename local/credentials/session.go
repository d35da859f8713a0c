package credentials

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Session is an assumed role, or an IAM user with temporary credentials. It is immutable. Printing it shows only its
// ARN.
type Session struct {
	// AccessKeyID begins with ASIA, as AWS's temporary ones do.
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string
	Expiration      time.Time

	// RoleARN is empty for a user.
	RoleARN string
	// ARN is the caller's, arn:aws:sts::<account>:assumed-role/<role>/<session name> or
	// arn:aws:iam::<account>:user/<name>.
	ARN string
	// UserID is <role id>:<session name>, or a user's id.
	UserID string
	// Identity is the identity of the identity pool that got the session, nil for other sessions.
	Identity *Identity
	// Context are the condition keys that every request of the session has.
	Context map[string][]string

	// mfa is when a user entered a code of the MFA device, zero if never.
	mfa time.Time
}

// String is the ARN. It keeps the secret out of whatever prints a session.
func (s Session) String() string { return s.ARN }

// GoString is the ARN, too, for %#v.
func (s Session) GoString() string { return s.ARN }

// MarshalText is the ARN, too, for JSON and structured logs.
func (s Session) MarshalText() ([]byte, error) { return []byte(s.ARN), nil }

// AuthType is the kind of an identity: guest or customer.
type AuthType string

// The values of the claim amr that say so:
// https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html
const (
	Authenticated   AuthType = "authenticated"
	Unauthenticated AuthType = "unauthenticated"
)

// Identity is an identity of the identity pool.
type Identity struct {
	PoolID, ID string
	AuthType   AuthType
	// Provider is how API Gateway shows to a function who signed the customer in,
	// "<provider>,<provider>:CognitoSignIn:<sub>". It is empty for guests.
	Provider string
}

// claims are the condition keys of Cognito's own token:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
func (i Identity) claims() map[string][]string {
	amr := []string{string(i.AuthType)}
	if i.Provider != "" {
		amr = append(amr, strings.Split(i.Provider, ",")...)
	}
	return map[string][]string{
		"cognito-identity.amazonaws.com:aud": {i.PoolID},
		"cognito-identity.amazonaws.com:sub": {i.ID},
		"cognito-identity.amazonaws.com:amr": amr,
		"aws:FederatedProvider":              {federatedProvider},
	}
}

// ErrTooManySessions means that maxSessions are in use. Some end within an hour.
var ErrTooManySessions = errors.New("too many sessions of temporary credentials are in use")

const (
	// maxSessions bounds memory: a session takes about 2 kB.
	maxSessions = 20_000
	// remembered is how long an expired session is distinguished from one that never existed.
	remembered = 10 * time.Minute
	// maxTags and the pattern of tags are those of https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
	maxTags = 50
)

var (
	sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)
	tagText     = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
)

// Issue creates credentials for a session of the role, with tags as principal tags. Identity is nil unless the identity
// pool calls. Issue does not evaluate the role's trust policy; [Store.AssumeRole], [Store.AssumeWithWebIdentity] and
// [Store.AssumeAsService] do.
//
// The errors name invalid parameters; one is [ErrTooManySessions].
func (s *Store) Issue(
	roleARN, name string, ttl time.Duration, tags map[string]string, identity *Identity,
) (Session, error) {
	role, ok := s.roles[roleARN]
	switch {
	case !ok:
		return Session{}, fmt.Errorf("the stage has no role %s", roleARN)
	case !sessionName.MatchString(name):
		return Session{}, fmt.Errorf("session name %q: want 2 to 64 of A-Z a-z 0-9 _ + = , . @ -", name)
	case ttl <= 0:
		return Session{}, fmt.Errorf("session of %s: want a time to live, got %s", role.name, ttl)
	}
	if err := checkTags(tags); err != nil {
		return Session{}, err
	}
	session := s.newSession(ttl)
	session.RoleARN = roleARN
	session.ARN = "arn:aws:sts::" + s.stage.Account + ":assumed-role/" + role.name + "/" + name
	session.UserID = role.id + ":" + name
	session.Identity = identity
	session.Context = s.sessionContext(session, tags)
	return *session, s.keep(session)
}

// newSession has new credentials and no holder yet.
func (s *Store) newSession(ttl time.Duration) *Session {
	return &Session{
		AccessKeyID:     "ASIA" + base32.StdEncoding.EncodeToString(random(10)),
		SecretAccessKey: base64.StdEncoding.EncodeToString(random(30)),
		SessionToken:    base64.StdEncoding.EncodeToString(random(96)),
		// Whole seconds, as in responses to clients.
		Expiration: s.now().Add(ttl).Truncate(time.Second),
	}
}

// sessionContext are the keys of
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principal-properties.
// Of a factor they say no, however the role was assumed: "The temporary credentials returned by AssumeRole do not
// include MFA information in the context",
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html.
func (s *Store) sessionContext(session *Session, tags map[string]string) map[string][]string {
	context := map[string][]string{
		"aws:PrincipalAccount": {s.stage.Account},
		"aws:PrincipalArn":     {session.RoleARN},
		"aws:PrincipalType":    {"AssumedRole"},
		"aws:userid":           {session.UserID},
		presentMFA:             {"false"},
	}
	for name, value := range tags {
		context["aws:PrincipalTag/"+name] = []string{value}
	}
	if session.Identity != nil {
		maps.Copy(context, session.Identity.claims())
	}
	return context
}

// keep stores a session, after removing those that ended long ago.
func (s *Store) keep(session *Session) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	now := s.now()
	if full := len(s.sessions) >= maxSessions; full || now.Sub(s.swept) > time.Minute {
		maps.DeleteFunc(s.sessions, func(_ string, old *Session) bool {
			gone := now.Sub(old.Expiration)
			return gone > remembered || full && gone >= 0
		})
		s.swept = now
	}
	if len(s.sessions) >= maxSessions {
		return ErrTooManySessions
	}
	s.sessions[session.AccessKeyID] = session
	return nil
}

func (s *Store) session(accessKeyID string) (*Session, bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	session, ok := s.sessions[accessKeyID]
	return session, ok
}

// Holder is the holder of credentials, for logs: the last part of the ARN, such as "operator/developer"; empty if the
// access key id is unknown. It is not authenticated: anybody can send an access key id.
func (s *Store) Holder(accessKeyID string) string {
	session, ok := s.session(accessKeyID)
	if !ok {
		return ""
	}
	_, resource, _ := strings.Cut(session.ARN, "/")
	return resource
}

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return fmt.Errorf("%d session tags; at most %d are allowed", len(tags), maxTags)
	}
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		value := tags[name]
		if length := utf8.RuneCountInString(name); length < 1 || length > 128 || !tagText.MatchString(name) {
			return fmt.Errorf("session tag %q: want a name of 1 to 128 letters, digits, spaces and _ . : / = + - @", name)
		}
		if utf8.RuneCountInString(value) > 256 || !tagText.MatchString(value) {
			return fmt.Errorf("session tag %q: want a value of at most 256 letters, digits, spaces and _ . : / = + - @", name)
		}
	}
	return nil
}

// uniqueID is the same after a restart, like all other names that AWS would choose:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
func uniqueID(prefix, arn string) string {
	hash := sha256.Sum256([]byte(arn))
	return prefix + base32.StdEncoding.EncodeToString(hash[:])[:17]
}

// random returns length bytes. crypto/rand never fails: since Go 1.24 a failure ends the program.
func random(length int) []byte {
	bytes := make([]byte, length)
	_, _ = rand.Read(bytes)
	return bytes
}
