package stage

import (
	"errors"
	"fmt"
	"regexp"
)

func readAPI(l *loader, r resource) error {
	if err := l.first(r); err != nil {
		return err
	}
	_, err := decode[struct {
		Name                                     string
		Description, EndpointConfiguration, Tags Ignored
		// A caller on loopback has no other endpoint to use.
		DisableExecuteApiEndpoint Ignored
	}](l, r)
	if err != nil {
		return err
	}
	l.stage.API.ID, err = l.ref(r)
	return err
}

func readAPIStage(l *loader, r resource) error {
	if err := l.first(r); err != nil {
		return err
	}
	read, err := decode[struct {
		AccessLogSetting struct {
			Format         string
			DestinationArn Ignored
		}
		MethodSettings []struct {
			HTTPMethod, ResourcePath                       string
			CachingEnabled                                 bool
			ThrottlingBurstLimit                           int
			ThrottlingRateLimit                            float64
			DataTraceEnabled, LoggingLevel, MetricsEnabled Ignored
		}
		RestAPIID, StageName, DeploymentID string
		CacheClusterEnabled                bool
		Tags, TracingEnabled               Ignored
	}](l, r)
	if err != nil {
		return err
	}
	if len(read.MethodSettings) != 1 || read.MethodSettings[0].ResourcePath != "/*" || read.MethodSettings[0].HTTPMethod != "*" {
		return errors.New("MethodSettings: only one setting, for every method, is understood")
	}
	settings := read.MethodSettings[0]
	if settings.CachingEnabled || read.CacheClusterEnabled {
		return errors.New("caching is not understood")
	}
	l.stage.API.StageName = read.StageName
	l.stage.API.AccessLogFormat = read.AccessLogSetting.Format
	l.stage.API.Throttling = Throttling{Rate: settings.ThrottlingRateLimit, Burst: settings.ThrottlingBurstLimit}
	return nil
}

// readPath waits: a resource's parent may come later.
func readPath(l *loader, r resource) error {
	read, err := decode[struct{ ParentID, PathPart, RestAPIID string }](l, r)
	if err != nil {
		return err
	}
	id, err := l.ref(r)
	if err != nil {
		return err
	}
	l.paths[id] = pathPart{parent: read.ParentID, part: read.PathPart}
	return nil
}

type pathPart struct{ parent, part string }

// path is the path of an API resource; the root is no resource of the template.
func (l *loader) path(id string) string {
	if part, ok := l.paths[id]; ok {
		return l.path(part.parent) + "/" + part.part
	}
	return ""
}

// integrationURI names the function of a proxy integration.
var integrationURI = regexp.MustCompile(`^arn:aws:apigateway:[^:]+:lambda:path/2015-03-31/functions/(arn:[^/]+)/invocations$`)

func readMethod(l *loader, r resource) error {
	if err := r.stated("AuthorizationType"); err != nil {
		return err
	}
	method, err := decode[Method](l, r)
	if err != nil {
		return err
	}
	switch method.Integration.Type {
	case "AWS_PROXY":
		match := integrationURI.FindStringSubmatch(method.Integration.URI)
		if match == nil {
			return fmt.Errorf("Integration.Uri %q names no Lambda function", method.Integration.URI)
		}
		method.Integration.FunctionARN = match[1]
	case "MOCK":
	default:
		return fmt.Errorf("Integration.Type %q is not understood; there are AWS_PROXY and MOCK", method.Integration.Type)
	}
	if method.ApiKeyRequired {
		return errors.New("ApiKeyRequired is not understood")
	}
	l.later = append(l.later, func() error {
		method.Path = l.path(method.ResourceID)
		if method.Path == "" {
			method.Path = "/"
		}
		l.stage.API.Methods = append(l.stage.API.Methods, method)
		return nil
	})
	return nil
}

func readAuthorizer(l *loader, r resource) error {
	if err := r.stated("AuthorizerResultTtlInSeconds", "IdentitySource", "ProviderARNs"); err != nil {
		return err
	}
	authorizer, err := decode[Authorizer](l, r)
	if err != nil {
		return err
	}
	if authorizer.Type != "COGNITO_USER_POOLS" {
		return fmt.Errorf("authorizer type %q is not understood; there is COGNITO_USER_POOLS", authorizer.Type)
	}
	authorizer.ID, err = l.ref(r)
	l.stage.API.Authorizers[authorizer.ID] = authorizer
	return err
}

func readGatewayResponse(l *loader, r resource) error {
	response, err := decode[GatewayResponse](l, r)
	if err != nil {
		return err
	}
	return add(l.stage.API.GatewayResponses, response.ResponseType, response)
}
