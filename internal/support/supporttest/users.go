package supporttest

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

type users struct{ *Fake }

var filterForm = regexp.MustCompile(`^(sub|email) = "([^"\\]+)"$`)

func list(attributes map[string]string) []types.AttributeType {
	var all []types.AttributeType
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		all = append(all, types.AttributeType{Name: aws.String(name), Value: aws.String(attributes[name])})
	}
	return all
}

// ListUsers returns an empty page first, as Cognito may.
func (u users) ListUsers(ctx context.Context, in *cognitoidentityprovider.ListUsersInput,
	_ ...func(*cognitoidentityprovider.Options),
) (*cognitoidentityprovider.ListUsersOutput, error) {
	out := &cognitoidentityprovider.ListUsersOutput{}
	return out, u.call(ctx, "ListUsers", func() error {
		filter := filterForm.FindStringSubmatch(aws.ToString(in.Filter))
		if filter == nil || aws.ToString(in.UserPoolId) != Names.UserPoolID {
			return errors.New("filter " + aws.ToString(in.Filter))
		}
		if in.PaginationToken == nil {
			out.PaginationToken = aws.String("0")
			return nil
		}
		from, err := strconv.Atoi(*in.PaginationToken)
		if err != nil {
			return err
		}
		var fit []types.UserType
		for _, key := range slices.Sorted(maps.Keys(u.Users)) {
			if user := u.Users[key]; user.Attributes[filter[1]] == filter[2] {
				fit = append(fit, types.UserType{
					Username:   aws.String(user.Username),
					Attributes: list(user.Attributes),
					Enabled:    user.Enabled,
					UserStatus: user.Status,
				})
			}
		}
		if from < len(fit) {
			out.Users = fit[from : from+1]
			out.PaginationToken = aws.String(strconv.Itoa(from + 1))
		}
		return nil
	})
}

func (u users) AdminGetUser(ctx context.Context, in *cognitoidentityprovider.AdminGetUserInput,
	_ ...func(*cognitoidentityprovider.Options),
) (*cognitoidentityprovider.AdminGetUserOutput, error) {
	out := &cognitoidentityprovider.AdminGetUserOutput{}
	return out, u.call(ctx, "AdminGetUser", func() error {
		user, err := u.user(in.Username)
		if err != nil {
			return err
		}
		*out = cognitoidentityprovider.AdminGetUserOutput{
			Username:           aws.String(user.Username),
			UserAttributes:     list(user.Attributes),
			Enabled:            user.Enabled,
			UserStatus:         user.Status,
			UserMFASettingList: user.Factors,
		}
		switch {
		case user.Preferred != "":
			out.PreferredMfaSetting = aws.String(user.Preferred)
		case len(user.Factors) > 0:
			out.PreferredMfaSetting = aws.String(user.Factors[0])
		}
		return nil
	})
}

// change changes a user.
func (u users) change(ctx context.Context, operation string, pool, name *string, do func(*User)) error {
	return u.call(ctx, operation, func() error {
		if aws.ToString(pool) != Names.UserPoolID {
			return errors.New("pool " + aws.ToString(pool))
		}
		user, err := u.user(name)
		if err == nil {
			do(user)
		}
		return err
	})
}

func (u users) AdminUserGlobalSignOut(ctx context.Context, in *cognitoidentityprovider.AdminUserGlobalSignOutInput,
	_ ...func(*cognitoidentityprovider.Options),
) (*cognitoidentityprovider.AdminUserGlobalSignOutOutput, error) {
	return &cognitoidentityprovider.AdminUserGlobalSignOutOutput{},
		u.change(ctx, "AdminUserGlobalSignOut", in.UserPoolId, in.Username, func(user *User) { user.SignedIn = false })
}

func (u users) AdminDisableUser(ctx context.Context, in *cognitoidentityprovider.AdminDisableUserInput,
	_ ...func(*cognitoidentityprovider.Options),
) (*cognitoidentityprovider.AdminDisableUserOutput, error) {
	return &cognitoidentityprovider.AdminDisableUserOutput{},
		u.change(ctx, "AdminDisableUser", in.UserPoolId, in.Username, func(user *User) { user.Enabled = false })
}

func (u users) AdminEnableUser(ctx context.Context, in *cognitoidentityprovider.AdminEnableUserInput,
	_ ...func(*cognitoidentityprovider.Options),
) (*cognitoidentityprovider.AdminEnableUserOutput, error) {
	return &cognitoidentityprovider.AdminEnableUserOutput{},
		u.change(ctx, "AdminEnableUser", in.UserPoolId, in.Username, func(user *User) { user.Enabled = true })
}

func (u users) AdminDeleteUser(ctx context.Context, in *cognitoidentityprovider.AdminDeleteUserInput,
	_ ...func(*cognitoidentityprovider.Options),
) (*cognitoidentityprovider.AdminDeleteUserOutput, error) {
	return &cognitoidentityprovider.AdminDeleteUserOutput{},
		u.change(ctx, "AdminDeleteUser", in.UserPoolId, in.Username, func(user *User) { delete(u.Users, user.Username) })
}

func (u users) AdminDeleteSoftwareToken(ctx context.Context, in *cognitoidentityprovider.AdminDeleteSoftwareTokenInput,
	_ ...func(*cognitoidentityprovider.Options),
) (*cognitoidentityprovider.AdminDeleteSoftwareTokenOutput, error) {
	return &cognitoidentityprovider.AdminDeleteSoftwareTokenOutput{},
		u.change(ctx, "AdminDeleteSoftwareToken", in.UserPoolId, in.Username, func(user *User) {
			if !user.KeepsFactors {
				user.Factors = slices.DeleteFunc(user.Factors, func(f string) bool { return f == "SOFTWARE_TOKEN_MFA" })
			}
		})
}

func (u users) AdminSetUserMFAPreference(
	ctx context.Context,
	in *cognitoidentityprovider.AdminSetUserMFAPreferenceInput,
	_ ...func(*cognitoidentityprovider.Options),
) (*cognitoidentityprovider.AdminSetUserMFAPreferenceOutput, error) {
	return &cognitoidentityprovider.AdminSetUserMFAPreferenceOutput{},
		u.change(ctx, "AdminSetUserMFAPreference", in.UserPoolId, in.Username, func(user *User) {
			if user.KeepsFactors {
				return
			}
			off := map[string]bool{
				"SMS_MFA":            in.SMSMfaSettings != nil && !in.SMSMfaSettings.Enabled,
				"SOFTWARE_TOKEN_MFA": in.SoftwareTokenMfaSettings != nil && !in.SoftwareTokenMfaSettings.Enabled,
			}
			user.Factors = slices.DeleteFunc(user.Factors, func(f string) bool { return off[f] })
		})
}

// Refuse ends every call of an operation with an error, before it has an effect.
func (s *Fake) Refuse(operation string, err error) {
	s.Stop = func(_ int, called string) Stop {
		if called == operation {
			return Stop{Before: err}
		}
		return Stop{}
	}
}
