package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Validate checks every stage by itself and all of them together. The error joins every problem found, one a line:
// stage, field, rule, value got, way out. Nil means that all stages may be synthesized.
//
// What may expire, such as a certificate in a provider's metadata, is judged now. ValidateAt judges it at another time.
func Validate(stages []Stage) error { return ValidateAt(stages, time.Now()) }

// ValidateAt is Validate at a given time.
func ValidateAt(stages []Stage, now time.Time) error {
	var all []error
	if len(stages) == 0 {
		all = append(all, errors.New("config: no stage; add one to Stages in config/stages.go"))
	}
	for _, s := range stages {
		all = append(all, s.ValidateAt(now))
	}
	all = append(all, acrossStages(stages)...)
	return errors.Join(all...)
}

// Choose returns the stage called name, or all of them if the name is empty.
func Choose(stages []Stage, name string) ([]Stage, error) {
	if name == "" {
		return stages, nil
	}
	s, err := Named(stages, name)
	if err != nil {
		return nil, err
	}
	return []Stage{s}, nil
}

// Named returns the stage called name. If there is none, the error lists the stages that exist. A name that two stages
// have is refused, too: one of them would be looked at, and it need not be the one that is meant.
func Named(stages []Stage, name string) (Stage, error) {
	var names []string
	var found []Stage
	for _, s := range stages {
		names = append(names, s.Name)
		if s.Name == name {
			found = append(found, s)
		}
	}
	switch len(found) {
	case 0:
		return Stage{}, fmt.Errorf("stage %q does not exist; choose one of %s", name, strings.Join(names, ", "))
	case 1:
		return found[0], nil
	}
	return Stage{}, fmt.Errorf("%d stages have the name %q; rename one in config/stages.go", len(found), name)
}

// Validate checks one stage, now, and joins every problem found.
func (s Stage) Validate() error { return s.ValidateAt(time.Now()) }

// ValidateAt checks one stage at a given time and joins every problem found.
func (s Stage) ValidateAt(now time.Time) error {
	p := &problems{stage: s.ID(), now: now}
	for _, rule := range rules {
		rule(s, p)
	}
	return errors.Join(p.found...)
}

// rules are all the rules that a single stage must keep. Each is in the file of its subject.
var rules = []func(Stage, *problems){
	naming, replica, account, ownAccount, protection, api, tables, webACL, support, alarms, logs, securityEvents,
	userExports,
	web, domain, email, oneOwner, tokens,
	plan, mfa, secondFactors, firstFactors, password,
	providers, delivery,
}

// problems collects the broken rules of one stage.
type problems struct {
	stage string
	now   time.Time
	found []error
}

// add records a problem. The text reads "<rule>, got <value>; <way out>".
func (p *problems) add(field, format string, args ...any) {
	p.found = append(p.found, fmt.Errorf("%s: %s: %s", p.stage, field, fmt.Sprintf(format, args...)))
}

// oneOf records a problem if got is not among allowed, and reports whether it is.
func oneOf[T ~string](p *problems, field string, got T, allowed ...T) bool {
	if slices.Contains(allowed, got) {
		return true
	}
	p.add(field, "must be one of %q, got %q; choose one", allowed, got)
	return false
}

// acrossStages refuses stages that share a name, a domain, or a setting that exists once per account or Region.
func acrossStages(stages []Stage) []error {
	var found []error
	names, domains, logging := map[string]string{}, map[string]string{}, map[string]string{}
	bootstraps, providers := map[string]string{}, map[string]string{}
	found = append(found, sharedBudgets(stages)...)
	for _, s := range stages {
		p := &problems{stage: s.ID()}
		unique(p, "Name", names, s.Name, "stage names must differ, got %q twice (also in %s); rename one")
		unique(p, "Domain", domains, domainKey(s), "domains must differ, got %q twice (also in %s); choose another")
		if s.Replica != "" && s.Domain.Custom == "" {
			// The replica's managed login has the same prefix in its own Region.
			unique(p, "Replica", domains, s.Domain.Prefix+" in "+s.Replica,
				"domains must differ, got %q twice (also in %s); choose another Region or another Domain.Prefix")
		}
		if s.API.OwnsAccountLogging && s.Account != "" && s.Account != DocumentationAccount {
			unique(
				p,
				"API.OwnsAccountLogging",
				logging,
				s.Account+"/"+s.Region,
				"the API Gateway logging role exists once per account and Region, got a second owner for %s (also %s); "+
					"set it to false in one of them",
			)
		}
		if s.Delivery.Pipeline() {
			unique(p, "Delivery.Qualifier", bootstraps, s.Delivery.Qualifier+" in "+s.Account+"/"+s.Region,
				"each stage has a bootstrap of its own, got a second stage with %s (also %s); choose another qualifier")
		}
		if s.Delivery.OwnsGitHubProvider {
			unique(p, "Delivery.OwnsGitHubProvider", providers, s.Account,
				"an account has GitHub's provider once, got a second owner in %s (also %s); set it to false in one of them")
		}
		found = append(found, p.found...)
	}
	return found
}

// unique records a problem if an earlier stage owns the key. The format takes the key and that stage.
func unique(p *problems, field string, owners map[string]string, key, format string) {
	if owner, taken := owners[key]; taken {
		p.add(field, format, key, owner)
		return
	}
	owners[key] = p.stage
}

func domainKey(s Stage) string {
	if s.Domain.Custom != "" {
		return s.Domain.Custom
	}
	return s.Domain.Prefix + " in " + s.Region
}
