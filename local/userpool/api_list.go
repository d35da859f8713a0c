package userpool

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
)

// mostListed is the maximum number of users on a page.
const mostListed = 60

// filterFormat matches an attribute, = or ^= (begins with), and a value.
var filterFormat = regexp.MustCompile(`^\s*"?([a-z_:]+)"?\s*(=|\^=)\s*"([^"\\]*)"\s*$`)

// place is where the next page begins: after the last user of this page, even if users are deleted meanwhile. It is
// good for one Filter.
type place struct {
	Created          time.Time
	Username, Filter string
}

func (at place) token() string { return base64.RawURLEncoding.EncodeToString([]byte(jsonText(at))) }

// readPlace reads the token of a page. Without a token the list begins with the oldest user.
func readPlace(token, filter string) (place, error) {
	var at place
	if token == "" {
		return at, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || json.Unmarshal(text, &at) != nil || at.Filter != filter {
		return at, invalidParameter("PaginationToken must be one that an answer to the same request had.")
	}
	return at, nil
}

// passed tells whether a user was on an earlier page.
func (at place) passed(u *user) bool {
	return cmp.Or(u.created.Compare(at.Created), cmp.Compare(u.username, at.Username)) <= 0
}

// serveListUsers lists users, oldest first.
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
func (p *Pool) serveListUsers(_ context.Context, in struct {
	Filter          string
	Limit           *int
	PaginationToken string
	AttributesToGet []string
},
) (any, error) {
	wanted, err := filter(in.Filter)
	if err != nil {
		return nil, err
	}
	from, err := readPlace(in.PaginationToken, in.Filter)
	if err != nil {
		return nil, err
	}
	limit := mostListed
	if in.Limit != nil {
		limit = *in.Limit
	}
	if limit < 1 || limit > mostListed {
		return nil, invalidParameter("Limit must be 1 to %d.", mostListed)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	found := slices.DeleteFunc(p.sorted(), func(u *user) bool { return !wanted(u) || from.passed(u) })
	page := found[:min(limit, len(found))]
	answer := struct {
		Users           []listed
		PaginationToken string `json:",omitempty"`
	}{Users: []listed{}}
	for _, u := range page {
		shown, err := u.chosen(in.AttributesToGet)
		if err != nil {
			return nil, err
		}
		answer.Users = append(answer.Users, listed{describe(u), shown})
	}
	if limit < len(found) {
		last := page[limit-1]
		answer.PaginationToken = place{last.created, last.username, in.Filter}.token()
	}
	return answer, nil
}

// chosen returns the named attributes, or all of them without names. "Amazon Cognito returns an error if not all
// users in the results have set a value for the attribute you request."
func (u *user) chosen(names []string) ([]attribute, error) {
	if names == nil {
		return attributeList(u.attributes), nil
	}
	shown := []attribute{}
	for _, name := range names {
		value, ok := u.attributes[name]
		if !ok {
			return nil, invalidParameter("AttributesToGet: not all users have the attribute %s.", name)
		}
		shown = append(shown, attribute{name, value})
	}
	return shown, nil
}

// filter reads ListUsers' Filter. An empty filter takes every user.
func filter(text string) (func(*user) bool, error) {
	if text == "" {
		return func(*user) bool { return true }, nil
	}
	parts := filterFormat.FindStringSubmatch(text)
	searchable := []string{
		"username", "email", "phone_number", "name", "given_name", "family_name", "preferred_username", "cognito:user_status",
		"status", "sub",
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
			// The only attribute that is compared case-insensitively.
			value, want := strings.ToUpper(u.status), strings.ToUpper(want)
			return operator == "=" && value == want || operator == "^=" && strings.HasPrefix(value, want)
		case "status":
			value = map[bool]string{true: "Enabled", false: "Disabled"}[u.enabled]
		}
		if operator == "=" {
			return value == want
		}
		return strings.HasPrefix(value, want)
	}, nil
}
