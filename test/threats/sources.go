package threats

// Where attacks, and the behaviour of AWS behind them, are described. Repositories are named at the commit that was
// read.
const (
	cloudGoat      = "RhinoSecurityLabs/cloudgoat@a55b7bb scenarios/vulnerable_cognito/"
	pacuAttack     = "RhinoSecurityLabs/pacu@0805deb pacu/modules/cognito__attack/main.py"
	cognitoScanner = "padok-team/cognito-scanner@2ca3c52 scanner/scanner.py"

	// hackTricks is HackTricks-wiki/hacktricks-cloud at 2beb839, if no other commit is named.
	hackTricks         = "HackTricks-wiki/hacktricks-cloud src/pentesting-cloud/aws-security/"
	hackUserPools      = hackTricks + "aws-services/aws-cognito-enum/cognito-user-pools.md"
	hackIdentityPools  = hackTricks + "aws-services/aws-cognito-enum/cognito-identity-pools.md"
	hackPrivesc        = hackTricks + "aws-privilege-escalation/aws-cognito-privesc/README.md"
	hackPersistence    = hackTricks + "aws-persistence/aws-cognito-persistence/README.md"
	hackUserPrivesc    = hackTricks + "aws-privilege-escalation/aws-cognito-user-pools-privesc/README.md"
	hackGateway        = hackTricks + "aws-post-exploitation/aws-api-gateway-post-exploitation.md"
	oauthBCP           = "RFC 9700, Best Current Practice for OAuth 2.0 Security"
	cdkDefaults        = "defaults of aws-cdk-lib 2.270.0, as synthesized"
	riancho            = "Riancho 2019, Internet-Scale analysis of AWS Cognito Security"
	bypassEnumeration  = "hackingthe.cloud/aws/enumeration/bypass_cognito_user_enumeration_controls"
	amplify804         = "github.com/aws-amplify/amplify-js/issues/804"
	amplify3390        = "github.com/aws-amplify/amplify-js/issues/3390"
	truesec            = "truesec.com/hub/blog/aws-cognito-token-security-one-step-closer"
	beDefended         = "newsroom.bedefended.com/secure-aws-cognito-configuration"
	oxn3va             = "0xn3va.gitbook.io/cheat-sheets/cloud/aws/amazon-cognito"
	kics               = "docs.kics.io/latest/queries/"
	checkov            = "bridgecrewio/checkov, CloudFormation checks"
	cdkNag             = "cdklabs/cdk-nag, pack AwsSolutions"
	securityHub        = "https://docs.aws.amazon.com/securityhub/latest/userguide/"
	cognitoGuide       = "https://docs.aws.amazon.com/cognito/latest/developerguide/"
	cognitoAPI         = "https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/"
	gatewayGuide       = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
	tokenTriggerGuide  = cognitoGuide + "user-pool-lambda-pre-token-generation.html"
	mfaGuide           = cognitoGuide + "user-pool-settings-mfa.html"
	identityPractices  = cognitoGuide + "identity-pools-security-best-practices.html"
	userPoolAuthorizer = gatewayGuide + "apigateway-enable-cognito-user-pool.html"
	clientAPI          = cognitoAPI + "API_UserPoolClientType.html"
)
