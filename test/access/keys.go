package access

// onKeys tries every key of the stage and one other key, directly and through services.
func (s *Subject) onKeys() []Attempt {
	keys := map[string]string{"Another key of the account": s.arn("kms", "key/11111111-2222-3333-4444-555555555555")}
	for arn, name := range s.keys {
		keys[name] = arn
	}
	cursor := func(purpose string) map[string]string {
		return map[string]string{"purpose": purpose, "customer": ownSub}
	}
	table := map[string]string{"aws:dynamodb:tableName": "Orders"}
	var all []Attempt
	for _, name := range sorted(keys) {
		l := list{group: name}
		l.each("kms", []target{
			{"directly", keys[name], s.direct(nil)},
			{"directly, as if for a table", keys[name], s.direct(table)},
			{"directly, for a cursor of orders", keys[name], s.direct(cursor("orders-cursor"))},
			{"directly, for another purpose", keys[name], s.direct(cursor("invoices-cursor"))},
			{"through DynamoDB", keys[name], s.through("dynamodb", table)},
			{"through S3", keys[name], s.through("s3", map[string]string{"aws:s3:arn": "arn:aws:s3:::bucket"})},
			{"through SNS", keys[name], s.through("sns", nil)},
			{"through Secrets Manager", keys[name], s.through("secretsmanager", nil)},
		}, nil, "Decrypt Encrypt GenerateDataKey ReEncryptFrom ReEncryptTo DescribeKey CreateGrant")
		l.each("kms", []target{{"the key", keys[name], s.direct(nil)}}, nil, "PutKeyPolicy DisableKey ScheduleKeyDeletion")
		all = append(all, l.all...)
	}
	return all
}

// through is a request to KMS that a service makes on behalf of its caller:
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func (s *Subject) through(service string, within map[string]string) map[string][]string {
	context := s.direct(within)
	context["kms:ViaService"] = []string{service + "." + s.Region + ".amazonaws.com"}
	return context
}

// direct is a request to KMS with an encryption context, if any:
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-encryption-context
func (s *Subject) direct(within map[string]string) map[string][]string {
	context := map[string][]string{"kms:CallerAccount": {s.Account}}
	for _, name := range sorted(within) {
		context["kms:EncryptionContext:"+name] = []string{within[name]}
		context["kms:EncryptionContextKeys"] = append(context["kms:EncryptionContextKeys"], name)
	}
	return context
}
