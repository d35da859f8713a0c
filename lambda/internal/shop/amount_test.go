package shop_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/securecart/identity/lambda/internal/shop"
)

func TestAmountIsAWholeNumberOfMinorUnits(t *testing.T) {
	for _, minor := range []int64{0, 1, 1999, math.MaxInt64} {
		amount, valid := shop.StoredAmount(&minor, "EUR")
		if !valid || amount.Minor != minor || amount.Currency != "EUR" {
			t.Errorf("Stored(%d, EUR) = %v, %t", minor, amount, valid)
		}
	}
	got, err := json.Marshal(shop.Amount{Minor: 1999, Currency: "EUR"})
	if want := `{"amount":1999,"currency":"EUR"}`; err != nil || string(got) != want {
		t.Errorf("encoded as %s, %v; want %s", got, err, want)
	}
}

func TestAmountIsRefusedIfMissingNegativeOrWithoutACurrency(t *testing.T) {
	some, negative := int64(1), int64(-1)
	tests := map[string]struct {
		minor    *int64
		currency string
	}{
		"missing":              {nil, "EUR"},
		"negative":             {&negative, "EUR"},
		"no currency":          {&some, ""},
		"lower case":           {&some, "eur"},
		"a symbol":             {&some, "€"},
		"four letters":         {&some, "EURO"},
		"a line after it":      {&some, "EUR\n"},
		"letters of elsewhere": {&some, "ЕUR"},
	}
	for name, test := range tests {
		if amount, valid := shop.StoredAmount(test.minor, test.currency); valid {
			t.Errorf("%s: Stored(%v, %q) = %v, want it refused", name, test.minor, test.currency, amount)
		}
	}
}
