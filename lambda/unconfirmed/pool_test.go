package main

import (
	"maps"
	"slices"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// answer answers for Cognito.
func (w *world) answer(call lambdatest.Call) (body any, code string) {
	if call.Request["UserPoolId"] != poolID {
		return nil, "ResourceNotFoundException"
	}
	if call.Operation == "ListUsers" {
		return w.list(call.Request), ""
	}
	username, _ := call.Request["Username"].(string)
	found := w.people[username]
	if found == nil {
		return nil, "UserNotFoundException"
	}
	switch call.Operation {
	case "AdminGetUser":
		return shown(username, found), ""
	case "AdminDisableUser":
		found.enabled = false
	case "AdminEnableUser":
		found.enabled = true
	case "AdminDeleteUser":
		delete(w.people, username)
	default:
		return nil, "AccessDeniedException"
	}
	return object{}, ""
}

func (w *world) list(request object) object {
	if request["Filter"] != `cognito:user_status = "UNCONFIRMED"` || request["Limit"] != 60.0 {
		w.t.Errorf("listed by %v, %v at once", request["Filter"], request["Limit"])
	}
	if wanted, _ := request["AttributesToGet"].([]any); len(wanted) != 1 || wanted[0] != "sub" {
		w.t.Errorf("attributes %v are read, want none of the person", wanted)
	}
	there := w.people
	if w.stale != nil {
		there = w.stale
	}
	var users []object
	for _, username := range slices.Sorted(maps.Keys(there)) {
		if from, _ := request["PaginationToken"].(string); username > from && there[username].status != "CONFIRMED" {
			users = append(users, shown(username, there[username]))
		}
	}
	if len(users) > w.page {
		return object{"Users": users[:w.page], "PaginationToken": users[w.page-1]["Username"]}
	}
	return object{"Users": users}
}

func shown(username string, p *person) object {
	user := object{"Username": username, "UserStatus": p.status, "Enabled": p.enabled}
	if !p.created.IsZero() {
		user["UserCreateDate"] = float64(p.created.UnixMilli()) / 1000
	}
	return user
}
