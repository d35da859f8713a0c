package shop_test

import (
	"strings"
	"testing"

	"github.com/securecart/identity/lambda/internal/shop"
)

func TestSKUIsWhatTheRuleSays(t *testing.T) {
	for text, want := range map[string]bool{
		"m": true, "mug-blue": true, "Mug_2.b": true, strings.Repeat("m", 64): true,
		"": false, strings.Repeat("m", 65): false, "mug blue": false, "mug#blue": false, "mug/blue": false,
		"mug-blue\n": false, "müg": false,
	} {
		if got := shop.IsSKU(text); got != want {
			t.Errorf("IsSKU(%q) = %t, but a sku is %s", text, got, shop.SKURule)
		}
	}
}
