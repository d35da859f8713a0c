package main

import (
	"maps"
	"net/http"
	"slices"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

// serve answers for Cognito.
func (w *world) serve(out http.ResponseWriter, operation string, request object) {
	if request["UserPoolId"] != poolID {
		fault(out, "ResourceNotFoundException")
		return
	}
	if operation == "ListUsers" {
		w.list(out, request)
		return
	}
	username, _ := request["Username"].(string)
	found := w.people[username]
	if found == nil {
		fault(out, "UserNotFoundException")
		return
	}
	answered := object{}
	switch operation {
	case "AdminGetUser":
		answered = shown(username, found)
	case "AdminDisableUser":
		found.enabled = false
	case "AdminEnableUser":
		found.enabled = true
	case "AdminDeleteUser":
		delete(w.people, username)
	default:
		fault(out, "AccessDeniedException")
		return
	}
	lambdatest.Answer(out, http.StatusOK, answered)
}

func (w *world) list(out http.ResponseWriter, request object) {
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
	page := object{"Users": users}
	if len(users) > w.page {
		page = object{"Users": users[:w.page], "PaginationToken": users[w.page-1]["Username"]}
	}
	lambdatest.Answer(out, http.StatusOK, page)
}

func shown(username string, p *person) object {
	user := object{"Username": username, "UserStatus": p.status, "Enabled": p.enabled}
	if !p.created.IsZero() {
		user["UserCreateDate"] = float64(p.created.UnixMilli()) / 1000
	}
	return user
}
