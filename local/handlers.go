package local

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"time"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/local/credentials"
	"github.com/securecart/identity/local/functions"
)

// startFunctions starts every function with the credentials of its own role, and this machine's endpoints.
func (s *Server) startFunctions(ctx context.Context, store *credentials.Store) (*functions.Set, error) {
	var specs []functions.Spec
	var errs []error
	for _, function := range s.stage.Functions {
		spec, err := s.spec(function, store)
		specs, errs = append(specs, spec), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return functions.Start(ctx, functions.Config{
		Root: s.config.Root, Output: s.config.Output, Debug: s.config.Debug, Built: s.config.Built,
	}, specs)
}

func (s *Server) spec(f deployed.Function, store *credentials.Store) (functions.Spec, error) {
	if f.Asset == "" {
		return functions.Spec{}, fmt.Errorf(
			"function %s names no asset: synthesize with asset metadata, which is the CDK's default", f.LogicalID)
	}
	session, err := store.AssumeAsService(f.Role, "lambda.amazonaws.com", "function", lasting)
	if err != nil {
		return functions.Spec{}, fmt.Errorf("function %s: %w", f.LogicalID, err)
	}
	environment := s.endpoints()
	maps.Copy(environment, f.Environment.Variables)
	maps.Copy(environment, map[string]string{
		"AWS_ACCESS_KEY_ID":     session.AccessKeyID,
		"AWS_SECRET_ACCESS_KEY": session.SecretAccessKey,
		"AWS_SESSION_TOKEN":     session.SessionToken,
	})
	limit := time.Duration(f.Timeout) * time.Second
	if s.config.Unhurried {
		limit *= 10
	}
	return functions.Spec{
		LogicalID: f.LogicalID, ARN: f.ARN, Asset: filepath.Join(s.config.AssetsFrom, f.Asset),
		Timeout: limit, MemoryMiB: f.MemorySize, LogGroup: f.LoggingConfig.LogGroup,
		Environment: environment,
	}, nil
}

// invoke runs a function for the API and the user pool.
func (s *Server) invoke(ctx context.Context, arn string, event []byte) ([]byte, error) {
	function, ok := s.parts.functions.Function(arn)
	if !ok {
		return nil, fmt.Errorf("there is no function %s", arn)
	}
	if s.config.Unhurried || s.parts.functions.Debugged(arn) {
		ctx = context.WithoutCancel(ctx)
	}
	answer, err := s.config.Drill.Invoke(ctx, s.stage.Functions[arn].Name, arn, func(ctx context.Context) ([]byte, error) {
		return function.Invoke(ctx, event)
	})
	if err != nil {
		// The caller learns no more than that something went wrong.
		fmt.Fprintln(s.config.Output, err)
	}
	return answer, err
}
