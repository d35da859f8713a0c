package threats

import "slices"

// The parts of the daily export of users.
const (
	exportFunction = "Operations.UserExportFunction"
	exportRole     = "Operations.UserExportRole"
	exportRule     = "Operations.UserExportScheduleRule"
	exportBucket   = "Data.UserExports"
)

// exports are the threats to which the export of users is the answer, and those that it brings.
var exports = []Threat{
	{
		ID:    "U54",
		Title: "Delete the user pool or its copies, or get at all customers' addresses by the copies",
		Sources: []string{
			hackPersistence,
			"https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-deletion-protection.html",
			"https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html",
		},
		Closed: "Once a day the users are written, without secrets, to a bucket whose objects nobody can delete before " +
			"their retention ends. The role of the export only lists users and adds objects. No role of the stage reads the " +
			"bucket, and its key is used for the record of changes and this only.",
		Proofs: []Proof{Templates, Policies, Code},
		Tests: []string{
			"lambda/userexport.TestNothingSecretIsExported",
			"lambda/userexport.TestStopAtAnyCallLosesAndRepeatsNoUser",
			"lambda/userexport.TestOneRunWorksAtATime",
		},
		Limit: "A pool cannot be restored: users are created anew under other subs, choose another password and set up " +
			"their factor again. An erased customer stays in exports until they end, after 35 days at most. An " +
			"administrator of the account can read them.",
		check: func(in *Inspection) {
			in.locks(in.The(bucket, exportBucket), in.Config.UserExports.LockDays, "UserExport")
			if in.production() {
				in.The(bucket, exportBucket).At("ObjectLockConfiguration", "Rule", "DefaultRetention", "Days").Between(7, 35)
			}
			f := in.The(function, exportFunction)
			in.calledHourly(f, in.The(eventRule, exportRule))
			f.At("Role").Reads("${" + exportRole + ".Arn}")
			f.At("Environment", "Variables", "USER_POOL_ID").Reads(in.Only(userPool).Ref())
			f.At("Environment", "Variables", "EXPORTS_BUCKET").Reads("${" + exportBucket + "}")
			role := in.roleOf(exportRole)
			role.mayNotBut(permitted[exportRole], "cognito-idp:*")
			role.mayNot(slices.Concat(scans, []string{"s3:Get*", "s3:List*", "s3:Delete*", "s3:Bypass*"})...)
		},
	},
}
