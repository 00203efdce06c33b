package main

// findAcme is what most direct solutions begin with.
const findAcme = `org=organizations.list {"search":"Acme"}`

// acme is a program that makes an organization of a few members.
const acme = `
	const org = await api.organizations.create({name: "Acme", external_id: "acme"});
	for (const name of ["ada", "bob", "cy", "dee"]) {
		const user = await api.user_management.users.create({email: name + "@acme.com", first_name: name});
		await api.user_management.organization_memberships.create({user_id: user.id, organization_id: org.id});
	}
	await api.organizations.create({name: "Globex", external_id: "globex"});`

// org is a program that finds the organization.
const org = `const org = (await api.organizations.list({search: "Acme"})).data[0];
`

// customers are tasks about organizations and their sign-in.
func customers() []task {
	return []task{
		{
			name: "customer: create", request: "Create the customer Initech with our own ID crm-17.",
			searches: []string{"create an organization"},
			direct:   []string{`organizations.create {"name":"Initech","external_id":"crm-17"}`},
			code:     `return (await api.organizations.create({name: "Initech", external_id: "crm-17"})).id`,
			check:    `const o = await api.organizations.external_id.get({external_id: "crm-17"}); return o.name === "Initech" || o`,
		},
		{
			name: "customer: onboard", request: "Onboard the customer Initech: domain initech.com, users bill@initech.com and " +
				"peter@initech.com as members, and a link with which their IT sets up SSO.",
			searches: []string{"create an organization", "create a user", "add a user to an organization", "admin portal setup link"},
			direct: []string{
				`org=organizations.create {"name":"Initech","domain_data":[{"domain":"initech.com","state":"pending"}]}`,
				`a=user_management.users.create {"email":"bill@initech.com"}`,
				`b=user_management.users.create {"email":"peter@initech.com"}`,
				`user_management.organization_memberships.create {"user_id":"$a.id","organization_id":"$org.id"}`,
				`user_management.organization_memberships.create {"user_id":"$b.id","organization_id":"$org.id"}`,
				`portal.generate_link.create {"organization":"$org.id","intent":"sso"}`,
			},
			code: `const org = await api.organizations.create({name: "Initech", domain_data: [{domain: "initech.com", state: "pending"}]});
for (const email of ["bill@initech.com", "peter@initech.com"]) {
  const user = await api.user_management.users.create({email});
  await api.user_management.organization_memberships.create({user_id: user.id, organization_id: org.id});
}
return (await api.portal.generate_link.create({organization: org.id, intent: "sso"})).link`,
			check: `const o = (await api.organizations.list({search: "Initech"})).data[0];
				const m = await api.user_management.organization_memberships.list({organization_id: o.id});
				return m.data.length === 2 && o.domains[0].domain === "initech.com" || m`,
			answer: []string{"http"},
		},
		{
			name: "customer: several", request: "Create the customers Alpha, Beta, Gamma, Delta and Epsilon.",
			searches: []string{"create an organization"},
			direct: []string{
				`organizations.create {"name":"Alpha"}`, `organizations.create {"name":"Beta"}`,
				`organizations.create {"name":"Gamma"}`, `organizations.create {"name":"Delta"}`,
				`organizations.create {"name":"Epsilon"}`,
			},
			code: `for (const name of ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]) await api.organizations.create({name});
return "done"`,
			check: `return (await api.organizations.list()).data.length === 5`,
		},
		{
			name: "customer: rename", request: "Acme is now called Acme Corp.", setup: acme,
			searches: []string{"list organizations", "rename an organization"},
			direct:   []string{findAcme, `organizations.update {"id":"$org.data.0.id","name":"Acme Corp"}`},
			code:     org + `return (await api.organizations.update({id: org.id, name: "Acme Corp"})).name`,
			check:    `return (await api.organizations.external_id.get({external_id: "acme"})).name === "Acme Corp"`,
			never:    []string{"DELETE"},
		},
		{
			name: "customer: own ID", request: "Which customer has our ID globex?", setup: acme,
			searches: []string{"find an organization by external ID"},
			direct:   []string{`organizations.external_id.get {"external_id":"globex"}`},
			code:     `return (await api.organizations.external_id.get({external_id: "globex"})).name`,
			answer:   []string{"Globex"}, never: []string{"POST", "PUT", "DELETE"},
		},
		{
			name: "customer: metadata", request: "Note on Acme that its plan is gold and its region is eu.", setup: acme,
			searches: []string{"list organizations", "update an organization"},
			direct:   []string{findAcme, `organizations.update {"id":"$org.data.0.id","metadata":{"plan":"gold","region":"eu"}}`},
			code:     org + `await api.organizations.update({id: org.id, metadata: {plan: "gold", region: "eu"}}); return "done"`,
			check: `const m = (await api.organizations.external_id.get({external_id: "acme"})).metadata;
				return m.plan === "gold" && m.region === "eu"`,
		},
		{
			name: "customer: delete", request: "Delete the customer Globex.", setup: acme,
			searches: []string{"list organizations", "delete an organization"},
			direct:   []string{`o=organizations.list {"search":"Globex"}`, `organizations.delete {"id":"$o.data.0.id"}`},
			code: `const org = (await api.organizations.list({search: "Globex"})).data[0];
await api.organizations.delete({id: org.id}); return "done"`,
			check: `return (await api.organizations.list()).data.map((o) => o.name).join() === "Acme"`,
		},
		{
			name: "customer: add domains", request: "Add the domains acme.io and acme.dev to Acme.", setup: acme,
			searches: []string{"list organizations", "add a domain to an organization"},
			direct: []string{
				findAcme, `organization_domains.create {"domain":"acme.io","organization_id":"$org.data.0.id"}`,
				`organization_domains.create {"domain":"acme.dev","organization_id":"$org.data.0.id"}`,
			},
			code: org + `for (const domain of ["acme.io", "acme.dev"]) {
  await api.organization_domains.create({domain, organization_id: org.id});
}
return "done"`,
			check: `return (await api.organizations.external_id.get({external_id: "acme"})).domains.length === 2`,
		},
		{
			name: "customer: remove a domain", request: "Remove the domain old.com from Acme.",
			setup: acme + `await api.organization_domains.create({domain: "old.com", organization_id: org.id});
				await api.organization_domains.create({domain: "acme.com", organization_id: org.id});`,
			searches: []string{"list organizations", "delete a domain"},
			direct: []string{
				findAcme, `each org.data.0.domains domain=old.com: organization_domains.delete {"id":"$it.id"}`,
			},
			code: org + `const old = org.domains.find((d) => d.domain === "old.com");
await api.organization_domains.delete({id: old.id}); return "done"`,
			check: `return (await api.organizations.external_id.get({external_id: "acme"})).domains.map((d) => d.domain).join() === "acme.com"`,
		},
		{
			name: "customer: setup links", request: "Send me setup links for SSO, directory sync and log streams of Acme.", setup: acme,
			searches: []string{"list organizations", "admin portal setup link"},
			direct: []string{
				findAcme, `portal.generate_link.create {"organization":"$org.data.0.id","intent":"sso"}`,
				`portal.generate_link.create {"organization":"$org.data.0.id","intent":"dsync"}`,
				`portal.generate_link.create {"organization":"$org.data.0.id","intent":"log_streams"}`,
			},
			code: org + `const links = {};
for (const intent of ["sso", "dsync", "log_streams"]) {
  links[intent] = (await api.portal.generate_link.create({organization: org.id, intent})).link;
}
return links`,
			answer: []string{"http"},
		},
		{
			name: "customer: IT contacts", request: "Register it@acme.com and sec@acme.com as IT contacts of Acme.", setup: acme,
			searches: []string{"list organizations", "create an IT contact"},
			direct: []string{
				findAcme, `organizations.it_contacts.create {"organization_id":"$org.data.0.id","email":"it@acme.com"}`,
				`organizations.it_contacts.create {"organization_id":"$org.data.0.id","email":"sec@acme.com"}`,
			},
			code: org + `for (const email of ["it@acme.com", "sec@acme.com"]) {
  await api.organizations.it_contacts.create({organization_id: org.id, email});
}
return "done"`,
			check: org + `return (await api.organizations.it_contacts.list({organization_id: org.id})).data.length === 2`,
		},
		{
			name: "customer: how they sign in", request: "How does Acme sign in?", setup: acme,
			seed: `{"organization":[{"id":"org_seed","name":"Acme Okta"}],"connection":[{"id":"conn_1",` +
				`"organization_id":"org_seed","connection_type":"OktaSAML","name":"Okta","state":"active"}]}`,
			searches: []string{"list organizations", "list SSO connections"},
			direct: []string{
				`org=organizations.list {"search":"Acme Okta"}`, `connections.list {"organization_id":"$org.data.0.id"}`,
			},
			code: `const org = (await api.organizations.list({search: "Acme Okta"})).data[0];
return (await api.connections.list({organization_id: org.id})).data.map((c) => [c.name, c.connection_type, c.state])`,
			answer: []string{"Okta", "active"}, never: []string{"POST", "PUT", "DELETE"},
		},
		{
			name: "customer: sizes", request: "How many members does each customer have?",
			setup:    acme + `for (const name of ["Hooli", "Umbrella", "Stark"]) await api.organizations.create({name});`,
			searches: []string{"list organizations", "list organization memberships"},
			direct: []string{
				`orgs=organizations.list {"limit":100}`,
				`each orgs.data: user_management.organization_memberships.list {"organization_id":"$it.id","limit":100}`,
			},
			code: `const sizes = {};
for await (const org of api.organizations.list()) {
  sizes[org.name] = 0;
  for await (const m of api.user_management.organization_memberships.list({organization_id: org.id})) sizes[org.name]++;
}
return sizes`,
			never: []string{"POST", "PUT", "DELETE"},
		},
		{
			name: "customer: test customers", request: "Delete the customers whose names begin with Test.",
			setup:    acme + `for (let i = 0; i < 10; i++) await api.organizations.create({name: "Test " + i});`,
			searches: []string{"list organizations", "delete an organization"},
			direct:   []string{`l=organizations.list {"limit":100}`, `each l.data name~Test+: organizations.delete {"id":"$it.id"}`},
			code: `const list = [];
for await (const org of api.organizations.list()) if (org.name.startsWith("Test")) list.push(org.id);
await Promise.all(list.map((id) => api.organizations.delete({id})));
return list.length`,
			check: `return (await api.organizations.list()).data.map((o) => o.name).sort().join() === "Acme,Globex"`,
		},
		{
			name: "customer: without members", request: "Delete every customer that has no member.",
			setup:    acme + `for (const name of ["Hooli", "Stark"]) await api.organizations.create({name});`,
			searches: []string{"list organizations", "list organization memberships", "delete an organization"},
			direct: []string{
				`orgs=organizations.list {"limit":100}`,
				`each orgs.data: user_management.organization_memberships.list {"organization_id":"$it.id","limit":1}`,
				`each orgs.data name=Hooli: organizations.delete {"id":"$it.id"}`,
				`each orgs.data name=Stark: organizations.delete {"id":"$it.id"}`,
				`each orgs.data name=Globex: organizations.delete {"id":"$it.id"}`,
			},
			code: `const empty = [];
for await (const org of api.organizations.list()) {
  const m = await api.user_management.organization_memberships.list({organization_id: org.id, limit: 1});
  if (m.data.length === 0) empty.push(org);
}
await Promise.all(empty.map((org) => api.organizations.delete({id: org.id})));
return empty.map((org) => org.name)`,
			check: `return (await api.organizations.list()).data.map((o) => o.name).join() === "Acme"`,
		},
	}
}
