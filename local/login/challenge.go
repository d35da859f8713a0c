package login

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/securecart/identity/local/userpool"
)

// pending is a sign-in that the user pool has challenged. Only the page's form has its name.
type pending struct {
	request *authorization
	// username was entered by the user. It labels the account in an authenticator app.
	username  string
	challenge userpool.Challenge
	// secret of an authenticator that is being set up, base32.
	secret string
}

// The challenges of
// https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html that a
// password sign-in can meet.
const (
	softwareToken = "SOFTWARE_TOKEN_MFA"
	smsCode       = "SMS_MFA"
	selectMFA     = "SELECT_MFA_TYPE"
	setUpMFA      = "MFA_SETUP"
	newPassword   = "NEW_PASSWORD_REQUIRED"
)

// proceed shows the next challenge of a sign-in, or ends it.
func (l *Login) proceed(w http.ResponseWriter, r *http.Request, p pending) {
	if p.challenge.Name == "" {
		l.finish(w, r, p.request, session{username: p.challenge.Username, provider: cognito, authTime: p.challenge.AuthTime})
		return
	}
	l.showChallenge(w, r, l.pending.Add(p), p, "")
}

// answer answers POST /challenge. The user may correct a wrong answer as long as the user pool allows.
func (l *Login) answer(w http.ResponseWriter, r *http.Request, a *authorization) {
	name := r.PostForm.Get("pending")
	p, ok := l.pending.Get(name)
	if !ok {
		l.showLogin(w, r, a, "", "That took too long, or was answered already. Sign in again.")
		return
	}
	next, err := l.step(p, r.PostForm)
	switch {
	case err == nil:
		l.pending.Take(name)
		l.proceed(w, r, next)
	case hasCode(err, "NotAuthorizedException", "UserNotFoundException"):
		// The pool has ended the session. No further answer can be right.
		l.pending.Take(name)
		l.showLogin(w, r, p.request, p.username, l.explain(r, err))
	default:
		l.showChallenge(w, r, name, p, l.explain(r, err))
	}
}

// step answers the challenge with the posted values, and returns the sign-in with its next challenge.
func (l *Login) step(p pending, posted url.Values) (pending, error) {
	responses := map[string]string{}
	code := strings.TrimSpace(posted.Get("code"))
	switch p.challenge.Name {
	case softwareToken:
		responses["SOFTWARE_TOKEN_MFA_CODE"] = code
	case smsCode:
		responses["SMS_MFA_CODE"] = code
	case selectMFA:
		responses["ANSWER"] = posted.Get("factor")
	case newPassword:
		responses["NEW_PASSWORD"] = posted.Get("password")
	case setUpMFA:
		return l.setUp(p, posted, code)
	default:
		return p, fmt.Errorf("managed login has no page for challenge %q", p.challenge.Name)
	}
	return l.respond(p, responses)
}

func (l *Login) respond(p pending, responses map[string]string) (pending, error) {
	next, err := l.pool.AnswerChallenge(userpool.Answer{
		ClientID: p.request.client.ID, Session: p.challenge.Session, Name: p.challenge.Name, Responses: responses,
	})
	if err != nil {
		return p, err
	}
	return pending{request: p.request, username: p.username, challenge: *next}, nil
}

func (l *Login) showChallenge(w http.ResponseWriter, r *http.Request, name string, p pending, problem string) {
	shown, err := l.challengePage(p)
	if err == nil && len(shown.Forms) == 0 {
		err = fmt.Errorf("challenge %s names no factor that can be answered with: %q", p.challenge.Name,
			p.challenge.Parameters)
	}
	if err != nil {
		l.report(r, err)
		p.request.redirectRefusal(w, r, err)
		return
	}
	for i := range shown.Forms {
		f := &shown.Forms[i]
		f.Action = p.request.page("/challenge")
		if f.Hidden == nil {
			f.Hidden = map[string]string{}
		}
		f.Hidden["pending"] = name
	}
	// The problem belongs to the form that was sent. Each of several forms has its own factor.
	sent := slices.IndexFunc(shown.Forms, func(f form) bool { return f.Hidden["factor"] == r.PostForm.Get("factor") })
	shown.Forms[max(sent, 0)].Error = problem
	shown.Links = []link{{Label: "Start again", Target: p.request.page("/login")}}
	l.show(w, r, p.request, shown)
}

func (l *Login) challengePage(p pending) (page, error) {
	switch p.challenge.Name {
	case softwareToken:
		return page{
			Title: "Enter your code", Intro: []string{"Your authenticator app shows it."},
			Forms: []form{{Fields: []field{codeField()}, Submit: "Sign in"}},
		}, nil
	case smsCode:
		return page{
			Title: "Enter your code",
			Intro: []string{"It was sent to " + p.challenge.Parameters["CODE_DELIVERY_DESTINATION"] + "."},
			Forms: []form{{Fields: []field{codeField()}, Submit: "Sign in"}},
		}, nil
	case selectMFA:
		return page{
			Title: "How do you want to prove that it is you?",
			Forms: factorForms(list(p.challenge, "MFAS_CAN_CHOOSE")),
		}, nil
	case newPassword:
		// An invited user has every required attribute already.
		return page{
			Title: "Choose your own password", Forms: []form{{Fields: []field{l.newPasswordField()}, Submit: "Go on"}},
		}, nil
	case setUpMFA:
		return l.setUpPage(p)
	}
	return page{}, fmt.Errorf("managed login has no page for challenge %q", p.challenge.Name)
}

func factorForms(factors []string) []form {
	var forms []form
	for _, factor := range []struct{ name, label string }{{softwareToken, "Authenticator app"},
		{smsCode, "Text message"}} {
		if slices.Contains(factors, factor.name) {
			forms = append(forms, form{Submit: factor.label, Hidden: map[string]string{"factor": factor.name}})
		}
	}
	return forms
}

// list reads a parameter that is a JSON list of strings.
func list(c userpool.Challenge, parameter string) []string {
	var names []string
	if err := json.Unmarshal([]byte(c.Parameters[parameter]), &names); err != nil {
		return nil
	}
	return names
}
