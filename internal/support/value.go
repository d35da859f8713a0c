package support

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// plain converts an item to JSON values, without rounding numbers.
func plain(of item) map[string]any {
	object := map[string]any{}
	for name, value := range of {
		object[name] = plainValue(value)
	}
	return object
}

func plainValue(value types.AttributeValue) any {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return json.Number(v.Value)
	case *types.AttributeValueMemberBOOL:
		return v.Value
	case *types.AttributeValueMemberB:
		return v.Value
	case *types.AttributeValueMemberM:
		return plain(v.Value)
	case *types.AttributeValueMemberL:
		list := []any{}
		for _, one := range v.Value {
			list = append(list, plainValue(one))
		}
		return list
	case *types.AttributeValueMemberSS:
		return v.Value
	case *types.AttributeValueMemberNS:
		list := []json.Number{}
		for _, one := range v.Value {
			list = append(list, json.Number(one))
		}
		return list
	case *types.AttributeValueMemberBS:
		return v.Value
	default:
		return nil
	}
}

// timeOf reads Unix seconds; nil if there are none.
func timeOf(value types.AttributeValue) *time.Time {
	number, ok := value.(*types.AttributeValueMemberN)
	if !ok {
		return nil
	}
	seconds, err := strconv.ParseInt(number.Value, 10, 64)
	if err != nil {
		return nil
	}
	at := time.Unix(seconds, 0).UTC()
	return &at
}
