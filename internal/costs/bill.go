package costs

import (
	"math"
	"slices"
)

// Item is a number of units of something that has a price.
type Item struct {
	Price    *Price
	Quantity float64
}

// Line is all of a month's units of one price.
type Line struct {
	Item
	// USD is what they cost by the price list.
	USD float64
	// Least is what they cost if nothing else in the account uses what is free each month.
	Least float64
}

// Bill is a month of a stage.
type Bill []Line

// billOf adds up items of the same price, in the order of Prices.
func billOf(items []Item) Bill {
	quantities := map[*Price]float64{}
	for _, item := range items {
		quantities[item.Price] += item.Quantity
	}
	var bill Bill
	for _, price := range Prices {
		if quantity := quantities[price]; quantity > 0 {
			line := Line{Item: Item{Price: price, Quantity: quantity}}
			if !price.Unknown {
				line.USD = quantity / price.Per * price.USD
				line.Least = math.Max(0, quantity-price.Free) / price.Per * price.USD
			}
			bill = append(bill, line)
		}
	}
	return bill
}

// USD is the sum by the price list, without what has no known price.
func (b Bill) USD() (sum float64) {
	for _, line := range b {
		sum += line.USD
	}
	return sum
}

// Least is the sum if nothing else in the account uses what is free each month.
func (b Bill) Least() (sum float64) {
	for _, line := range b {
		sum += line.Least
	}
	return sum
}

// Unknown reports whether a part has no known price.
func (b Bill) Unknown() bool {
	return slices.ContainsFunc(b, func(line Line) bool { return line.Price.Unknown })
}
