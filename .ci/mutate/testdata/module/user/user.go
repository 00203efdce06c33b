// Package user imports the package whose mutants its test notices.
package user

import "example.test/parcel"

// Two is the total of two prices.
func Two(a, b int) int {
	sum, _ := parcel.Total([]int{a, b})
	return sum
}
