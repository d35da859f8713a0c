package test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/test/threats"
)

// wakes are the alarms that page somebody, because customers cannot sign in or buy.
var wakes = map[string][]string{
	"CannotSignIn": {
		"ProofsReadThrottles", "ProofsSystemErrors", "ProofsWriteThrottles", "RegistrationErrors", "RegistrationThrottles",
		"SignInThrottles", "TokensErrors", "TokensThrottles", "WebNobodySignsIn",
	},
	"CannotBuy": {
		"ApiServerErrors", "AuthorizerFailures", "CatalogErrors", "CatalogThrottles", "OrdersErrors", "OrdersReadThrottles",
		"OrdersSystemErrors", "OrdersThrottles", "OrdersWriteThrottles", "PostOrdersErrors", "ProductsReadThrottles",
		"ProductsSystemErrors", "ProductsWriteThrottles", "ProofsReadThrottles", "ProofsSystemErrors", "ProofsWriteThrottles",
		"SignInThrottles", "StepUpNobodySignsIn", "TokensErrors", "TokensThrottles",
	},
}

func TestExactlyTwoAlarmsPageSomebody(t *testing.T) {
	eachStage(t, func(in *threats.Inspection) {
		names := map[string]bool{}
		for _, alarm := range in.Every(metricAlarm) {
			names[alarm.At("AlarmName").Text()] = true
		}
		got := map[string][]string{}
		for _, composite := range in.Every(compositeAlarm) {
			name := strings.TrimPrefix(composite.At("AlarmName").Text(), in.ID+"-")
			for term := range strings.SplitSeq(composite.At("AlarmRule").Text(), " OR ") {
				alarm := strings.TrimSuffix(strings.TrimPrefix(term, `ALARM("`), `")`)
				if !names[alarm] {
					composite.Fail("waits for %s, which is no alarm", alarm)
				}
				got[name] = append(got[name], strings.TrimPrefix(alarm, in.ID+"-"))
			}
			slices.Sort(got[name])
			composite.At("AlarmActions").Lists("${Operations.AlarmsPage}")
			composite.At("OKActions").Lists("${Operations.AlarmsPage}")
			composite.At("ActionsEnabled").Is(true)
		}
		if diff := cmp.Diff(wakes, got); diff != "" {
			in.Fail(in.ID, "wakes somebody for (-want +got)\n%s", diff)
		}
	})
}
