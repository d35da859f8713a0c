package services

import (
	"regexp"
	"strings"

	"github.com/securecart/identity/local/services/awsjson"
)

// maxExpression is DynamoDB's limit, too:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
const maxExpression = 4096

// queriedKey returns the value of the partition key in a query. DynamoDB runs no query without one, so a condition
// without a recognized value is refused: the engine might read a key in it that was not authorized.
func queriedKey(body map[string]any, attribute string) (any, error) {
	legacy, _ := body["KeyConditions"].(map[string]any)
	text, isExpression := body["KeyConditionExpression"].(string)
	if isExpression == (legacy != nil) {
		return nil, awsjson.Refuse("ValidationException",
			"Either KeyConditionExpression or KeyConditions must be specified, and not both.")
	}
	if len(text) > maxExpression {
		return nil, awsjson.Refuse("ValidationException", "Invalid KeyConditionExpression: it has more than %d bytes.",
			maxExpression)
	}
	var value any
	if isExpression {
		names, _ := body["ExpressionAttributeNames"].(map[string]any)
		values, _ := body["ExpressionAttributeValues"].(map[string]any)
		p := &keyCondition{tokens: expressionTokens(text), names: names, values: values, equal: map[string]any{}}
		p.all()
		if p.failed || len(p.tokens) > 0 {
			return nil, awsjson.Refuse("ValidationException", "Invalid KeyConditionExpression: %s", text)
		}
		value = p.equal[attribute]
	} else {
		condition, _ := legacy[attribute].(map[string]any)
		if list, _ := condition["AttributeValueList"].([]any); condition["ComparisonOperator"] == "EQ" && len(list) == 1 {
			value = list[0]
		}
	}
	if value == nil {
		return nil, awsjson.Refuse("ValidationException", "Query condition missed key schema element: %s", attribute)
	}
	return value, nil
}

// keyCondition reads a KeyConditionExpression:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
type keyCondition struct {
	// tokens are those not read yet.
	tokens        []string
	names, values map[string]any
	// equal are the values that attributes must be equal to.
	equal  map[string]any
	failed bool
}

var attributeName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// all reads conditions that are joined by AND.
func (p *keyCondition) all() {
	p.one()
	for p.accept("AND") {
		p.one()
	}
}

// one reads a comparison, BETWEEN or begins_with, in any number of parentheses.
func (p *keyCondition) one() {
	switch {
	case p.failed:
	case p.accept("("):
		p.all()
		p.expect(")")
	case len(p.tokens) > 1 && p.tokens[0] == "begins_with" && p.tokens[1] == "(":
		p.tokens = p.tokens[2:]
		p.path()
		p.expect(",")
		p.value()
		p.expect(")")
	default:
		p.comparison()
	}
}

func (p *keyCondition) comparison() {
	name := p.path()
	switch operator := strings.ToUpper(p.next()); operator {
	case "BETWEEN":
		p.value()
		p.expect("AND")
		p.value()
	case "=":
		if _, twice := p.equal[name]; twice {
			p.failed = true
		}
		p.equal[name] = p.value()
	case "<", "<=", ">", ">=":
		p.value()
	default:
		p.failed = true
	}
}

// path is an attribute's name, or its #name.
func (p *keyCondition) path() string {
	token := p.next()
	if strings.HasPrefix(token, "#") {
		name, ok := p.names[token].(string)
		p.failed = p.failed || !ok
		return name
	}
	p.failed = p.failed || !attributeName.MatchString(token)
	return token
}

func (p *keyCondition) value() any {
	token := p.next()
	value, ok := p.values[token]
	p.failed = p.failed || !ok || !strings.HasPrefix(token, ":")
	return value
}

func (p *keyCondition) next() string {
	if len(p.tokens) == 0 {
		p.failed = true
		return ""
	}
	token := p.tokens[0]
	p.tokens = p.tokens[1:]
	return token
}

// accept reads the token if it is the next one. Keywords may be in any letter case.
func (p *keyCondition) accept(token string) bool {
	if p.failed || len(p.tokens) == 0 || !strings.EqualFold(p.tokens[0], token) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *keyCondition) expect(token string) {
	if !p.accept(token) {
		p.failed = true
	}
}
