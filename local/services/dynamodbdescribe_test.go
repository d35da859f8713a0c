package services_test

import (
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/securecart/identity/local/localtest/must"
)

func TestOperatorsSeeTablesAsTheTemplateHasThem(t *testing.T) {
	s := serve(t)
	operator, customer := s.staff(t, "operator"), s.customer(t, alice)
	var names []string
	for arn, table := range s.stage.Tables {
		names = append(names, table.Name)
		name := &dynamodb.DescribeTableInput{TableName: aws.String(table.Name)}
		answer := must.Get(operator.tables.DescribeTable(t.Context(), name))(t)
		got := answer.Table
		if *got.TableArn != arn || got.TableStatus != types.TableStatusActive || *got.DeletionProtectionEnabled ||
			string(got.BillingModeSummary.BillingMode) != table.BillingMode || len(got.KeySchema) != len(table.KeySchema) {
			t.Errorf("%s is described as %+v", table.Name, got)
		}
		if key := table.SSESpecification.KMSMasterKeyID; key != "" && *got.SSEDescription.KMSMasterKeyArn != key {
			t.Errorf("%s is described with %+v", table.Name, got.SSEDescription)
		}
		for _, index := range got.GlobalSecondaryIndexes {
			if *index.IndexArn != arn+"/index/"+*index.IndexName {
				t.Errorf("%s has the index %s", table.Name, *index.IndexArn)
			}
		}
		_, err := customer.tables.DescribeTable(t.Context(), name)
		want(t, "a customer describes "+table.Name, err, denied)
	}
	slices.Sort(names)
	listed, err := operator.tables.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if diff := cmp.Diff(names, listed.TableNames); diff != "" || err != nil {
		t.Errorf("tables (-template +listed): %v\n%s", err, diff)
	}
	_, err = customer.tables.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	want(t, "a customer lists tables", err, denied)
}
