package deployed

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

func readAPI(l *loader, r resource) error {
	if err := l.first(r); err != nil {
		return err
	}
	read, err := decode[struct {
		Name                                     string
		Description, EndpointConfiguration, Tags Ignored
		// Callers on loopback have no other endpoint, and no TLS.
		DisableExecuteApiEndpoint, SecurityPolicy, EndpointAccessMode Ignored
	}](l, r)
	if err != nil {
		return err
	}
	l.stage.API.Name = read.Name
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
		MethodSettings                     []methodSetting
		RestAPIID, StageName, DeploymentID string
		CacheClusterEnabled                bool
		Tags, TracingEnabled               Ignored
	}](l, r)
	if err != nil {
		return err
	}
	if read.CacheClusterEnabled {
		return errors.New("caching is not understood")
	}
	l.stage.API.StageName = read.StageName
	l.stage.API.AccessLogFormat = read.AccessLogSetting.Format
	return l.throttle(read.MethodSettings)
}

// methodSetting is one of a stage's MethodSettings.
type methodSetting struct {
	HTTPMethod, ResourcePath                       string
	CachingEnabled                                 bool
	ThrottlingBurstLimit                           int
	ThrottlingRateLimit                            float64
	DataTraceEnabled, LoggingLevel, MetricsEnabled Ignored
}

// route is the verb and path that a setting is for: "Forward slashes (/) are encoded as ~1 and the initial slash must
// include a forward slash. For example, the path value /resource/subresource must be encoded as
// /~1resource~1subresource. To specify the root path, use only a slash (/).",
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html
func (s methodSetting) route() (string, error) {
	path, ok := strings.CutPrefix(s.ResourcePath, "/")
	path = strings.ReplaceAll(path, "~1", "/")
	if path == "" {
		path = "/"
	}
	if !ok || s.HTTPMethod == "*" || path[0] != '/' || strings.ContainsAny(path, "*~") {
		return "", fmt.Errorf("MethodSettings: %s %s is not understood; there are * /*, and the verb and path of one method",
			s.HTTPMethod, s.ResourcePath)
	}
	return s.HTTPMethod + " " + path, nil
}

// limit is the setting's throttle. Both values must be stated: a missing one could be inherited from all methods or
// from the account.
func (s methodSetting) limit() (Throttling, error) {
	limit := Throttling{Rate: s.ThrottlingRateLimit, Burst: s.ThrottlingBurstLimit}
	switch {
	case s.CachingEnabled:
		return limit, errors.New("caching is not understood")
	case limit.Rate <= 0 || limit.Burst <= 0:
		return limit, fmt.Errorf("MethodSettings: %s %s must state ThrottlingRateLimit and ThrottlingBurstLimit, "+
			"both above 0", s.HTTPMethod, s.ResourcePath)
	}
	return limit, nil
}

// throttle reads the limits of all methods and of single methods: "Per-API, per-stage throttling limits are applied at
// the API method level for a stage. You can configure the same settings for all methods, or configure different
// throttle settings for each method.",
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
func (l *loader) throttle(settings []methodSetting) error {
	api := &l.stage.API
	api.MethodThrottling = map[string]Throttling{}
	for _, setting := range settings {
		limit, err := setting.limit()
		if err != nil {
			return err
		}
		if setting.HTTPMethod == "*" && setting.ResourcePath == "/*" {
			if api.Throttling.Rate > 0 {
				return errors.New("MethodSettings: there are two for every method")
			}
			api.Throttling = limit
			continue
		}
		route, err := setting.route()
		if err == nil {
			err = add(api.MethodThrottling, route, limit)
		}
		if err != nil {
			return err
		}
	}
	if api.Throttling.Rate <= 0 {
		return errors.New("MethodSettings: want one for every method, * /*")
	}
	return nil
}

// throttledAreThere refuses settings of methods that the API does not have: they were meant for other methods.
func (l *loader) throttledAreThere() error {
	left := maps.Clone(l.stage.API.MethodThrottling)
	for _, method := range l.stage.API.Methods {
		delete(left, method.HTTPMethod+" "+method.Path)
	}
	if len(left) > 0 {
		return fmt.Errorf("MethodSettings: the API does not have %s", strings.Join(slices.Sorted(maps.Keys(left)), ", "))
	}
	return nil
}

// readPath only records the part: a resource's parent may come later.
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

// path is the path of an API resource; the root is not a resource of the template.
func (l *loader) path(id string) string {
	if part, ok := l.paths[id]; ok {
		return l.path(part.parent) + "/" + part.part
	}
	return ""
}

// integrationURI names the function of a proxy integration.
var integrationURI = regexp.MustCompile(
	`^arn:aws:apigateway:[^:]+:lambda:path/2015-03-31/functions/(arn:[^/]+)/invocations$`)

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
