package optable

import "strings"

// Describe returns a description that ends with the prefixes of IDs, as in "Owner. `org_…` or `user_…`.": for
// readers, as the description in a table states no prefix.
func Describe(description string, prefixes []string) string {
	if len(prefixes) == 0 {
		return description
	}
	forms := "`" + strings.Join(prefixes, "…` or `") + "…`."
	if description == "" {
		return forms
	}
	return strings.TrimSuffix(description, ".") + ". " + forms
}
