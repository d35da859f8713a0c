package main

import (
	"slices"
	"strings"
	"time"

	"github.com/securecart/identity/lambda/internal/lambdatest"
)

const (
	parameter = "/securecart/test/clients"
	webID     = "7web1example"
	stepUpID  = "4stepup8example"
	accountID = "2account5example"
	ids       = `{"account":"` + accountID + `","stepUp":"` + stepUpID + `","web":"` + webID + `"}`
	poolID    = "eu-central-1_Pool00001"
	alice     = "0f1e2d3c-aaaa-4bbb-8ccc-a11ce0000001"
	aliceName = "name-of-alice-in-the-pool"

	challenge    = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	oldChallenge = "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"
)

// The operations of a reset, as the services name them.
const (
	signOutOp = "AdminUserGlobalSignOut"
	deleteOp  = "AdminDeleteSoftwareToken"
	totpOp    = "AdminSetUserMFAPreference SoftwareTokenMfaSettings"
	smsOp     = "AdminSetUserMFAPreference SMSMfaSettings"
	readOp    = "GetItem"
	writeOp   = "UpdateItem"
)

var (
	now   = time.Unix(1_800_000_000, 999_999_999)
	fresh = lambdatest.ProofItem{"proofChallenge": challenge, "proofExpiresAt": 1_800_000_900.0}
)

type object = map[string]any

// describe returns a request's operation, and the factor that it switches off.
func describe(call lambdatest.Call) string {
	if call.Operation == "AdminSetUserMFAPreference" {
		return call.Operation + " " + preference(call.Request)
	}
	return call.Operation
}

// preference returns the name of the one factor that a request switches off, or all of an unexpected request.
func preference(request object) string {
	var names []string
	for name, value := range request {
		if settings, found := value.(object); found {
			names = append(names, name)
			for setting, on := range settings {
				if on != false {
					names = append(names, setting)
				}
			}
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// answer answers for SSM, whose parameter is not decrypted, and for Cognito, which knows alice by her name.
func (r *rig) answer(call lambdatest.Call) (body any, code string) {
	switch {
	case call.Operation == "GetParameter" && call.Request["Name"] == parameter && call.Request["WithDecryption"] != true:
		return object{"Parameter": object{"Name": parameter, "Value": r.value}}, ""
	case slices.Contains([]string{signOutOp, deleteOp, totpOp, smsOp}, describe(call)) &&
		call.Request["UserPoolId"] == poolID && call.Request["Username"] == aliceName:
		return object{}, ""
	}
	return nil, "AccessDeniedException"
}
