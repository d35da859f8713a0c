package userpool

import "slices"

// Second factors, by the names of the challenges that ask for them.
const (
	smsMFA  = "SMS_MFA"
	totpMFA = "SOFTWARE_TOKEN_MFA"
)

// factors are a user's second factors.
type factors struct {
	totp totpDevice
	// candidate is the secret of an authenticator without a first code. While there is a candidate, no sign-in asks for
	// the former authenticator either, although lists name the factor. AWS says that a user who does not verify the new
	// one "can then authenticate with user name and password credentials alone", and nothing about the former one.
	// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AssociateSoftwareToken.html
	candidate string
	active    []string
	preferred string
}

func (f *factors) enable(name string) {
	if !slices.Contains(f.active, name) {
		f.active = append(f.active, name)
	}
}

func (f *factors) disable(name string) {
	f.active = slices.DeleteFunc(f.active, func(other string) bool { return other == name })
	if f.preferred == name {
		f.preferred = ""
	}
}

// offered tells whether the pool has a second factor switched on.
func (p *Pool) offered(name string) bool {
	return p.pool.MfaConfiguration != "OFF" && p.pool.MfaConfiguration != "" && slices.Contains(p.pool.EnabledMfas, name)
}

// possible tells whether a user could answer a challenge of a factor.
func (p *Pool) possible(u *user, name string) bool {
	switch name {
	case totpMFA:
		return p.offered(name) && u.factors.totp.secret != "" && u.factors.candidate == ""
	case smsMFA:
		return p.offered(name) && u.attributes["phone_number"] != ""
	default:
		return false
	}
}

// demanded returns the factors of which a sign-in wants one: the preferred factor, or else the active ones. Where the
// pool requires a second factor, an authenticator or a phone number counts although the user did not activate it.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa.html#user-pool-settings-mfa-user-outcomes
func (p *Pool) demanded(u *user) []string {
	var active, possible []string
	for _, name := range []string{smsMFA, totpMFA} {
		if !p.possible(u, name) {
			continue
		}
		possible = append(possible, name)
		if slices.Contains(u.factors.active, name) {
			active = append(active, name)
		}
	}
	switch {
	case slices.Contains(active, u.factors.preferred):
		return []string{u.factors.preferred}
	case len(active) > 0:
		return active
	case p.pool.MfaConfiguration == "ON":
		return possible
	default:
		return nil
	}
}

// preference switches one factor on or off. A nil preference changes nothing.
type preference struct {
	Enabled      bool
	PreferredMfa bool
}

// prefer sets the active factors and the preferred one.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
func (p *Pool) prefer(u *user, wishes map[string]*preference) error {
	preferred := ""
	for _, name := range []string{smsMFA, totpMFA} {
		wish := wishes[name]
		switch {
		case wish == nil:
		case !wish.Enabled && p.pool.MfaConfiguration == "ON" && slices.Contains(u.factors.active, name):
			return invalidParameter("%s cannot be disabled because the user pool requires MFA", name)
		case wish.Enabled && !p.possible(u, name):
			return invalidParameter("User does not have delivery config set to turn on %s", name)
		case wish.PreferredMfa && !wish.Enabled:
			return invalidParameter("%s cannot be preferred unless it is enabled", name)
		case wish.PreferredMfa && preferred != "":
			return invalidParameter("Only one MFA method can be preferred")
		case wish.PreferredMfa:
			preferred = name
		}
	}
	for name, wish := range wishes {
		switch {
		case wish == nil:
		case !wish.Enabled:
			u.factors.disable(name)
		default:
			u.factors.enable(name)
			if !wish.PreferredMfa && u.factors.preferred == name {
				u.factors.preferred = ""
			}
		}
	}
	if preferred != "" {
		u.factors.preferred = preferred
	}
	u.changed(p.now())
	return nil
}

// settings returns the factors as GetUser shows them.
func (u *user) settings() (list []string, preferred string) {
	list = slices.Clone(u.factors.active)
	slices.Sort(list)
	return list, u.factors.preferred
}
