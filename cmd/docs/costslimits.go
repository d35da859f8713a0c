package main

import (
	"math"

	"github.com/securecart/identity/internal/costs"
)

func saturation(d *document, stages []costs.Stage) {
	d.heading("What saturates first")
	d.wrapped("How many people can shop at the same moment, by what each of them does " +
		"([Assumptions](#assumptions)). Where mails go by SES, the first limit is one that the config sets, " +
		"before any quota of AWS: one flood cannot use up what the account's other stages, or " +
		"checkout, need. AWS's are the defaults of an account and Region; a new account may have less, " +
		"which `make preflight` shows. Of the identity pool's quotas, only that of GetId was found. The rates of the web " +
		"ACLs' rules are for one address, so that no number of shoppers at different ones reaches them.")
	for _, stage := range stages {
		d.subheading(stage.Config.Name)
		limits := costs.Limits(stage.Config)
		var rows [][]string
		for _, limit := range limits {
			row := []string{limit.What, setBy(limit), perSecond(limit.PerSecond), number(math.Floor(limit.Shoppers()))}
			for _, people := range shopping {
				row = append(row, share(people/limit.Shoppers()))
			}
			rows = append(rows, append(row, limit.Way))
		}
		columns := []string{"limit", "set by", "a second", "enough for"}
		for _, people := range shopping {
			columns = append(columns, "at "+number(people))
		}
		d.table(append(columns, "the way past"), rows)
		firsts(d, limits)
	}
	d.wrapped("Beyond what AWS grants, customers are split among stages, each with a pool in an account or " +
		"Region of its own: by country, for one. Reads of products and pictures can be replicated to " +
		"another Region, or kept in a CDN. Two pools cannot serve the sign-ins of the same customers. A replica " +
		"(docs/operations.md, \"A replica\") adds no sign-ins while the pool serves them, and has costs of its own, which " +
		"are not on this page.")
}

// firsts says what saturates first for each number of people.
func firsts(d *document, limits []costs.Limit) {
	for _, people := range shopping {
		var full []string
		for _, limit := range limits {
			if people > limit.Shoppers() {
				full = append(full, limit.What)
			}
		}
		switch {
		case len(full) == 0:
			d.bullet("%s shoppers saturate nothing.", number(people))
		case len(full) == 1:
			d.bullet("%s shoppers saturate %s.", number(people), full[0])
		default:
			d.bullet("%s shoppers saturate first %s; in all, %d limits.", number(people), full[0], len(full))
		}
	}
	d.end()
}

func setBy(limit costs.Limit) string {
	if limit.Own {
		return code(limit.Source)
	}
	return "[AWS](" + limit.Source + ")"
}
