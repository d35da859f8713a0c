package userpool

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/must"
)

func TestUsersAreListedByFilterAndPage(t *testing.T) {
	r := newRig(t)
	for _, name := range []string{"a1", "a2", "a3", "b1"} {
		r.register(name + "@example.com")
		r.clock.Advance(1)
	}
	list := func(filter string, limit int32, token *string, attributes ...string) (names []string, next *string) {
		out := must.Get(r.sdk.ListUsers(t.Context(), &cognito.ListUsersInput{
			UserPoolId: aws.String(poolID), Filter: aws.String(filter), Limit: aws.Int32(limit), PaginationToken: token,
			AttributesToGet: attributes,
		}))(t)
		for _, user := range out.Users {
			names = append(names, strings.TrimSuffix(values(user.Attributes)["email"], "@example.com"))
		}
		return names, out.PaginationToken
	}
	for filter, want := range map[string][]string{
		"": {"a1", "a2", "a3", "b1"}, `email ^= "a"`: {"a1", "a2", "a3"}, `email = "b1@example.com"`: {"b1"},
		`email = "b"`: nil, `cognito:user_status = "CONFIRMED"`: {"a1", "a2", "a3", "b1"}, `status = "Disabled"`: nil,
		`"email"^="b"`: {"b1"},
	} {
		if got, next := list(filter, 60, nil); cmp.Diff(want, got) != "" || next != nil {
			t.Errorf("%s: %v, %v", filter, got, next)
		}
	}
	page, next := list(`email ^= "a"`, 2, nil, "email")
	rest, end := list(`email ^= "a"`, 2, next, "email")
	if cmp.Diff([]string{"a1", "a2"}, page) != "" || cmp.Diff([]string{"a3"}, rest) != "" || end != nil {
		t.Errorf("pages %v and %v, %v", page, rest, end)
	}
	// A user who is deleted meanwhile makes the next page skip nobody.
	removed := &cognito.AdminDeleteUserInput{UserPoolId: aws.String(poolID), Username: aws.String("a1@example.com")}
	must.Get(r.sdk.AdminDeleteUser(t.Context(), removed))(t)
	if rest, _ := list(`email ^= "a"`, 2, next); cmp.Diff([]string{"a3"}, rest) != "" {
		t.Errorf("after a deletion: %v", rest)
	}
	for _, in := range []cognito.ListUsersInput{
		{Filter: aws.String(`email ^= "b"`), PaginationToken: next}, {AttributesToGet: []string{"name"}},
		{Filter: aws.String(`password = "x"`)}, {Filter: aws.String(`email`)}, {Limit: aws.Int32(0)}, {Limit: aws.Int32(61)},
		{PaginationToken: aws.String("x")}, {PaginationToken: aws.String("-1")},
	} {
		in.UserPoolId = aws.String(poolID)
		refused(t, jsonText(in), "InvalidParameterException")(r.sdk.ListUsers(t.Context(), &in))
	}
	foreign := &cognito.ListUsersInput{UserPoolId: aws.String("eu-central-1_other")}
	refused(t, "another pool", "ResourceNotFoundException")(r.sdk.ListUsers(t.Context(), foreign))
}

// The removal of accounts that were never confirmed reads these members.
func TestUnconfirmedUsersAreListedWithTheirAge(t *testing.T) {
	r := newRig(t).with("done@example.com")
	for _, name := range []string{"b", "a", "c"} {
		r.clock.Advance(time.Hour)
		must.Get(r.signUp(name+"@example.com", password, nil))(t)
	}
	r.disable("a@example.com")
	pages := cognito.NewListUsersPaginator(r.sdk, &cognito.ListUsersInput{
		UserPoolId: aws.String(poolID), Filter: aws.String(`cognito:user_status = "Unconfirmed"`), Limit: aws.Int32(2),
	})
	var got []string
	for pages.HasMorePages() {
		page := must.Get(pages.NextPage(t.Context()))(t)
		for _, user := range page.Users {
			age := r.clock.Now().Sub(*user.UserCreateDate)
			got = append(got, fmt.Sprintf("%s %v %s %t", values(user.Attributes)["email"], age, user.UserStatus, user.Enabled))
		}
	}
	want := []string{
		"b@example.com 2h0m0s UNCONFIRMED true", "a@example.com 1h0m0s UNCONFIRMED false",
		"c@example.com 0s UNCONFIRMED true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
}
