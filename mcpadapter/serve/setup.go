package serve

import "cmp"

// Setup is what the commands init and doctor know of an API. The zero value has neither.
type Setup struct {
	// Server is the name of the server in the configuration of clients, such as "notes".
	Server string
	// Keys are the environment variables with credentials, the usual one first.
	Keys []Key
	// BaseURL is where calls go unless the environment variable BaseURLVariable has another URL. "": unknown.
	BaseURL, BaseURLVariable string
	// Probe is a tool without required arguments whose success shows that the credentials are accepted. "": none.
	Probe string
}

// Key describes an environment variable with a credential.
type Key struct {
	Variable string
	Required bool
	// Forms are prefixes of valid values with their meaning, such as "sk_test_": "a staging environment". The longest
	// that matches counts. nil: any value.
	Forms map[string]string
	// Mistakes are prefixes of values that belong elsewhere, with what to do.
	Mistakes map[string]string
}

// longestPrefix returns the value of the longest key that the text begins with.
func longestPrefix(text string, prefixes map[string]string) (value string, found bool) {
	best := -1
	for prefix, v := range prefixes {
		if len(prefix) > best && len(text) >= len(prefix) && text[:len(prefix)] == prefix {
			best, value = len(prefix), v
		}
	}
	return value, best >= 0
}

func (p program) serverName() string { return cmp.Or(p.api.Setup.Server, p.api.Name) }
