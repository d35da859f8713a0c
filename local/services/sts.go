package services

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/services/awsjson"
)

// sts serves AWS STS. Its protocol is a form as request and XML as answer:
// https://docs.aws.amazon.com/STS/latest/APIReference/CommonParameters.html
type sts struct{ guard }

// NewSTS serves AssumeRole and GetCallerIdentity for the stage's roles.
func NewSTS(s *deployed.Stage, store *credentials.Store) http.Handler { return &sts{guard{s, store}} }

const (
	stsVersion   = "2011-06-15"
	stsNamespace = "https://sts.amazonaws.com/doc/" + stsVersion + "/"
	// maxSTSRequest is more than the longest session tags need.
	maxSTSRequest = 64 << 10
	// shortestSession and longestSession are AWS's, in seconds.
	shortestSession, longestSession = 900, 43_200
)

func (s *sts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/xml")
	answer, err := s.answer(w, r)
	if err != nil {
		writeSTSError(w, err)
		return
	}
	writeXML(w, http.StatusOK, answer)
}

func (s *sts) answer(w http.ResponseWriter, r *http.Request) (any, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxSTSRequest))
	if err != nil {
		return nil, invalidSTS("The request has more than %d bytes, or ended too early.", maxSTSRequest)
	}
	session, err := s.store.Verify(r, body, "sts")
	if err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("Version") != stsVersion {
		return nil, invalidSTS("Want a form with Version=%s.", stsVersion)
	}
	action := form.Get("Action")
	form.Del("Action")
	form.Del("Version")
	serve, served := stsOperations[action]
	if !served {
		return nil, &xmlError{http.StatusBadRequest, "InvalidAction",
			fmt.Sprintf("The action %q is not served here.", action)}
	}
	return serve(s, session, form)
}

var stsOperations = map[string]func(*sts, *credentials.Session, url.Values) (any, error){
	"AssumeRole":        (*sts).assumeRole,
	"GetCallerIdentity": (*sts).callerIdentity,
}

// requestID is the last part of every response of STS.
type requestID struct {
	RequestID string `xml:"RequestId"`
}

func newRequestID() requestID { return requestID{awsjson.RequestID()} }

type assumedRole struct {
	XMLName          xml.Name `xml:"AssumeRoleResponse"`
	Namespace        string   `xml:"xmlns,attr"`
	AssumeRoleResult struct {
		AssumedRoleUser struct {
			AssumedRoleID string `xml:"AssumedRoleId"`
			Arn           string
		}
		Credentials struct {
			AccessKeyID     string `xml:"AccessKeyId"`
			SecretAccessKey string
			SessionToken    string
			Expiration      string
		}
	}
	ResponseMetadata requestID
}

// assumeRole answers AssumeRole: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func (s *sts) assumeRole(caller *credentials.Session, form url.Values) (any, error) {
	arn, name, tags, ttl, err := readAssumeRole(form)
	if err != nil {
		return nil, err
	}
	session, err := s.store.AssumeRole(caller, arn, name, ttl, tags)
	var refused *credentials.Error
	switch {
	case errors.As(err, &refused):
		return nil, err
	case err != nil:
		return nil, invalidSTS("%v", err)
	}
	answer := assumedRole{Namespace: stsNamespace, ResponseMetadata: newRequestID()}
	user, issued := &answer.AssumeRoleResult.AssumedRoleUser, &answer.AssumeRoleResult.Credentials
	user.AssumedRoleID, user.Arn = session.UserID, session.ARN
	issued.AccessKeyID, issued.SecretAccessKey = session.AccessKeyID, session.SecretAccessKey
	issued.SessionToken = session.SessionToken
	issued.Expiration = session.Expiration.UTC().Format(time.RFC3339)
	return answer, nil
}

// readAssumeRole reads the parameters of AssumeRole. Parameters that are not served, above all those for MFA, are
// refused by name instead of ignored: local users already have MFA.
func readAssumeRole(form url.Values) (arn, name string, tags map[string]string, ttl time.Duration, err error) {
	tags, err = readTags(form)
	if err != nil {
		return "", "", nil, 0, err
	}
	arn, name, ttl = form.Get("RoleArn"), form.Get("RoleSessionName"), time.Hour
	if text := form.Get("DurationSeconds"); text != "" {
		seconds, err := strconv.Atoi(text)
		if err != nil || seconds < shortestSession || seconds > longestSession {
			return "", "", nil, 0, invalidSTS("DurationSeconds must be a number from %d to %d.", shortestSession, longestSession)
		}
		ttl = time.Duration(seconds) * time.Second
	}
	for parameter := range form {
		if known := []string{"RoleArn", "RoleSessionName", "DurationSeconds"}; !slices.Contains(known, parameter) {
			return "", "", nil, 0, invalidSTS("The parameter %s is not served here.", parameter)
		}
	}
	if !strings.HasPrefix(arn, "arn:aws:iam::") || name == "" {
		return "", "", nil, 0, invalidSTS("RoleArn must be the ARN of a role, and RoleSessionName a name.")
	}
	return arn, name, tags, ttl, nil
}

// tagParameter is one member of the list Tags.
var tagParameter = regexp.MustCompile(`^Tags\.member\.([1-9][0-9]{0,2})\.(Key|Value)$`)

// readTags reads the session tags of a form.
func readTags(form url.Values) (map[string]string, error) {
	members := map[string]map[string]string{}
	for parameter, values := range form {
		match := tagParameter.FindStringSubmatch(parameter)
		if match == nil {
			continue
		}
		if members[match[1]] == nil {
			members[match[1]] = map[string]string{}
		}
		if len(values) != 1 {
			return nil, invalidSTS("%s is there more than once.", parameter)
		}
		members[match[1]][match[2]] = values[0]
		form.Del(parameter)
	}
	tags, seen := map[string]string{}, map[string]bool{}
	for _, member := range members {
		key, hasKey := member["Key"]
		value, hasValue := member["Value"]
		// "you cannot have separate Department and department tag keys",
		// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_know
		lower := strings.ToLower(key)
		if !hasKey || !hasValue || seen[lower] {
			return nil, invalidSTS("Each of Tags must have a Key of its own, whatever its letter case, and a Value.")
		}
		seen[lower], tags[key] = true, value
	}
	return tags, nil
}

type identified struct {
	XMLName                 xml.Name `xml:"GetCallerIdentityResponse"`
	Namespace               string   `xml:"xmlns,attr"`
	GetCallerIdentityResult struct {
		Arn     string
		UserID  string `xml:"UserId"`
		Account string
	}
	ResponseMetadata requestID
}

// callerIdentity answers GetCallerIdentity: "No permissions are required to perform this operation",
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
func (s *sts) callerIdentity(caller *credentials.Session, form url.Values) (any, error) {
	for parameter := range form {
		return nil, invalidSTS("The parameter %s is not served here.", parameter)
	}
	answer := identified{Namespace: stsNamespace, ResponseMetadata: newRequestID()}
	result := &answer.GetCallerIdentityResult
	result.Arn, result.UserID, result.Account = caller.ARN, caller.UserID, s.stage.Account
	return answer, nil
}
