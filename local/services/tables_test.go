package services_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/securecart/identity/internal/deployed"
	"github.com/securecart/identity/internal/deployed/stagetest"
	"github.com/securecart/identity/local/localtest/must"
	"github.com/securecart/identity/local/services"
)

// holdTables makes this test binary a program that starts the tables and waits to be killed.
const holdTables = "SERVICES_TEST_HOLD_TABLES"

func TestMain(m *testing.M) {
	if os.Getenv(holdTables) == "" {
		os.Exit(m.Run())
	}
	s, err := reviewed()
	if err == nil {
		var tables *services.Tables
		if tables, err = services.StartTables(context.Background(), s, root, os.Stderr); err == nil {
			fmt.Println(tables.URL())
			select {}
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// TestEngineEndsWithTheProcessThatStartedIt kills that process.
func TestEngineEndsWithTheProcessThatStartedIt(t *testing.T) {
	t.Parallel()
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), holdTables+"=1")
	program.Stderr = os.Stderr
	output := must.Get(program.StdoutPipe())(t)
	must.Do(t, program.Start())
	url := must.Get(bufio.NewReader(output).ReadString('\n'))(t)
	address := strings.TrimPrefix(strings.TrimSpace(url), "http://")
	if !listens(address) {
		t.Fatalf("nothing listens at %s, so this test proves nothing", address)
	}
	must.Do(t, program.Process.Kill())
	_ = program.Wait() // it was killed
	wantSilence(t, address)
}

func TestClosedTablesAreGone(t *testing.T) {
	t.Parallel()
	tables := must.Get(services.StartTables(t.Context(), must.Get(reviewed())(t), root, os.Stderr))(t)
	select {
	case <-tables.Ended():
		t.Fatal("the engine ended by itself")
	default:
	}
	tables.Close()
	<-tables.Ended()
	wantSilence(t, strings.TrimPrefix(tables.URL(), "http://"))
	tables.Close()
}

func listens(address string) bool {
	connection, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	_ = connection.Close()
	return true
}

func wantSilence(t *testing.T, address string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); listens(address); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("something still listens at %s", address)
		}
	}
}

// TestCatalogueIsWhatTheFunctionsRead reads it with the role of the function that shows it.
func TestCatalogueIsWhatTheFunctionsRead(t *testing.T) {
	s := serve(t)
	page := must.Get(s.function(t, "Catalog").tables.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String(s.table(t, "Products")), IndexName: aws.String("forSale"),
		KeyConditionExpression: aws.String("shelf = :s"), ExpressionAttributeValues: item{":s": text("for-sale")},
	}))(t)
	// See lambda/catalog/product.go.
	name, category := regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`), regexp.MustCompile(`^[a-z0-9-]{1,64}$`)
	var categories []string
	for _, stored := range page.Items {
		var p struct {
			SKU         string   `dynamodbav:"sku"`
			Name        string   `dynamodbav:"name"`
			Description string   `dynamodbav:"description"`
			Category    string   `dynamodbav:"category"`
			CategorySKU string   `dynamodbav:"categorySku"`
			PriceMinor  *int64   `dynamodbav:"priceMinor"`
			Currency    string   `dynamodbav:"currency"`
			Pictures    []string `dynamodbav:"pictures"`
		}
		must.Do(t, attributevalue.UnmarshalMap(stored, &p))
		if !name.MatchString(p.SKU) || p.Name == "" || p.Description == "" || !category.MatchString(p.Category) ||
			p.CategorySKU != p.Category+"#"+p.SKU || p.PriceMinor == nil || *p.PriceMinor < 1 || p.Currency != "EUR" {
			t.Errorf("the function could not read %+v", p)
		}
		if want := []string{"products/" + p.SKU + ".svg"}; !slices.Equal(p.Pictures, want) {
			t.Errorf("pictures of %s: %q, want %q", p.SKU, p.Pictures, want)
		}
		categories = append(categories, p.Category)
	}
	slices.Sort(categories)
	if categories = slices.Compact(categories); len(page.Items) != 11 || len(categories) < 3 {
		t.Errorf("%d products for sale in %v, want 11 in at least three categories", len(page.Items), categories)
	}
	got, err := s.function(t, "Orders").tables.BatchGetItem(t.Context(), priceOf(s.table(t, "Products"), "TENT-2020"))
	if err != nil || len(got.Responses[s.table(t, "Products")]) != 1 {
		t.Errorf("what is not for sale: %v, %v; want it in the table", got, err)
	}
}

func TestTablesThatCannotStartSayWhy(t *testing.T) {
	t.Parallel()
	withoutProducts := stagetest.Dev(t)
	for arn, function := range withoutProducts.Functions {
		function.Environment.Variables = nil
		withoutProducts.Functions[arn] = function
	}
	keyless := stagetest.Dev(t)
	for arn, table := range keyless.Tables {
		table.KeySchema = nil
		keyless.Tables[arn] = table
	}
	for says, test := range map[string]struct {
		stage *deployed.Stage
		root  string
	}{
		"run make tools":             {keyless, t.TempDir()},
		"known as PRODUCTS_TABLE":    {withoutProducts, root},
		"create table SecureCart-De": {keyless, root},
	} {
		if _, err := services.StartTables(t.Context(), test.stage, test.root, os.Stderr); err == nil ||
			!strings.Contains(err.Error(), strings.TrimPrefix(says, "known ")) {
			t.Errorf("got %v, want %q in it", err, says)
		}
	}
	keyless.Keys = nil
	if _, err := services.NewDynamoDB(keyless, nil, ""); err == nil ||
		!strings.Contains(err.Error(), "is no key of the stage") {
		t.Errorf("tables whose key is not there: %v", err)
	}
}
