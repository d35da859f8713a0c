package support

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/securecart/identity/lambda/contract"
)

// Role is one of the two roles of the support desk.
type Role string

// The roles. A session of Support lasts AWS's minimum, one of Privacy an hour, because documents take time.
const (
	Support Role = "Support"
	Privacy Role = "Privacy"

	supportSession = 15 * time.Minute
	privacySession = time.Hour
)

// Session holds the reason for a session of a role, and the MFA code for it.
type Session struct {
	// Ticket names the session, so every event of AWS CloudTrail shows it: 2 to 64 of A-Z a-z 0-9 _ + = . @ -.
	Ticket string
	// Reason is shown by the event of the session's start: 1 to 256 letters, digits, spaces and _ . : / = + - @.
	Reason string
	// MFADevice is the serial number or ARN of the MFA device of an IAM user, and MFACode its code. Both are empty if the
	// current credentials already belong to a session with MFA.
	MFADevice, MFACode string
}

// The ticket is a session name and a tag, so it must have the form of both; only a session name may contain a comma.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
// https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html
var (
	ticketForm = regexp.MustCompile(`^[A-Za-z0-9_+=.@-]{2,64}$`)
	reasonForm = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$`)
	mfaCode    = regexp.MustCompile(`^[0-9]{6}$`)
)

// maxReason is AWS's limit of a tag's value, in characters.
const maxReason = 256

// Check returns a Refusal if a field of the session is invalid.
func (s Session) Check() error {
	switch {
	case !ticketForm.MatchString(s.Ticket):
		return Refusal(
			fmt.Sprintf("-ticket must be 2 to 64 of A-Z a-z 0-9 _ + = . @ -, because it names the session; got %q", s.Ticket),
		)
	case strings.TrimSpace(s.Reason) == "" || !reasonForm.MatchString(s.Reason) ||
		utf8.RuneCountInString(s.Reason) > maxReason:
		return Refusal(
			fmt.Sprintf("-reason must be 1 to %d letters, digits, spaces and _ . : / = + - @, because it is a tag; got %q",
				maxReason, s.Reason),
		)
	case s.MFADevice != "" && !mfaCode.MatchString(s.MFACode):
		return Refusal("the code of the MFA device must be six digits")
	}
	return nil
}

// Assumer is the operation of AWS STS that is needed.
type Assumer interface {
	AssumeRole(context.Context, *sts.AssumeRoleInput, ...func(*sts.Options)) (*sts.AssumeRoleOutput, error)
}

// Assume starts a session of the role. Both tags and the name are conditions of its trust policy. The error is a
// [Refusal] if the stage has no such role.
func (s Session) Assume(ctx context.Context, assumer Assumer, names Names, role Role) (aws.Credentials, error) {
	if err := s.Check(); err != nil {
		return aws.Credentials{}, err
	}
	arn, lasts, config := names.SupportRoleARN, supportSession, "Support.Agents"
	if role == Privacy {
		arn, lasts, config = names.PrivacyRoleARN, privacySession, "Support.PrivacyOfficers"
	}
	if arn == "" {
		return aws.Credentials{}, Refusal(
			fmt.Sprintf("the stage has no role %s: enter who may assume it at %s in config/stages.go, and deploy",
				role, config),
		)
	}
	in := &sts.AssumeRoleInput{
		RoleArn:         aws.String(arn),
		RoleSessionName: aws.String(s.Ticket),
		DurationSeconds: aws.Int32(int32(lasts / time.Second)),
		Tags: []types.Tag{
			{Key: aws.String(contract.TicketTag), Value: aws.String(s.Ticket)},
			{Key: aws.String(contract.ReasonTag), Value: aws.String(s.Reason)},
		},
	}
	if s.MFADevice != "" {
		in.SerialNumber, in.TokenCode = aws.String(s.MFADevice), aws.String(s.MFACode)
	}
	out, err := assumer.AssumeRole(ctx, in)
	if err != nil {
		return aws.Credentials{}, err
	}
	if out.Credentials == nil {
		return aws.Credentials{}, Refusal("AWS STS answered without credentials; try again")
	}
	return aws.Credentials{
		AccessKeyID:     aws.ToString(out.Credentials.AccessKeyId),
		SecretAccessKey: aws.ToString(out.Credentials.SecretAccessKey),
		SessionToken:    aws.ToString(out.Credentials.SessionToken),
		CanExpire:       true,
		Expires:         aws.ToTime(out.Credentials.Expiration),
		Source:          "SupportDesk",
	}, nil
}
