package threats

import (
	"slices"
	"strings"
)

// The longest a call may run, in seconds and milliseconds, and its most memory, in MiB. API Gateway waits for 29
// seconds at most unless the account's quota has been raised.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
const (
	longestRun     = 10
	longestTrigger = 4   // Cognito waits for five seconds
	longestTask    = 300 // nobody waits for the schedule's
	longestWait    = 29000
	mostMemory     = 1024
)

// endsSoon expects calls to have short time-outs and little memory: the shop pays for both in a flood.
func (in *Inspection) endsSoon() {
	for _, f := range in.Every(function) {
		longest := float64(longestRun)
		switch {
		case f.Name() == unconfirmedFunction, f.Name() == exportFunction:
			longest = longestTask
		case slices.Contains(triggerNames, strings.TrimSuffix(f.Name(), "Function")):
			longest = longestTrigger
		}
		f.At("Timeout").Between(1, longest)
		f.At("MemorySize").Between(128, mostMemory)
	}
	for _, r := range in.Routes() {
		if r.Handler() != "" {
			r.At("Integration", "TimeoutInMillis").Between(50, longestWait)
		}
	}
}

// logsExecution expects API Gateway's own log of the API to be the encrypted group that is provisioned for it; without
// one API Gateway makes a group that is neither encrypted with our key nor ever deleted. Where the stage sets the role
// with which API Gateway writes the logs of all APIs of the account, it is that of the stage, and both stay when the
// stage goes: the other APIs' traces would end with them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
func (in *Inspection) logsExecution() {
	group := in.The(logGroup, "Api.ShopExecutionLog")
	api, stage := in.Only(restAPI).Ref(), in.Only(apiStage).At("StageName").Text()
	group.At("LogGroupName").Reads("API-Gateway-Execution-Logs_" + api + "/" + stage)
	accounts := in.Any(apiAccount)
	roles := slices.DeleteFunc(in.Any(iamRole), func(r Resource) bool { return r.Name() != loggingRole })
	want := 0
	if in.Config.API.OwnsAccountLogging {
		want = 1
	}
	if len(accounts) != want || len(roles) != want {
		in.Fail(in.ID, "has %d %s and %d roles %s, want %d of each", len(accounts), apiAccount, len(roles), loggingRole, want)
	}
	for _, account := range accounts {
		account.At("CloudWatchRoleArn").Reads("${" + loggingRole + ".Arn}")
		account.outlives()
		if s := in.Only(apiStage); !slices.Contains(s.DependsOn, account.id) {
			s.Fail("does not wait for %s: the first deploy would fail", account.id)
		}
	}
	for _, r := range roles {
		r.outlives()
	}
}
