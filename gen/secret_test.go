package gen_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// notSecret lists response properties whose names or descriptions sound like a secret, and why they are not secrets.
func notSecret() map[string]string {
	reasons := map[string]string{
		"an ID, which opens nothing without a key": `
			APIKey.id APIKeyOwner.organization_id APIKeyValidation.agent_registration_id
			ConnectedAccount.client_id DataIntegrationInstallation.user_id DataKey.id
			DataProviderAccount.client_id DecryptedDataKey.id JSONWebKey.kid MagicAuth.user_id
			NewMagicAuth.user_id NewOrganizationAPIKey.id NewUserAPIKey.id OrganizationAPIKey.id
			PasswordReset.id PasswordReset.user_id RadarSMSChallenge.verification_id UserAPIKey.id
			UserAPIKeyOwner.organization_id VaultActor.id VaultObjectMetadata.key_id`,
		"a part of the secret, or a mask, to recognize it by": `
			APIKey.obfuscated_value ClientSecret.secret_hint ConnectedAccount.api_key_last_4
			ConnectedAccount.client_secret_last_4 DataIntegrationCredentials.redacted_client_secret
			DataIntegrationInstallation.api_key_last_4 DataProviderAccount.api_key_last_4
			DataProviderAccount.client_secret_last_4 NewClientSecret.secret_hint
			NewOrganizationAPIKey.obfuscated_value NewUserAPIKey.obfuscated_value
			OrganizationAPIKey.obfuscated_value OrganizationDataIntegrationCredentials.client_secret_last_four
			UserAPIKey.obfuscated_value`,
		"what a key or a token may do, or until when": `
			APIKey.permissions NewOrganizationAPIKey.permissions NewUserAPIKey.permissions OAuthTokens.provider
			OAuthTokens.scopes OrganizationAPIKey.permissions ProviderAccessToken.expires_at
			ProviderAccessToken.missing_scopes ProviderAccessToken.scopes ProviderCredential.missing_scopes
			ProviderCredential.scopes Role.permissions UserAPIKey.permissions`,
		"a name that people chose": `
			APIKey.name DataProvider.credentialsType DataProvider.credentials_type Directory.external_key
			FeatureFlag.slug NewOrganizationAPIKey.name NewUserAPIKey.name OrganizationAPIKey.name
			Permission.slug Role.slug UserAPIKey.name`,
		"a public address, without a credential in it": `
			CreatedUser.profile_picture_url CustomProvider.authorization_url CustomProvider.refresh_token_url
			CustomProvider.token_body_content_type CustomProvider.token_url DataIntegrationAuthorizationURL.url
			DeviceAuthorization.verification_uri SSOAuthorizationURL.url User.profile_picture_url
			WebhookEndpoint.endpoint_url`,
		"a public key":         `JSONWebKey.e JSONWebKey.n JSONWebKey.x5c`,
		"published in the DNS": `OrganizationDomain.verification_token`,
		"settings; the API leaves the secret ones out": `
			ConnectedAccount.config DataIntegrationConfiguration.config DataProviderAccount.config
			ProviderCredential.metadata`,
		"pairs of the customer's own; single ones are hidden by their names": `
			CreatedUser.metadata Organization.metadata User.metadata`,
		"what selects the key, not the key":           `DataKey.context VaultObjectMetadata.context`,
		"of no use without the key that encrypted it": `DataKey.encrypted_keys`,
		"an email address":                            `CreatedUser.email`,
	}
	explained := map[string]string{}
	for reason, names := range reasons {
		for name := range strings.FieldsSeq(names) {
			explained[name] = reason
		}
	}
	return explained
}

// Names and words that secrets go by.
var (
	secretName = regexp.MustCompile(`(?i)secret|token|passw|otp|code$|key|credential|link|url$|qr_|pem|jwt|private`)
	secretText = regexp.MustCompile(`(?i)secret|\btokens?\b|passw|one-time|\bcode\b|credential|plaintext|\bkeys?\b|` +
		`grants|sign-in link|\bJWT\b|private|signs? in`)
)

func TestWhatSoundsLikeASecretIsMarkedOrExplained(t *testing.T) {
	t.Parallel()
	explained := notSecret()
	marked := 0
	eachResponseProperty(func(owner string, p *optable.Property) {
		name := owner + "." + p.Name
		sounds := secretName.MatchString(p.Name) || secretText.MatchString(p.Schema.Description)
		_, reason := explained[name]
		switch {
		case p.Schema.Secret && reason:
			t.Errorf("%s is marked and explained", name)
		case p.Schema.Secret:
			marked++
		case sounds && carries(p.Schema) && !reason:
			t.Errorf("%s sounds like a secret and is neither marked nor explained: %s", name, p.Schema.Description)
		}
		delete(explained, name)
	})
	for name := range explained {
		t.Errorf("%s is explained, but no response has it", name)
	}
	if marked < 30 {
		t.Errorf("got %d properties marked, want all of the API's secrets", marked)
	}
}

// TestPasswordFormatAndSecretMarkAgree checks that the two marks of a secret agree: every response property with the
// format password is a secret, and x-secret marks only properties without that format.
func TestPasswordFormatAndSecretMarkAgree(t *testing.T) {
	t.Parallel()
	passwords := 0
	eachResponseProperty(func(owner string, p *optable.Property) {
		if p.Schema.Format == "password" {
			passwords++
			if !p.Schema.Secret {
				t.Errorf("%s.%s has the format password and is no secret", owner, p.Name)
			}
		}
	})
	if passwords < 20 {
		t.Errorf("got %d response properties with the format password, want all that the API has", passwords)
	}
	for component, schema := range optest.Read(t, "../api.yaml").Components.Schemas {
		properties, _ := schema["properties"].(optest.Keywords)
		for name, value := range properties {
			property, _ := value.(optest.Keywords)
			if _, marked := property["x-secret"]; marked && property["format"] == "password" {
				t.Errorf("%s.%s has the format password and x-secret, want the former alone", component, name)
			}
		}
	}
}

// carries reports whether a value can have text of its own: no object whose properties are looked at themselves, no
// time, and no choice of given values.
func carries(s *optable.Schema) bool {
	s = optest.Component(s)
	if s.Items != nil {
		return carries(s.Items)
	}
	return (s.Types == 0 || s.Types.Has(optable.String) || s.Additional != nil) &&
		s.Const == "" && len(s.Enum) == 0 && s.Format != "date-time" && len(s.Composed().OneOf) == 0
}

// eachResponseProperty visits each property of a successful response, once for each component.
func eachResponseProperty(visit func(owner string, p *optable.Property)) {
	seen := map[string]bool{}
	var walk func(owner string, s *optable.Schema)
	walk = func(owner string, s *optable.Schema) {
		switch {
		case s == nil:
			return
		case s.Ref != "":
			if !seen[s.Ref] {
				seen[s.Ref] = true
				walk(s.Ref, gen.Operations.Schema(s.Ref))
			}
			return
		}
		for i := range s.Properties {
			p := &s.Properties[i]
			visit(owner, p)
			walk(owner+"."+p.Name, p.Schema)
		}
		walk(owner+"[]", s.Items)
		walk(owner+"{}", s.Additional)
		for _, parts := range slices.Concat(s.Composed().AllOf, s.Composed().OneOf, s.Composed().AnyOf) {
			walk(owner, &parts)
		}
	}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		for j := range op.Responses {
			if a := &op.Responses[j]; a.Status/100 == 2 {
				walk(strings.TrimSpace(op.ID), a.Schema)
			}
		}
	}
}
