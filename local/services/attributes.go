package services

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/securecart/identity/local/services/awsjson"
)

// expressions are the members of a request that are expressions, and their keywords. All keywords are reserved, so an
// attribute of that name must be written as a #name.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
var expressions = map[string][]string{
	"ProjectionExpression":   nil,
	"KeyConditionExpression": conditionWords,
	"FilterExpression":       conditionWords,
	"ConditionExpression":    conditionWords,
	"UpdateExpression":       {"SET", "REMOVE", "ADD", "DELETE"},
}

var conditionWords = []string{"AND", "OR", "NOT", "BETWEEN", "IN"}

// attributeMaps are the members whose keys are attributes; all but the first two are older than expressions.
var attributeMaps = []string{
	"Key", "Item", "KeyConditions", "QueryFilter", "ScanFilter", "Expected", "AttributeUpdates",
}

// attributesOf returns the top-level attributes that a request names, sorted. An ambiguous request is refused: the
// engine might find an attribute in it that was not authorized.
func attributesOf(request map[string]any) ([]string, error) {
	names, _ := request["ExpressionAttributeNames"].(map[string]any)
	found := map[string]bool{}
	for member, words := range expressions {
		value, there := request[member]
		text, isText := value.(string)
		switch {
		case !there || value == nil:
			continue
		case !isText || len(text) > maxExpression:
			return nil, awsjson.Refuse("ValidationException", "Invalid %s: want a string of at most %d bytes.",
				member, maxExpression)
		}
		if !attributesIn(expressionTokens(text), words, names, found) {
			return nil, awsjson.Refuse("ValidationException", "Invalid %s: %s", member, text)
		}
	}
	for _, member := range attributeMaps {
		of, _ := request[member].(map[string]any)
		for name := range of {
			found[name] = true
		}
	}
	list, _ := request["AttributesToGet"].([]any)
	for _, element := range list {
		name, isText := element.(string)
		if !isText {
			return nil, awsjson.Refuse("ValidationException", "Invalid AttributesToGet: want a list of names.")
		}
		found[name] = true
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// attributesIn adds the attributes of an expression to found. It returns false if the expression has an invalid token
// or an undefined #name. Names after a dot or in brackets are inside an attribute.
func attributesIn(tokens, words []string, names map[string]any, found map[string]bool) bool {
	before := ""
	for i, token := range tokens {
		reserved := func(w string) bool { return strings.EqualFold(w, token) }
		within := before == "." || before == "["
		before = token
		switch {
		case token == "":
			return false
		case strings.HasPrefix(token, "#"):
			name, ok := names[token].(string)
			if !ok {
				return false
			}
			if !within {
				found[name] = true
			}
		case within, !word.MatchString(token), slices.ContainsFunc(words, reserved):
		case i+1 < len(tokens) && tokens[i+1] == "(": // a function
		default:
			found[token] = true
		}
	}
	return true
}

var (
	expressionToken = regexp.MustCompile(`^\s*([#:]?[A-Za-z0-9_]+|<=|>=|<>|[=<>(),.+\[\]-])`)
	word            = regexp.MustCompile(`^[A-Za-z0-9_]+$`)
)

// expressionTokens splits text into tokens. If text holds an invalid token, the last one is empty and fits nowhere.
func expressionTokens(text string) []string {
	var tokens []string
	for strings.TrimSpace(text) != "" {
		match := expressionToken.FindStringSubmatch(text)
		if match == nil {
			return append(tokens, "")
		}
		tokens = append(tokens, match[1])
		text = text[len(match[0]):]
	}
	return tokens
}

// returned sets a need's attributes from the request, which for batches is a part of the call's body.
//
// A read without named attributes returns all of them: the key dynamodb:Attributes is then absent. Of dynamodb:Select
// the guide says that it "always has a value (ALL_ATTRIBUTES, unless otherwise specified)" in reads, of
// dynamodb:ReturnValues that it is "NONE unless otherwise specified" in writes:
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
func (n *need) returned(operation string, request map[string]any) error {
	named, err := attributesOf(request)
	if err != nil {
		return err
	}
	switch operation {
	case "PutItem", "UpdateItem", "DeleteItem":
		n.attributes = named
		n.returnValues, err = choice(request, "ReturnValues", "NONE")
		return err
	case "BatchWriteItem":
		n.attributes = named
		return nil
	}
	chosen, _ := request["ProjectionExpression"].(string)
	list, _ := request["AttributesToGet"].([]any)
	usual := "ALL_ATTRIBUTES"
	switch {
	case chosen != "" || len(list) > 0:
		usual = "SPECIFIC_ATTRIBUTES"
	case request["IndexName"] != nil:
		// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html#DDB-Query-request-Select
		usual = "ALL_PROJECTED_ATTRIBUTES"
	}
	n.selected = usual
	if operation == "Query" || operation == "Scan" {
		if n.selected, err = choice(request, "Select", usual); err != nil {
			return err
		}
	}
	if usual == "SPECIFIC_ATTRIBUTES" || n.selected == "COUNT" {
		n.attributes = named
	}
	return nil
}

// choice is a member of the request that is one of some texts, or the default without it.
func choice(request map[string]any, member, usual string) (string, error) {
	value, there := request[member]
	if !there || value == nil {
		return usual, nil
	}
	text, isText := value.(string)
	if !isText || text == "" {
		return "", awsjson.Refuse("ValidationException", "%s must be a string.", member)
	}
	return text, nil
}
