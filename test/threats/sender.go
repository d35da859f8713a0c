package threats

import "regexp"

// sender is the ARN of an identity in Amazon SES, which may be of any Region.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
var sender = regexp.MustCompile(`^arn:aws:ses:[a-z0-9-]+:(\d{12}):identity/[^/*]+$`)

// theirSender belongs to another account, which could read every code that it sends.
const theirSender = "arn:aws:ses:eu-central-1:999999999999:identity/securecart.example"

// isOurSender expects messages to be sent by this account or, where nothing is set, by Cognito itself.
func (v Value) isOurSender() {
	if v.Got == nil {
		return
	}
	if found := sender.FindStringSubmatch(v.Text()); found == nil || found[1] != v.of.in.Account() {
		v.Fail("is %s, want an SES identity of account %s", v.Text(), v.of.in.Account())
	}
}
