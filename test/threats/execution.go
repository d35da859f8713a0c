package threats

import "slices"

// How long, in seconds and in milliseconds, and with how much memory, in MiB, a call may run at most. API Gateway waits for 29 seconds
// at most unless the account's quota has been raised.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
const (
	longestRun  = 30
	longestTask = 300
	longestWait = 29000
	mostMemory  = 1024
)

// endsSoon expects calls to have an end, and no more memory than they need: whoever floods the API pays for neither.
func (in *inspection) endsSoon() {
	for _, f := range in.every(function) {
		longest := float64(longestRun)
		if f.name() == unconfirmedFunction { // nobody calls it but the schedule, and nobody waits for it
			longest = longestTask
		}
		f.at("Timeout").between(1, longest)
		f.at("MemorySize").between(128, mostMemory)
	}
	for _, r := range in.routes() {
		if r.handler() != "" {
			r.at("Integration", "TimeoutInMillis").between(50, longestWait)
		}
	}
}

// logsExecution expects API Gateway's own log of the API to be the encrypted group that is provisioned for it; without one API
// Gateway makes a group that is neither encrypted with our key nor ever deleted. Where the stage sets the role with which API
// Gateway writes the logs of all APIs of the account, it is that of the stage, and both stay when the stage goes: the other
// APIs' traces would end with them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
func (in *inspection) logsExecution() {
	group := in.the(logGroup, "Api.ShopExecutionLog")
	group.at("LogGroupName").reads("API-Gateway-Execution-Logs_" + in.only(restAPI).ref() + "/" + in.only(apiStage).at("StageName").text())
	accounts := in.any(apiAccount)
	roles := slices.DeleteFunc(in.any(iamRole), func(r resource) bool { return r.name() != loggingRole })
	if len(accounts) != len(roles) || len(accounts) > 1 {
		in.fail(in.ID, "has %d %s and %d roles %s, want one of both or neither", len(accounts), apiAccount, len(roles), loggingRole)
	}
	for _, account := range accounts {
		account.at("CloudWatchRoleArn").reads("${" + loggingRole + ".Arn}")
		account.outlives()
	}
	for _, r := range roles {
		r.outlives()
	}
}
