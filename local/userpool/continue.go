package userpool

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/securecart/identity/internal/deployed"
)

// successor returns a pool that replaces this one, with the same keys and memory. Both may be used at the same time, so
// calls to the old pool are not lost.
func (p *Pool) successor(o Options) (*Pool, error) {
	if err := compatible(p.pool, o.Stage.UserPool); err != nil {
		return nil, err
	}
	next := pool(o)
	next.made, next.keys, next.tokens, next.decoy, next.memory = p.made, p.keys, p.tokens, p.decoy, p.memory
	return next, nil
}

// compatible refuses a change of a user pool that would break its users. AWS replaces the pool for such a change.
// https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-updating.html
func compatible(from, to deployed.UserPool) error {
	var errs []error
	if from.ID != to.ID {
		errs = append(errs, fmt.Errorf("it is another user pool: %s, not %s", to.ID, from.ID))
	}
	if from.UsernameConfiguration != to.UsernameConfiguration {
		errs = append(errs, fmt.Errorf("the user pool's UsernameConfiguration is %+v, and was %+v",
			to.UsernameConfiguration, from.UsernameConfiguration))
	}
	return errors.Join(append(errs, attributes(from.Schema, to.Schema))...)
}

// attributes refuses removed and changed attributes: a schema can only grow.
func attributes(from, to []deployed.Attribute) error {
	var changed []string
	for _, was := range from {
		i := slices.IndexFunc(to, func(a deployed.Attribute) bool { return a.Name == was.Name })
		if i < 0 || was != to[i] {
			changed = append(changed, was.Name)
		}
	}
	for _, is := range to {
		there := slices.ContainsFunc(from, func(a deployed.Attribute) bool { return a.Name == is.Name })
		if !there && is.Required {
			changed = append(changed, is.Name)
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return fmt.Errorf("the user pool's Schema has changed at %s", strings.Join(changed, ", "))
}

// Users returns the number of users.
func (p *Pool) Users() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.users)
}
