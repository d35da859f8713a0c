package config

// Runbook is a page of docs/runbooks, which says what to do about an alarm. Its value is the file name without ".md".
type Runbook string

// The pages that alarms link to.
const (
	CannotSignIn        Runbook = "cannot-sign-in"
	CannotBuy           Runbook = "cannot-buy"
	TriggerFailing      Runbook = "trigger-failing"
	HandlerFailing      Runbook = "handler-failing"
	QuotaThrottled      Runbook = "quota-throttled"
	TableFailing        Runbook = "table-failing"
	ProviderFailing     Runbook = "provider-failing"
	BotSignUps          Runbook = "bot-sign-ups"
	CredentialStuffing  Runbook = "credential-stuffing"
	SMSPumping          Runbook = "sms-pumping"
	MailPaused          Runbook = "ses-paused"
	LogsMissing         Runbook = "logs-missing"
	CostsRising         Runbook = "costs-rising"
	ProviderSecret      Runbook = "provider-secret-leaked"
	StolenTokens        Runbook = "stolen-tokens"
	SupportCompromised  Runbook = "support-compromised"
	RegionDown          Runbook = "region-down"
	DeployFailed        Runbook = "failed-deploy"
	UserPoolRestoration Runbook = "pool-restored"
	ChangedByHand       Runbook = "changed-by-hand"
	EventsMissing       Runbook = "security-events-missing"
)

// Runbooks are all pages, in the order of docs/runbooks/README.md.
func Runbooks() []Runbook {
	return []Runbook{
		CannotSignIn, CannotBuy, TriggerFailing, HandlerFailing, QuotaThrottled, TableFailing, ProviderFailing,
		BotSignUps, CredentialStuffing, SMSPumping, MailPaused, LogsMissing, EventsMissing, CostsRising,
		ProviderSecret, StolenTokens, SupportCompromised, ChangedByHand, RegionDown, DeployFailed, UserPoolRestoration,
	}
}

// RunbooksWithoutAlarm are the pages that no alarm links to, each with the sign that leads there instead.
func RunbooksWithoutAlarm() map[Runbook]string {
	return map[Runbook]string{
		CostsRising: "the budget of the stage and AWS's cost anomaly detection tell: " +
			"they are no alarms of CloudWatch",
		ProviderSecret:      "the provider, a scanner or a colleague tells: no metric shows who holds a secret",
		StolenTokens:        "the customer tells: a thief's requests look like the customer's",
		SupportCompromised:  "a customer or a colleague tells: no metric counts what one agent does",
		ChangedByHand:       "a mail of the topic of security events tells, with who changed what: a count would not say",
		RegionDown:          "AWS Health tells: the alarms are in the Region that is down",
		DeployFailed:        "make deploy tells the person who runs it",
		UserPoolRestoration: "a person restores, and follows the page",
	}
}
