// Package costs says what a stage costs in a month, and what limits how many people can shop at once.
//
// It counts parts in the synthesized templates and multiplies them by a table of prices ([Prices]). A resource type
// that is neither priced nor known to be free is an error. What customers do is assumed ([Assumptions]): nobody has
// measured it.
package costs
