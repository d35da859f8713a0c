package userpool

import (
	"cmp"
	"maps"
	"slices"
)

// update changes attributes of a user. A new address that the pool verifies waits for the code that is sent to it, and
// the old address stays meanwhile. The removal of a value needs no code.
// https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-email-phone-verification.html
func (p *Pool) update(u *user, attributes map[string]string) ([]Delivery, error) {
	now, later := map[string]string{}, map[string]string{}
	for name, value := range attributes {
		verified := slices.Contains(p.pool.AutoVerifiedAttributes, name)
		if value != "" && value != u.attributes[name] && verified && attributes[verifiedFlag[name]] != "true" {
			later[name] = value
			continue
		}
		now[name] = value
		delete(u.pending, name)
	}
	if err := p.maySend(u, later); err != nil {
		return nil, err
	}
	if err := p.store(u, now); err != nil {
		return nil, err
	}
	var deliveries []Delivery
	for _, name := range slices.Sorted(maps.Keys(later)) {
		u.pending[name] = later[name]
		deliveries = append(deliveries, p.send(u, forAttribute+name, name, later[name], verificationCodeLife))
	}
	return deliveries, nil
}

// maySend refuses the address of another user, and too many codes.
func (p *Pool) maySend(u *user, addresses map[string]string) error {
	for name, value := range addresses {
		if other := p.emails[p.fold(value)]; name == "email" && other != nil && other != u {
			return errEmailTaken
		}
		if err := p.mayRequestCode(forAttribute+name, u.username); err != nil {
			return err
		}
	}
	return nil
}

// sendVerification sends a code to the pending address, or else to the present one.
func (p *Pool) sendVerification(u *user, attribute string) (Delivery, error) {
	if verifiedFlag[attribute] == "" {
		return Delivery{}, invalidParameter("%s cannot be verified", attribute)
	}
	to := cmp.Or(u.pending[attribute], u.attributes[attribute])
	if to == "" {
		return Delivery{}, invalidParameter("User has no attribute %s", attribute)
	}
	if err := p.mayRequestCode(forAttribute+attribute, u.username); err != nil {
		return Delivery{}, err
	}
	return p.send(u, forAttribute+attribute, attribute, to, verificationCodeLife), nil
}

// verifyAttribute takes the code for an address or number.
func (p *Pool) verifyAttribute(u *user, attribute, given string) error {
	if verifiedFlag[attribute] == "" {
		return invalidParameter("%s cannot be verified", attribute)
	}
	if err := p.redeem(u, u.username, forAttribute+attribute, given); err != nil {
		return err
	}
	if value := u.pending[attribute]; value != "" {
		if err := p.store(u, map[string]string{attribute: value}); err != nil {
			return err
		}
		delete(u.pending, attribute)
	}
	u.attributes[verifiedFlag[attribute]] = "true"
	u.modified = p.now()
	return nil
}
