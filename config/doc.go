// Package config defines what differs between the stages of SecureCart identity, and which differences are allowed.
//
// [Stages] holds one typed literal per stage, side by side, so that a reviewer sees at a glance what Prod requires and
// Dev leaves out. Values that are the same everywhere are constants of the construct that provisions them. Secrets are
// never here, only their names in AWS Secrets Manager.
//
// [Validate] refuses values that AWS would refuse only in mid-deploy, and values that a stage's purpose forbids. It
// reports every problem of every stage at once, each with field, rule, value and way out.
//
// # Combinations that AWS refuses only at deploy time
//
// Each is refused by a rule here, refused by the construct that would write it, or cannot be written at all. The last
// column names the proof. The comments of the rules refer to these numbers.
//
//	 1  MFA required with a one-time code as first factor          rule   firstFactors
//	    a code by SMS as first factor without SMS as second        rule   firstFactors
//	 2  MFA required with passkeys that count as one factor        rule   passkeys
//	 3  threat protection, risk or activity log without Plus       rules  plan, mfa;
//	                                                                      risk-based and required MFA are one setting
//	 4  passkeys, one-time codes, managed login v2 on Lite         rule   plan
//	 5  one channel for both recovery and second factor            rule   secondFactors (e-mail);
//	                                                                      recovery by phone cannot be written
//	 6  e-mail codes without SES, SES without identity or sender   rules  firstFactors, email, sesRegion
//	 7  phone number required or alias with social sign-in         cannot be written; threats U1, U34
//	 8  mapped attribute immutable or not writable by the client   panic  constructs/appclient; test/misuse_test.go
//	 9  refresh rotation together with ALLOW_REFRESH_TOKEN_AUTH    cannot be written; threat U12
//	10  managed login v2 without branding for a client             cannot be written; threat U33
//	11  URLs without https, with a wildcard, of example.com        rule   web
//	12  provider without its secret; client lists unknown provider rule   providers; the latter cannot be written
//	13  custom domain without certificate, bad domain prefix       rule   domain
//	14  log delivery to a KMS-encrypted log group                  cannot be written; threat U35
//	15  write attributes that leave out a required attribute       cannot be written; threat U1
//	16  production without retention, protection or account        rule   protection, account
//	17  provider at another port, an issuer with a slash, three    rule   providers
//	    of four endpoints, scopes without openid, more than 50
//	    identifiers, metadata that is none or has expired
//	18  a replica where Cognito has none, without an account, or  rule   replica
//	    where everybody needs TOTP
//	    a replica with an updated issuer, with a key of AWS's own cannot be written; threat U55
package config
