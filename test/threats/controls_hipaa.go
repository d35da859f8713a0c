package threats

// hipaaControls are the standards and implementation specifications of the technical safeguards.
var hipaaControls = []Control{
	metHere(HIPAA, "(a)(1)", "Access control: only those who were granted access", "", "A1", "A16", "I2", "I6"),
	metHere(HIPAA, "(a)(2)(i)", "Unique user identification", "The sub.", "U3", "A16"),
	operators(HIPAA, "(a)(2)(ii)", "Emergency access procedure", ""),
	partly(HIPAA, "(a)(2)(iii)", "Automatic logoff",
		"Tokens expire after an hour at most, sessions after a day; the front end decides when an idle page signs out.",
		"U11", "U13"),
	metHere(HIPAA, "(a)(2)(iv)", "Encryption and decryption", "Tables and documents with keys of the stage's own.",
		"A18", "A23"),
	partly(HIPAA, "(b)", "Audit controls: record and examine activity",
		"Activity is recorded. Operators must examine it, and set up CloudTrail.", "A12", "U35", "A18"),
	metHere(HIPAA, "(c)(1)", "Integrity: protect from improper alteration or destruction",
		"Versions, recovery to any second of the last 35 days, and limits on writers.", "A18", "I4", "I6"),
	operators(HIPAA, "(c)(2)", "Mechanism to authenticate data",
		"DynamoDB and S3 verify stored data; any further proof is the application's."),
	metHere(HIPAA, "(d)", "Person or entity authentication", "", "A1", "U10", "U16", "U17"),
	metHere(HIPAA, "(e)(1)", "Transmission security", "", "A13", "A18"),
	metHere(HIPAA, "(e)(2)(i)", "Integrity controls in transmission", "TLS, everywhere.", "A13", "A18"),
	partly(HIPAA, "(e)(2)(ii)", "Encryption in transmission",
		"TLS 1.2 and later. A login domain by prefix, in stages without customers, accepts the versions that AWS has set.",
		"A13", "A18", "A25"),
}
