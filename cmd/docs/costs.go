package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/securecart/identity/config"
	"github.com/securecart/identity/internal/assembly"
	"github.com/securecart/identity/internal/costs"
)

// perMonth is how many monthly active users the page is about.
const perMonth = 10_000

// shopping are the numbers of people that the page compares with limits.
var shopping = []float64{1_000, 10_000, 100_000}

// costsPage returns docs/costs.md: what each stage costs by its config, its templates and the table of prices.
func costsPage(root string) (string, error) {
	var stages []costs.Stage
	for _, cfg := range config.Stages() {
		from, err := synthesizedOf(root, cfg)
		if err != nil {
			return "", err
		}
		stages = append(stages, costs.Stage{Config: cfg, Synthesized: from})
	}
	var d document
	d.title("What a stage costs, and how many can shop")
	d.wrapped("Prices are list prices in US dollars, without tax. They were read in stored copies of AWS's " +
		"price list and pages, or in reports about them: [Prices](#prices) has the date, the Region and " +
		"the source of each. Parts are counted in the templates. What customers do is assumed: " +
		"[Assumptions](#assumptions). Nothing here was compared with a bill. In brackets is the number of " +
		"units.")
	if err := costsAtRest(&d, stages); err != nil {
		return "", err
	}
	costsInUse(&d, stages)
	saturation(&d, stages)
	costsSources(&d)
	return d.String(), nil
}

func costsAtRest(d *document, stages []costs.Stage) error {
	d.heading("At rest")
	d.wrapped("A month in which nobody uses the stage. What is free each month is the account's, for all stages " +
		"and all else in it: \"at least\" is the sum if this stage has it alone. The budget is " +
		"`Alarms.Budget` of the config; a test fails if it is not above the cost at rest.")
	var bills []costs.Bill
	for _, stage := range stages {
		bill, err := stage.Rest()
		if err != nil {
			return err
		}
		bills = append(bills, bill)
	}
	d.table(append([]string{"part"}, heads(stages)...), append(billRows(bills), budgetRow(stages)))
	d.wrapped("Keys rotate every year. By AWS's page the first and the second rotation add a dollar a month each to a " +
		"key, and later ones nothing.")
	return nil
}

func costsInUse(d *document, stages []costs.Stage) {
	d.heading(fmt.Sprintf("Per %s monthly users", number(perMonth)))
	d.wrapped("What comes on top in a month with so many active users. The logs of web ACLs and of Cognito, " +
		"which AWS calls vended, are counted as other logs: a price of their own was not found.")
	var bills []costs.Bill
	for _, stage := range stages {
		bills = append(bills, stage.Usage(perMonth))
	}
	d.table(append([]string{"part"}, heads(stages)...), billRows(bills))
	for i, bill := range bills {
		for _, line := range bill {
			if line.Price.Unknown {
				d.wrapped("%s sends %s SMS by these assumptions. The price of one depends on the country and was not found; "+
					"it is in no sum. See %s, and keep `Alarms.SMSSpendUSD` and AWS's spending limit low.",
					stages[i].Config.Name, number(line.Quantity), line.Price.Source)
			}
		}
	}
}

func heads(stages []costs.Stage) []string {
	var names []string
	for _, stage := range stages {
		names = append(names, stage.Config.Name)
	}
	return names
}

// billRows has a row for each price that a bill mentions, and the sums.
func billRows(bills []costs.Bill) [][]string {
	var rows [][]string
	for _, price := range costs.Prices {
		row, mentioned := []string{price.What}, false
		for _, bill := range bills {
			i := slices.IndexFunc(bill, func(line costs.Line) bool { return line.Price == price })
			if i < 0 {
				row = append(row, "–")
				continue
			}
			mentioned = true
			amount := dollars(bill[i].USD)
			if price.Unknown {
				amount = "not found"
			}
			row = append(row, amount+" ("+number(bill[i].Quantity)+")")
		}
		if mentioned {
			rows = append(rows, row)
		}
	}
	sum, least := []string{"**all**"}, []string{"at least"}
	for _, bill := range bills {
		sum, least = append(sum, "**"+dollars(bill.USD())+"**"), append(least, dollars(bill.Least()))
	}
	return append(rows, sum, least)
}

func budgetRow(stages []costs.Stage) []string {
	row := []string{"the budget"}
	for _, stage := range stages {
		row = append(row, dollars(float64(stage.Config.Alarms.Budget.MonthlyUSD)))
	}
	return row
}

func costsSources(d *document) {
	d.heading("Prices")
	d.wrapped("The date is that of the list or the report; where a page bears none, the day on which its copy " +
		"was read. The prices of web ACLs, keys and dashboards are the same in every Region.")
	var rows [][]string
	for _, price := range costs.Prices {
		amount := "$" + strconv.FormatFloat(price.USD, 'f', -1, 64) + " for " + number(price.Per) + " " + price.Unit
		switch {
		case price.Unknown:
			amount = "not found"
		case price.Per == 1:
			amount = "$" + strconv.FormatFloat(price.USD, 'f', -1, 64) + " " + withArticle(strings.TrimSuffix(price.Unit, "s"))
		}
		free := "–"
		if price.Free > 0 {
			free = number(price.Free) + " " + price.Unit
		}
		rows = append(rows, []string{price.What, amount, free, price.Region, price.AsOf, price.Source})
	}
	d.table([]string{"what", "price", "free each month", "Region", "as of", "source"}, rows)

	d.heading("Assumptions")
	d.wrapped("For each monthly user, for each request, and last for each person who shops at the moment. They " +
		"are in internal/costs/assumptions.go.")
	rows = nil
	for _, a := range costs.Assumptions {
		rows = append(rows, []string{a.What, strconv.FormatFloat(a.Value, 'f', -1, 64), a.Why})
	}
	d.table([]string{"what", "value", "why"}, rows)

	d.heading("Resource types that cost nothing at rest")
	kinds := costs.Kinds()
	rows = nil
	for _, typ := range slices.Sorted(maps.Keys(kinds)) {
		rows = append(rows, []string{typ, kinds[typ][0], kinds[typ][1]})
	}
	d.table([]string{"type", "what is charged, or what it belongs to", "source"}, rows)
}

func dollars(usd float64) string {
	if usd > 0 && usd < 0.005 {
		return "under $0.01"
	}
	return "$" + strconv.FormatFloat(usd, 'f', 2, 64)
}

func perSecond(value float64) string {
	if value < 1 {
		return strconv.FormatFloat(value, 'f', 4, 64)
	}
	return number(value)
}

func share(of float64) string {
	text := number(math.Round(of*100)) + " %"
	if of > 1 {
		return "**" + text + "**"
	}
	return text
}

// number writes a number with commas: whole, or with one digit if it is small.
func number(value float64) string {
	if value < 100 && value != math.Trunc(value) {
		return strconv.FormatFloat(value, 'f', 1, 64)
	}
	digits := strconv.FormatFloat(value, 'f', 0, 64)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// synthesizedOf returns a stage's reviewed templates, with those of its pipeline.
func synthesizedOf(root string, cfg config.Stage) (assembly.Synthesized, error) {
	from, err := readTemplates(root, cfg, cfg.ID()+"-*.json")
	if err != nil {
		return from, err
	}
	if cfg.Delivery.Repository != "" {
		pipeline, err := readTemplates(root, cfg, "SecureCart-Delivery-"+cfg.Name+".json")
		if err != nil {
			return from, err
		}
		from.Stacks = append(from.Stacks, pipeline.Stacks...)
	}
	return from, nil
}

// withArticle puts "a" or "an" before a unit. "users" begins with a consonant's sound.
func withArticle(unit string) string {
	if strings.ContainsAny(unit[:1], "aeio") {
		return "an " + unit
	}
	return "a " + unit
}
