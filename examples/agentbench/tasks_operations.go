package main

// vaulted is a program that puts values into the vault.
const vaulted = `for (const name of ["stripe", "github", "slack"])
	await api.vault.kv.create({key_context: {env: "test"}, name, value: "s3cr3t-" + name});`

// operations are tasks about the vault, webhooks, audit logs, applications and settings.
func operations() []task {
	return []task{
		{
			name: "vault: store", request: "Store tok-1 as sentry in the vault, with the context env=test.",
			searches: []string{"store a value in the vault"},
			direct:   []string{`vault.kv.create {"key_context":{"env":"test"},"name":"sentry","value":"tok-1"}`},
			code:     `return (await api.vault.kv.create({key_context: {env: "test"}, name: "sentry", value: "tok-1"})).id`,
			check:    `return (await api.vault.kv.name.get({name: "sentry"})).value === "tok-1"`,
		},
		{
			name: "vault: names", request: "What is in the vault? Only the names.", setup: vaulted,
			searches: []string{"list the vault"},
			direct:   []string{`vault.kv.list {}`},
			code:     `const list = []; for await (const v of api.vault.kv.list()) list.push(v.name); return list`,
			answer:   []string{"stripe", "github", "slack"}, secret: "s3cr3t", never: []string{"POST", "PUT", "DELETE"},
		},
		{
			name: "vault: empty", request: "Delete everything in the vault.", setup: vaulted,
			searches: []string{"list the vault", "delete a vault value"},
			direct:   []string{`l=vault.kv.list {}`, `each l.data: vault.kv.delete {"id":"$it.id"}`},
			code: `const list = (await api.vault.kv.list()).data;
await Promise.all(list.map(({id}) => api.vault.kv.delete({id})));
return list.length`,
			check: `return (await api.vault.kv.list()).data.length === 0`, secret: "s3cr3t",
		},
		{
			name: "vault: rotate", request: "Set the vault values stripe, github and slack to rotated.", setup: vaulted,
			searches: []string{"list the vault", "change a vault value"},
			direct:   []string{`l=vault.kv.list {}`, `each l.data: vault.kv.update {"id":"$it.id","value":"rotated"}`},
			code: `const list = (await api.vault.kv.list()).data;
await Promise.all(list.map(({id}) => api.vault.kv.update({id, value: "rotated"})));
return list.length`,
			check: `return (await api.vault.kv.name.get({name: "slack"})).value === "rotated"`,
		},
		{
			name: "webhook: register", request: "Send user.created and user.deleted to https://hooks.acme.com/w.",
			searches: []string{"create a webhook endpoint"},
			direct:   []string{`webhook_endpoints.create {"endpoint_url":"https://hooks.acme.com/w","events":["user.created","user.deleted"]}`},
			code: `return (await api.webhook_endpoints.create({endpoint_url: "https://hooks.acme.com/w",
  events: ["user.created", "user.deleted"]})).id`,
			check: `return (await api.webhook_endpoints.list()).data[0].events.length === 2`,
		},
		{
			name: "webhook: move", request: "Our webhooks go to https://new.example.com now, instead of https://old.example.com, paths as before.",
			setup: `for (const p of ["a", "b", "c"]) await api.webhook_endpoints.create(
				{endpoint_url: "https://old.example.com/" + p, events: ["user.created"]});`,
			searches: []string{"list webhook endpoints", "update a webhook endpoint"},
			direct: []string{
				`l=webhook_endpoints.list {}`,
				`each l.data endpoint_url~/a: webhook_endpoints.update {"id":"$it.id","endpoint_url":"https://new.example.com/a"}`,
				`each l.data endpoint_url~/b: webhook_endpoints.update {"id":"$it.id","endpoint_url":"https://new.example.com/b"}`,
				`each l.data endpoint_url~/c: webhook_endpoints.update {"id":"$it.id","endpoint_url":"https://new.example.com/c"}`,
			},
			code: `const list = (await api.webhook_endpoints.list()).data;
await Promise.all(list.map(({id, endpoint_url}) =>
  api.webhook_endpoints.update({id, endpoint_url: endpoint_url.replace("old.", "new.")})));
return list.length`,
			check: `return (await api.webhook_endpoints.list()).data.map((e) => e.endpoint_url).sort().join() ===
				"https://new.example.com/a,https://new.example.com/b,https://new.example.com/c"`,
			never: []string{"DELETE"},
		},
		{
			name: "audit: schema", request: "Define the audit log action invoice.paid with an invoice as its target.",
			searches: []string{"create an audit log schema"},
			direct:   []string{`audit_logs.actions.schemas.create {"actionName":"invoice.paid","targets":[{"type":"invoice"}]}`},
			code:     `await api.audit_logs.actions.schemas.create({actionName: "invoice.paid", targets: [{type: "invoice"}]}); return "done"`,
			check:    `return (await api.audit_logs.actions.list()).data.some((a) => a.name === "invoice.paid")`,
		},
		{
			name: "audit: retention", request: "Keep Acme's audit logs for a year.", setup: acme,
			searches: []string{"list organizations", "keep audit logs longer"},
			direct: []string{
				findAcme, `organizations.audit_logs_retention.update {"id":"$org.data.0.id","retention_period":"1_YEAR"}`,
			},
			code: org + `await api.organizations.audit_logs_retention.update({id: org.id, retention_period: "1_YEAR"}); return "done"`,
			must: []string{`^PUT /organizations/org_\w+/audit_logs_retention$`},
		},
		{
			name: "events: new users", request: "Who was created, by the events?", setup: many,
			searches: []string{"list events"},
			direct:   []string{`events.list {"events":["user.created"],"limit":100}`},
			code: `const list = [];
for await (const e of api.events.list({events: ["user.created"]})) list.push(e.data.email);
return list`,
			answer: []string{"u0@old.com", "u8@new.com"}, never: []string{"POST", "PUT", "DELETE"},
		},
		{
			name: "settings: redirects", request: "Allow the redirect URIs https://a.acme.com/cb, https://b.acme.com/cb and https://c.acme.com/cb.",
			searches: []string{"add a redirect URI"},
			direct: []string{
				`user_management.redirect_uris.create {"uri":"https://a.acme.com/cb"}`,
				`user_management.redirect_uris.create {"uri":"https://b.acme.com/cb"}`,
				`user_management.redirect_uris.create {"uri":"https://c.acme.com/cb"}`,
			},
			code: `for (const name of ["a", "b", "c"]) await api.user_management.redirect_uris.create({uri: "https://" + name + ".acme.com/cb"});
return "done"`,
			check: `return (await api.user_management.redirect_uris.list()).data.length === 3`,
		},
		{
			name: "application: first-party", request: "Create the m2m applications Billing, Search and Export for Acme.", setup: acme,
			searches: []string{"list organizations", "create a connect application"},
			direct: []string{
				findAcme,
				`connect.applications.create {"name":"Billing","application_type":"m2m","organization_id":"$org.data.0.id"}`,
				`connect.applications.create {"name":"Search","application_type":"m2m","organization_id":"$org.data.0.id"}`,
				`connect.applications.create {"name":"Export","application_type":"m2m","organization_id":"$org.data.0.id"}`,
			},
			code: org + `for (const name of ["Billing", "Search", "Export"]) {
  await api.connect.applications.create({name, application_type: "m2m", organization_id: org.id});
}
return "done"`,
			check: `return (await api.connect.applications.list()).data.length === 3`,
		},
		{
			name: "keys: expire", request: "Delete all API keys of Acme.",
			setup:    acme + `for (const name of ["ci", "dev", "ops"]) await api.organizations.api_keys.create({organizationId: org.id, name});`,
			searches: []string{"list organizations", "list API keys of an organization", "delete an API key"},
			direct: []string{
				findAcme, `k=organizations.api_keys.list {"organizationId":"$org.data.0.id"}`,
				`each k.data: api_keys.delete {"id":"$it.id"}`,
			},
			code: org + `const keys = (await api.organizations.api_keys.list({organizationId: org.id})).data;
await Promise.all(keys.map(({id}) => api.api_keys.delete({id})));
return keys.length`,
			check: org + `return (await api.organizations.api_keys.list({organizationId: org.id})).data.length === 0`,
		},
	}
}
