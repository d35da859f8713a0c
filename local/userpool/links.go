package userpool

import (
	"encoding/json"
	"strconv"
	"time"
)

// identity is a user of a provider.
type identity struct{ provider, subject string }

// usernameOf returns the user name of an unlinked identity: provider and subject, in lower case if the pool ignores
// case.
//   - https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-case-sensitivity.html
//   - https://github.com/aws-amplify/amplify-js/issues/13844
func (p *Pool) usernameOf(who identity) string { return p.fold(who.provider + "_" + who.subject) }

// errAnotherCase is Cognito's error for a subject that differs from the known one in case.
// https://github.com/awslabs/service-workbench-on-aws/issues/605 (a link of the subject in lower case)
var errAnotherCase = invalidParameter("Invalid ProviderName/Username combination. Please check again")

// signsInAs returns the user of an identity, or nil for an unknown identity. The mutex is held.
//
// The subject must be the known one, letter for letter, even if the pool ignores case. A subject that only folds to the
// user name of another identity is refused: it would sign in as that identity's user.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-saml-idp.html#saml-nameid-case-sensitivity
func (p *Pool) signsInAs(who identity) (*user, error) {
	if u := p.links[who]; u != nil {
		return u, nil
	}
	name := p.usernameOf(who)
	if u := p.users[name]; u != nil {
		if u.own != who {
			return nil, errAnotherCase
		}
		return u, nil
	}
	for linked := range p.links {
		if p.usernameOf(linked) == name {
			return nil, errAnotherCase
		}
	}
	return nil, nil
}

// link is an identity that signs in as an existing user.
type link struct {
	identity
	made time.Time
}

// maxLinks is the maximum number of identities that are linked to a user.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html
const maxLinks = 5

// identityRecord is one identity in the attribute identities, a list in JSON.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html
type identityRecord struct {
	UserID       string  `json:"userId"`
	ProviderName string  `json:"providerName"`
	ProviderType string  `json:"providerType"`
	Issuer       *string `json:"issuer"`
	// Primary says that this identity made the user.
	Primary bool `json:"primary"`
	// DateCreated is in milliseconds since 1970.
	DateCreated int64 `json:"dateCreated"`
}

func (p *Pool) record(who identity, primary bool, made time.Time) identityRecord {
	return identityRecord{
		UserID: who.subject, ProviderName: who.provider, ProviderType: p.stage.Providers[who.provider].ProviderType,
		Primary: primary, DateCreated: made.UnixMilli(),
	}
}

// identityClaim returns the attribute identities as ID tokens have it: every value is a string.
// https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
func identityClaim(attribute string) any {
	type claim struct {
		identityRecord
		Primary     string `json:"primary"`
		DateCreated string `json:"dateCreated"`
	}
	var records []identityRecord
	// Only the pool writes the attribute.
	_ = json.Unmarshal([]byte(attribute), &records)
	claims := []claim{}
	for _, r := range records {
		claims = append(claims, claim{r, strconv.FormatBool(r.Primary), strconv.FormatInt(r.DateCreated, 10)})
	}
	return claims
}

// setLinks replaces the identities of a user who has signed up here.
func (p *Pool) setLinks(u *user, links []link) {
	for _, former := range u.links {
		delete(p.links, former.identity)
	}
	u.links, u.modified = links, p.now()
	delete(u.attributes, "identities")
	var records []identityRecord
	for _, l := range links {
		p.links[l.identity] = u
		records = append(records, p.record(l.identity, false, l.made))
	}
	if records != nil {
		u.attributes["identities"] = jsonText(records)
	}
}
