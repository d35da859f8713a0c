package iam

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// PrincipalType is the kind of a principal.
type PrincipalType string

// The types of principals.
const (
	// AWS is an account, user, role or session. Its ID is an ARN, such as
	// arn:aws:sts::111122223333:assumed-role/Orders/s1.
	AWS PrincipalType = "AWS"
	// Service is an AWS service. Its ID is its name, such as lambda.amazonaws.com.
	Service PrincipalType = "Service"
	// Federated is an identity provider. Its ID is its name or ARN, such as cognito-identity.amazonaws.com.
	Federated PrincipalType = "Federated"
	// Anonymous is a caller without credentials. It has no ID.
	Anonymous PrincipalType = "Anonymous"
)

// Principal is a caller. The zero value is the holder of an identity-based policy.
type Principal struct {
	Type PrincipalType
	ID   string
}

// check parses the ARN of a principal of type AWS, and refuses anything that is not a principal.
func (p Principal) check() (identity, error) {
	switch p.Type {
	case "":
		if p.ID == "" {
			return identity{}, nil
		}
	case AWS:
		return parseIdentity(p.ID)
	case Service, Federated:
		if isName(p.ID) {
			return identity{}, nil
		}
	case Anonymous:
		if p.ID == "" {
			return identity{}, nil
		}
	}
	return identity{}, fmt.Errorf("want a type of principal with an ID of that type, got %q, %q", p.Type, p.ID)
}

// isName reports whether s names one service or identity provider: "You cannot use a wildcard to match part of a
// principal name".
func isName(s string) bool { return s != "" && !strings.ContainsAny(s, "*?$") }

// principals is a Principal element:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html.
type principals struct {
	everyone   bool // "*"
	everyAWS   bool // {"AWS": "*"}
	accounts   []string
	identities []identity
	names      []Principal // services and identity providers
}

// identity is the parsed ARN of an account, user, role or session.
type identity struct {
	arn, account string
	root         bool
	session      bool
	// role is the name of a role, or of a session's role. Role names are unique in an account, regardless of path.
	role string
}

// parseIdentity reads arn:aws:iam::account:root, …:user/…, …:role/…, or arn:aws:sts::account:assumed-role/role/session
// or …:federated-user/….
func parseIdentity(arn string) (identity, error) {
	parts := strings.SplitN(arn, ":", components)
	global := len(parts) == components && parts[0] == "arn" && parts[3] == "" // neither service has Regions in ARNs
	if global && isAccount(parts[4]) && !strings.ContainsAny(arn, "*?$") {
		id := identity{arn: arn, account: parts[4]}
		kind, name, _ := strings.Cut(parts[5], "/")
		switch {
		case parts[2] == "iam" && parts[5] == "root":
			id.root = true
			return id, nil
		case parts[2] == "iam" && kind == "role" && name != "":
			id.role = name[strings.LastIndexByte(name, '/')+1:]
			return id, nil
		case parts[2] == "iam" && kind == "user" && name != "", parts[2] == "sts" && kind == "federated-user" && name != "":
			return id, nil
		case parts[2] == "sts" && kind == "assumed-role" && strings.Count(name, "/") == 1:
			id.role, _, _ = strings.Cut(name, "/")
			id.session = true
			return id, nil
		}
	}
	return identity{}, fmt.Errorf("want the ARN of one account, user, role or session, got %q", arn)
}

func isAccount(s string) bool {
	return len(s) == 12 && strings.Trim(s, "0123456789") == ""
}

func (p *principals) holds(q *query) (bool, error) {
	switch q.principal.Type {
	case Anonymous:
		return p.everyone || p.everyAWS, nil
	case AWS:
		return p.everyone || p.everyAWS || p.means(q.identity) || slices.Contains(p.accounts, q.identity.account), nil
	default:
		if p.everyone || slices.Contains(p.names, q.principal) {
			return true, nil
		}
		if p.everyAWS {
			const unknown = `Principal: AWS does not document whether {"AWS": "*"} means a principal of type %s`
			return false, fmt.Errorf(unknown, q.principal.Type)
		}
		return false, nil
	}
}

// means reports whether the element names id, or the role of the session id.
func (p *principals) means(id identity) bool {
	return slices.ContainsFunc(p.identities, func(named identity) bool {
		return named.arn == id.arn ||
			id.session && !named.session && named.role == id.role && named.account == id.account
	})
}

// onlyAccount reports whether the element names only the principal's account. That "delegates authority to the
// account": the root user is allowed, other principals also need their own policies.
func (p *principals) onlyAccount(q *query) bool {
	return q.principal.Type == AWS && !q.identity.root && !p.everyone && !p.everyAWS && !p.means(q.identity)
}

// parsePrincipals reads "*" or lists of principals by type.
func parsePrincipals(value any) (*principals, error) {
	p := &principals{everyone: value == "*"}
	if p.everyone {
		return p, nil
	}
	byType, ok := value.(map[string]any)
	if !ok || len(byType) == 0 {
		return nil, fmt.Errorf("want * or an object, got %s", describe(value))
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(byType)) {
		ids, err := texts(byType[name])
		errs = append(errs, at(name, err))
		for _, id := range ids {
			errs = append(errs, at(name, p.add(PrincipalType(name), id)))
		}
	}
	return p, errors.Join(errs...)
}

func (p *principals) add(typ PrincipalType, id string) error {
	switch {
	case typ == AWS && id == "*":
		p.everyAWS = true
	case typ == AWS && isAccount(id):
		p.accounts = append(p.accounts, id)
	case typ == AWS:
		named, err := parseIdentity(id)
		if err != nil {
			return err
		}
		if named.root {
			p.accounts = append(p.accounts, named.account)
		} else {
			p.identities = append(p.identities, named)
		}
	case (typ == Service || typ == Federated) && isName(id):
		p.names = append(p.names, Principal{Type: typ, ID: id})
	default:
		return fmt.Errorf("unknown principal %q", id)
	}
	return nil
}
