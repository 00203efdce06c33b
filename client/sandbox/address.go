package sandbox

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// checkAddresses refuses names that are blank, and URLs and domains of the body that lead nowhere, which the schemas
// have as mere strings.
func (c *call) checkAddresses() error {
	var problems []fieldProblem
	for _, field := range sortedKeys(c.body) {
		valid := c.addressOf(field)
		if valid == nil {
			continue
		}
		for _, text := range scalars(c.body[field]) {
			if c.body[field] != nil && !valid(text) {
				problems = append(problems, fieldProblem{field, codeFormat})
			}
		}
	}
	list, _ := c.body["domain_data"].([]any)
	for _, domain := range slices.Concat(lookup(list, fieldDomain), texts(c.body["domains"])) {
		if c.plan.kind != nil && c.plan.kind.name == kindOrganization && !isDomain(domain) {
			problems = append(problems, fieldProblem{"domain_data", codeFormat})
		}
	}
	if name, given := c.body[fieldName].(string); given && strings.TrimSpace(name) == "" && c.plan.kind != nil {
		problems = append(problems, fieldProblem{fieldName, codeRequired})
	}
	err := c.invalid(problems)
	p, ok := err.(*problem) //nolint:errorlint // ours
	if ok && slices.Contains(c.plan.facts.errors[p.status], "invalid_url") {
		p.code = "invalid_url"
	}
	return err
}

// addressOf is what a field of the body has to be; nil: anything that its schema permits.
func (c *call) addressOf(field string) func(string) bool {
	kind := ""
	if c.plan.kind != nil {
		kind = c.plan.kind.name
	}
	switch kind + "." + field {
	case kindEndpoint + ".endpoint_url":
		return isWebURL
	case "cors_origin.origin":
		return isOrigin
	case "redirect_uri.uri":
		return isRedirectPattern
	case kindDomain + "." + fieldDomain:
		return isDomain
	}
	if c.plan.op.ID == portalOperation && (field == "return_url" || field == "success_url") {
		return isWebURL
	}
	return nil
}

// webURL returns an absolute URL of http or https, or nil for any other text.
func webURL(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil
	}
	return u
}

func isWebURL(text string) bool { return webURL(text) != nil }

// isOrigin reports whether a text is an origin of the web (RFC 6454 section 6.2). It may have one wildcard.
func isOrigin(text string) bool {
	_, host, ok := strings.Cut(text, "://")
	return ok && isWebURL(strings.Replace(text, "*", "x", 1)) && !strings.ContainsAny(host, "/?#@")
}

// isAbsolute reports whether a text is a URI with a scheme that does not run script: those of native apps are their
// own.
func isAbsolute(text string) bool {
	u, err := url.Parse(text)
	return err == nil && !slices.Contains([]string{"", "javascript", "data"}, u.Scheme) && u.Host+u.Path+u.Opaque != ""
}

var domainPattern = regexp.MustCompile(
	`^(?i:[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*$`)

// isDomain reports whether a text is a domain name with two labels at least (RFC 1035 section 2.3.1).
func isDomain(text string) bool { return len(text) <= 253 && domainPattern.MatchString(text) }
