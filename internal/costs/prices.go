package costs

// Price is what AWS charges for a unit.
type Price struct {
	// What is charged for, such as "KMS key".
	What string
	// USD is the price of Per units, in US dollars and without tax. It means nothing if Unknown.
	USD float64
	// Per is how many units USD buys.
	Per float64
	// Unit is one of them, such as "key a month".
	Unit string
	// Free is how many units a month cost nothing, of the whole account and for good. 0 if there are none.
	Free float64
	// Region is the one that the price was found for, or "every Region".
	Region string
	// AsOf is the date of the list or page that the price was found in: AWS's own, or that of a report about it.
	AsOf string
	// Source is AWS's page or price list.
	Source string
	// Unknown says that no price was found. What is used is counted, and not part of any sum.
	Unknown bool
}

// The Regions that prices were found for. Stages are in Frankfurt.
const (
	frankfurt = "eu-central-1"
	virginia  = "us-east-1"
	every     = "every Region"
)

// The addresses of AWS's price list, for each service and Region.
const (
	list    = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/"
	current = "/current/eu-central-1/index.json"
)

const million = 1e6

var (
	essentialsMAU = &Price{
		What: "monthly active user, plan Essentials", USD: 0.015, Per: 1, Unit: "users", Free: 10_000,
		Region: virginia, AsOf: "2026-09-20", Source: "https://aws.amazon.com/cognito/pricing/",
	}
	plusMAU = &Price{
		What: "monthly active user, plan Plus", USD: 0.02, Per: 1, Unit: "users",
		Region: virginia, AsOf: "2026-09-20", Source: "https://aws.amazon.com/cognito/pricing/",
	}
	federatedMAU = &Price{
		What: "monthly active user of an OIDC or SAML provider", USD: 0.015, Per: 1, Unit: "users", Free: 50,
		Region: virginia, AsOf: "2026-09-20", Source: "https://aws.amazon.com/cognito/pricing/",
	}
	// New accounts are on SES's plan Essentials since July 2026; older ones pay 0.10.
	email = &Price{
		What: "e-mail by SES, plan Essentials", USD: 0.16, Per: 1000, Unit: "mails",
		Region: virginia, AsOf: "2026-07-22", Source: list + "AmazonSES/current/us-east-1/index.json",
	}
	sms = &Price{
		What: "SMS", Per: 1, Unit: "messages", Unknown: true,
		Region: every, AsOf: "2026-11-29", Source: "https://aws.amazon.com/end-user-messaging/pricing/",
	}

	apiCall = &Price{
		What: "request to the REST API", USD: 3.70, Per: million, Unit: "requests",
		Region: frankfurt, AsOf: "2026-08-12", Source: list + "AmazonApiGateway" + current,
	}
	lambdaRun = &Price{
		What: "run of a function", USD: 0.20, Per: million, Unit: "runs", Free: million,
		Region: frankfurt, AsOf: "2026-08-12", Source: list + "AWSLambda" + current,
	}
	lambdaTime = &Price{
		What: "running time of functions, arm64", USD: 0.0000133334, Per: 1, Unit: "GB-seconds", Free: 400_000,
		Region: frankfurt, AsOf: "2026-09-11", Source: list + "AWSLambda" + current,
	}

	tableWrite = &Price{
		What: "write request unit, on demand", USD: 0.7625, Per: million, Unit: "units",
		Region: frankfurt, AsOf: "2026-08-15", Source: list + "AmazonDynamoDB" + current,
	}
	tableRead = &Price{
		What: "read request unit, on demand", USD: 0.1525, Per: million, Unit: "units",
		Region: frankfurt, AsOf: "2026-08-15", Source: list + "AmazonDynamoDB" + current,
	}
	tableStorage = &Price{
		What: "data in tables", USD: 0.306, Per: 1, Unit: "GB", Free: 25,
		Region: frankfurt, AsOf: "2026-08-15", Source: list + "AmazonDynamoDB" + current,
	}
	tableRecovery = &Price{
		What: "point-in-time recovery of tables", USD: 0.2448, Per: 1, Unit: "GB",
		Region: frankfurt, AsOf: "2026-08-15", Source: list + "AmazonDynamoDB" + current,
	}

	bucketStorage = &Price{
		What: "objects in buckets", USD: 0.0245, Per: 1, Unit: "GB",
		Region: frankfurt, AsOf: "2026-08-07", Source: list + "AmazonS3" + current,
	}
	bucketRead = &Price{
		What: "GET of an object", USD: 0.00043, Per: 1000, Unit: "requests",
		Region: frankfurt, AsOf: "2026-08-07", Source: list + "AmazonS3" + current,
	}
	bucketWrite = &Price{
		What: "PUT of an object", USD: 0.0054, Per: 1000, Unit: "requests",
		Region: frankfurt, AsOf: "2026-08-31", Source: list + "AmazonS3" + current,
	}
	transfer = &Price{
		What: "data to the internet", USD: 0.09, Per: 1, Unit: "GB", Free: 100,
		Region: frankfurt, AsOf: "2026-07-20", Source: list + "AWSDataTransfer" + current,
	}

	key = &Price{
		What: "KMS key, in its first year", USD: 1, Per: 1, Unit: "keys",
		Region: every, AsOf: "2026-03-14", Source: "https://aws.amazon.com/kms/pricing/",
	}
	keyCall = &Price{
		What: "request to KMS", USD: 0.03, Per: 10_000, Unit: "requests", Free: 20_000,
		Region: every, AsOf: "2026-03-14", Source: "https://aws.amazon.com/kms/pricing/",
	}
	secret = &Price{
		What: "secret of a provider", USD: 0.40, Per: 1, Unit: "secrets",
		Region: virginia, AsOf: "2026-09-20", Source: "https://aws.amazon.com/secrets-manager/pricing/",
	}

	webACL = &Price{
		What: "web ACL", USD: 5, Per: 1, Unit: "web ACLs",
		Region: every, AsOf: "2026-06-18", Source: "https://aws.amazon.com/waf/pricing/",
	}
	webACLRule = &Price{
		What: "rule or managed rule group of a web ACL", USD: 1, Per: 1, Unit: "rules",
		Region: every, AsOf: "2026-06-18", Source: "https://aws.amazon.com/waf/pricing/",
	}
	webACLCall = &Price{
		What: "request that a web ACL judges", USD: 0.60, Per: million, Unit: "requests",
		Region: every, AsOf: "2026-06-18", Source: "https://aws.amazon.com/waf/pricing/",
	}

	alarmMetric = &Price{
		What: "metric that an alarm watches", USD: 0.10, Per: 1, Unit: "metrics", Free: 10,
		Region: frankfurt, AsOf: "2026-08-06", Source: list + "AmazonCloudWatch" + current,
	}
	compositeAlarm = &Price{
		What: "composite alarm", USD: 0.50, Per: 1, Unit: "alarms",
		Region: frankfurt, AsOf: "2026-08-06", Source: list + "AmazonCloudWatch" + current,
	}
	// The three free dashboards of an account may show 50 metrics each. A stage's shows more.
	dashboard = &Price{
		What: "dashboard of more than 50 metrics", USD: 3, Per: 1, Unit: "dashboards",
		Region: frankfurt, AsOf: "2026-05-05", Source: "https://aws.amazon.com/cloudwatch/pricing/",
	}
	customMetric = &Price{
		What: "metric of a log filter, or of one method of the API", USD: 0.30, Per: 1, Unit: "metrics", Free: 10,
		Region: frankfurt, AsOf: "2026-08-06", Source: list + "AmazonCloudWatch" + current,
	}
	logs = &Price{
		What: "logs taken in", USD: 0.63, Per: 1, Unit: "GB", Free: 5,
		Region: frankfurt, AsOf: "2026-08-06", Source: list + "AmazonCloudWatch" + current,
	}
	logStorage = &Price{
		What: "logs kept, compressed", USD: 0.0324, Per: 1, Unit: "GB",
		Region: frankfurt, AsOf: "2026-08-06", Source: list + "AmazonCloudWatch" + current,
	}
	trace = &Price{
		What: "trace recorded by X-Ray", USD: 5, Per: million, Unit: "traces", Free: 100_000,
		Region: virginia, AsOf: "2026-11-29", Source: "https://aws.amazon.com/xray/pricing/",
	}
)

// Prices are all of them, in the order of the page. A price that is not here is on no page, and a test fails.
var Prices = []*Price{
	essentialsMAU, plusMAU, federatedMAU, email, sms,
	apiCall, lambdaRun, lambdaTime,
	tableWrite, tableRead, tableStorage, tableRecovery,
	bucketStorage, bucketRead, bucketWrite, transfer,
	key, keyCall, secret,
	webACL, webACLRule, webACLCall,
	alarmMetric, compositeAlarm, dashboard, customMetric, logs, logStorage, trace,
}
