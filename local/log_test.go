package local_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/securecart/identity/local"
	"github.com/securecart/identity/local/localtest"
	"github.com/securecart/identity/local/localtest/await"
	"github.com/securecart/identity/local/localtest/must"
)

// secret is in every place of a request that may hold one.
const secret = "S3cretS3cretS3cret"

// ask sends requests with secrets in them, most of which are refused.
func ask(t *testing.T, server *local.Server) {
	t.Helper()
	aws, outputs := server.AWS().BaseEndpoint, server.Outputs()
	send := func(method, address, body string, headers ...string) {
		t.Helper()
		request := must.Get(http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body)))(t)
		for i := 0; i < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		response := must.Get(http.DefaultClient.Do(request))(t)
		_ = response.Body.Close() // nothing of it is read
	}
	api, form := strings.TrimSuffix(outputs["ApiUrl"], "/"), "application/x-www-form-urlencoded"
	// {"sub":"jane\n"} names somebody who would begin a new line.
	forged := "x.eyJzdWIiOiJqYW5lXG4ifQ." + secret
	send("GET", api+"/orders?cursor="+secret, "", "Authorization", "Bearer "+forged)
	send("GET", api+"/nowhere", "")
	send("POST", *aws, `{"ClientId": "`+outputs["WebClientId"]+`", "AuthFlow": "USER_SRP_AUTH", "AuthParameters": {`+
		`"USERNAME": "jane@shop.example", "SRP_A": "0", "PASSWORD": "`+secret+`"}}`,
		"X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth", "Content-Type", "application/x-amz-json-1.1")
	send("POST", *aws, url.Values{"Action": {"GetCallerIdentity"}, "Code": {secret}}.Encode(), "Content-Type", form)
	send("GET", *aws+"/bucket/key?X-Amz-Signature="+secret, "")
	send("GET", server.InboxURL(), "")
}

func TestEveryRequestIsOneLineWithoutSecrets(t *testing.T) {
	var output await.Output
	config := localtest.Config(t, &output)
	server := must.Get(local.Serve(t.Context(), config))(t)
	ask(t, server)
	must.Do(t, server.Close())
	got := regexp.MustCompile(`\d\d:\d\d:\d\d`).ReplaceAllString(output.String(), "TIME")
	got = regexp.MustCompile(` +`).ReplaceAllString(regexp.MustCompile(`\d+ ms`).ReplaceAllString(got, "N ms"), " ")
	for _, want := range []string{
		"TIME api GET /v1/orders 401 UnauthorizedException jane? N ms\n",
		"TIME api GET /v1/nowhere 403 MissingAuthenticationTokenException - N ms\n",
		"TIME aws POST InitiateAuth 400 InvalidParameterException jane@shop.example N ms\n",
		"TIME aws POST GetCallerIdentity 403 - N ms\n",
		"TIME aws GET /bucket/key 403 - N ms\n",
	} {
		if strings.Count(got, want) != 1 {
			t.Errorf("no line, or two, %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, secret) || strings.Count(got, "TIME") != 5 {
		t.Errorf("a secret, or not five lines:\n%s", got)
	}
}
