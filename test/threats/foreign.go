package threats

import (
	"maps"
	"slices"
)

// foreignText is a text that no template contains and no service accepts as a value.
const foreignText = "another"

// opposites are the weaker values of settings for which AWS, or a looser check, would refuse a foreign text.
var opposites = map[string]string{
	"ACTIVE": "INACTIVE", "Allow": "Deny", "BLOCK": "NO_ACTION", "Deny": "Allow", "ENABLED": "DISABLED",
	"ENFORCED": "AUDIT",
	"Enabled":  "Suspended", "ON": "OFF", "OPTIONAL": "OFF", "PLUS": "ESSENTIALS", "COGNITO_USER_POOLS": "NONE",
	"AWS_IAM": "NONE", "required": "preferred",
}

// opposite is the weaker setting, or a foreign text.
func opposite(text string) string {
	if weaker, known := opposites[text]; known {
		return weaker
	}
	return foreignText
}

// foreign is a new element for a list: a statement that allows everything, or a copy of the first element with another
// first text or reference.
func foreign(path []any, list []any) any {
	if path[len(path)-1] == "Statement" {
		return map[string]any{"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}
	}
	if len(list) == 0 {
		return foreignText
	}
	first, isObject := list[0].(map[string]any)
	if !isObject || refers(first) {
		return foreignText
	}
	object := maps.Clone(first)
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if _, isText := object[key].(string); isText || refers(object[key]) {
			object[key] = foreignText
			break
		}
	}
	return object
}
