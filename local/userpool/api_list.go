package userpool

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mostListed is how many users a page has at most.
const mostListed = 60

// filterFormat is an attribute, = or ^= (begins with), and a value.
var filterFormat = regexp.MustCompile(`^\s*"?([a-z_:]+)"?\s*(=|\^=)\s*"([^"\\]*)"\s*$`)

// serveListUsers lists users, oldest first.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func (p *Pool) serveListUsers(_ context.Context, in struct {
	UserPoolID      string `json:"UserPoolId"`
	Filter          string
	Limit           *int
	PaginationToken string
	AttributesToGet []string
},
) (any, error) {
	if err := p.mine(in.UserPoolID); err != nil {
		return nil, err
	}
	fits, err := filter(in.Filter)
	if err != nil {
		return nil, err
	}
	limit, from := mostListed, 0
	if in.Limit != nil {
		limit = *in.Limit
	}
	if in.PaginationToken != "" {
		from, err = strconv.Atoi(in.PaginationToken)
	}
	if err != nil || from < 0 || limit < 1 || limit > mostListed {
		return nil, invalidParameter("Limit must be 1 to %d, and PaginationToken one that an answer had.", mostListed)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	found := slices.DeleteFunc(p.sorted(), func(u *user) bool { return !fits(u) })
	page := found[min(from, len(found)):min(from+limit, len(found))]
	answer := struct {
		Users           []listed
		PaginationToken string `json:",omitempty"`
	}{Users: []listed{}}
	for _, u := range page {
		shown := attributeList(u.attributes)
		if in.AttributesToGet != nil {
			shown = slices.DeleteFunc(shown, func(a attribute) bool { return !slices.Contains(in.AttributesToGet, a.Name) })
		}
		answer.Users = append(answer.Users, listed{describe(u), shown})
	}
	if from+limit < len(found) {
		answer.PaginationToken = strconv.Itoa(from + limit)
	}
	return answer, nil
}

// filter reads ListUsers' Filter. Without one every user fits.
func filter(text string) (func(*user) bool, error) {
	if text == "" {
		return func(*user) bool { return true }, nil
	}
	parts := filterFormat.FindStringSubmatch(text)
	searchable := []string{
		"username", "email", "phone_number", "name", "given_name", "family_name", "preferred_username", "cognito:user_status", "status", "sub",
	}
	if parts == nil || !slices.Contains(searchable, parts[1]) {
		return nil, invalidParameter(`Filter must be such as email = "jane@example.com" or email ^= "jane".`)
	}
	name, operator, want := parts[1], parts[2], parts[3]
	return func(u *user) bool {
		value := u.attributes[name]
		switch name {
		case "username":
			value = u.username
		case "cognito:user_status":
			value = u.status
		case "status":
			value = map[bool]string{true: "Enabled", false: "Disabled"}[u.enabled]
		}
		if operator == "=" {
			return value == want
		}
		return strings.HasPrefix(value, want)
	}, nil
}
