package main

// roles is a program that makes permissions and a role.
const roles = `for (const slug of ["doc:read", "doc:write", "doc:share"]) await api.authorization.permissions.create({slug, name: slug});
	await api.authorization.roles.create({slug: "editor", name: "Editor"});
	await api.authorization.roles.permissions.update({slug: "editor", permissions: ["doc:read"]});`

// flags is a seed with feature flags.
const flags = `{"feature_flag":[{"slug":"beta","name":"Beta","enabled":false},{"slug":"dark","name":"Dark","enabled":true},` +
	`{"slug":"old-ui","name":"Old UI","enabled":true}]}`

// access are tasks about roles, permissions and feature flags.
func access() []task {
	return []task{
		{
			name: "access: permission", request: "Add the permission doc:delete, Delete documents.", setup: roles,
			searches: []string{"create a permission"},
			direct:   []string{`authorization.permissions.create {"slug":"doc:delete","name":"Delete documents"}`},
			code:     `return (await api.authorization.permissions.create({slug: "doc:delete", name: "Delete documents"})).slug`,
			check:    `return (await api.authorization.permissions.list()).data.length === 4`,
		},
		{
			name: "access: role with permissions", request: "Create the role reviewer (Reviewer) with doc:read and doc:share.", setup: roles,
			searches: []string{"create a role", "set the permissions of a role"},
			direct: []string{
				`authorization.roles.create {"slug":"reviewer","name":"Reviewer"}`,
				`authorization.roles.permissions.update {"slug":"reviewer","permissions":["doc:read","doc:share"]}`,
			},
			code: `await api.authorization.roles.create({slug: "reviewer", name: "Reviewer"});
return (await api.authorization.roles.permissions.update({slug: "reviewer", permissions: ["doc:read", "doc:share"]})).permissions`,
			check: `return (await api.authorization.roles.get({slug: "reviewer"})).permissions.slice().sort().join() === "doc:read,doc:share"`,
		},
		{
			name: "access: permissions at once", request: "Create the permissions bill:read, bill:pay and bill:void, and a role " +
				"accountant (Accountant) that has all three.",
			searches: []string{"create a permission", "create a role", "set the permissions of a role"},
			direct: []string{
				`authorization.permissions.create {"slug":"bill:read","name":"Read bills"}`,
				`authorization.permissions.create {"slug":"bill:pay","name":"Pay bills"}`,
				`authorization.permissions.create {"slug":"bill:void","name":"Void bills"}`,
				`authorization.roles.create {"slug":"accountant","name":"Accountant"}`,
				`authorization.roles.permissions.update {"slug":"accountant","permissions":["bill:read","bill:pay","bill:void"]}`,
			},
			code: `const permissions = ["bill:read", "bill:pay", "bill:void"];
for (const slug of permissions) await api.authorization.permissions.create({slug, name: slug});
await api.authorization.roles.create({slug: "accountant", name: "Accountant"});
await api.authorization.roles.permissions.update({slug: "accountant", permissions});
return "done"`,
			check: `return (await api.authorization.roles.get({slug: "accountant"})).permissions.length === 3`,
		},
		{
			name: "access: add to a role", request: "Editors may write documents, too.", setup: roles,
			searches: []string{"list roles", "add a permission to a role"},
			direct: []string{
				`authorization.roles.list {}`,
				`authorization.roles.permissions.create {"slug":"editor","permission_slug":"doc:write"}`,
			},
			code:  `return (await api.authorization.roles.permissions.create({slug: "editor", permission_slug: "doc:write"})).permissions`,
			check: `return (await api.authorization.roles.get({slug: "editor"})).permissions.slice().sort().join() === "doc:read,doc:write"`,
			never: []string{"DELETE"},
		},
		{
			name: "access: unused permissions", request: "Which permissions has no role?", setup: roles,
			searches: []string{"list permissions", "list roles"},
			direct:   []string{`authorization.roles.list {}`, `authorization.permissions.list {"limit":100}`},
			code: `const used = (await api.authorization.roles.list()).data.flatMap((r) => r.permissions);
const list = [];
for await (const p of api.authorization.permissions.list()) if (!used.includes(p.slug)) list.push(p.slug);
return list`,
			answer: []string{"doc:share", "doc:write"}, never: []string{"POST", "PUT", "DELETE"},
		},
		{
			name: "access: promote members", request: "Make every member of Acme an editor.", setup: roles + acme,
			searches: []string{"list organizations", "list organization memberships", "change the role of a membership"},
			direct: []string{
				findAcme, `m=user_management.organization_memberships.list {"organization_id":"$org.data.0.id"}`,
				`each m.data: user_management.organization_memberships.update {"id":"$it.id","role_slug":"editor"}`,
			},
			code: org + `const m = (await api.user_management.organization_memberships.list({organization_id: org.id})).data;
await Promise.all(m.map(({id}) => api.user_management.organization_memberships.update({id, role_slug: "editor"})));
return m.length`,
			check: org + `return (await api.user_management.organization_memberships.list({organization_id: org.id})).data
				.every((m) => m.role.slug === "editor")`,
		},
		{
			name: "access: organization role", request: "Give Acme its own role org-auditor (Auditor) with doc:read.", setup: roles + acme,
			searches: []string{"list organizations", "create a role of an organization", "set the permissions of an organization role"},
			direct: []string{
				findAcme, `authorization.organizations.roles.create {"organizationId":"$org.data.0.id","slug":"org-auditor","name":"Auditor"}`,
				`authorization.organizations.roles.permissions.update {"organizationId":"$org.data.0.id","slug":"org-auditor","permissions":["doc:read"]}`,
			},
			code: org + `await api.authorization.organizations.roles.create({organizationId: org.id, slug: "org-auditor", name: "Auditor"});
await api.authorization.organizations.roles.permissions.update({organizationId: org.id, slug: "org-auditor", permissions: ["doc:read"]});
return "done"`,
			check: org + `return (await api.authorization.organizations.roles.get({organizationId: org.id, slug: "org-auditor"}))
				.permissions.join() === "doc:read"`,
		},
		{
			name: "access: group", request: "Make a group Staff in Acme with all of its members.", setup: acme,
			searches: []string{"list organizations", "create a group", "list organization memberships", "add a member to a group"},
			direct: []string{
				findAcme, `g=organizations.groups.create {"organizationId":"$org.data.0.id","name":"Staff"}`,
				`m=user_management.organization_memberships.list {"organization_id":"$org.data.0.id"}`,
				`each m.data: organizations.groups.organization_memberships.create {"organizationId":"$org.data.0.id","groupId":"$g.id","organization_membership_id":"$it.id"}`,
			},
			code: org + `const group = await api.organizations.groups.create({organizationId: org.id, name: "Staff"});
for await (const m of api.user_management.organization_memberships.list({organization_id: org.id})) {
  await api.organizations.groups.organization_memberships.create(
    {organizationId: org.id, groupId: group.id, organization_membership_id: m.id});
}
return "done"`,
			check: org + `const g = (await api.organizations.groups.list({organizationId: org.id})).data[0];
				return (await api.organizations.groups.organization_memberships.list({organizationId: org.id, groupId: g.id})).data.length === 4`,
		},
		{
			name: "access: enable a flag", request: "Turn the feature flag beta on.", seed: flags,
			searches: []string{"enable a feature flag"},
			direct:   []string{`feature_flags.enable.update {"slug":"beta"}`},
			code:     `await api.feature_flags.enable.update({slug: "beta"}); return "done"`,
			check:    `return (await api.feature_flags.get({slug: "beta"})).enabled === true`,
		},
		{
			name: "access: flags off", request: "Turn every feature flag off.", seed: flags,
			searches: []string{"list feature flags", "disable a feature flag"},
			direct: []string{
				`f=feature_flags.list {}`, `each f.data enabled=true: feature_flags.disable.update {"slug":"$it.slug"}`,
			},
			code: `const on = [];
for await (const flag of api.feature_flags.list()) if (flag.enabled) on.push(flag.slug);
await Promise.all(on.map((slug) => api.feature_flags.disable.update({slug})));
return on`,
			check: `return (await api.feature_flags.list()).data.every((f) => !f.enabled)`,
		},
		{
			name: "access: flag for customers", request: "Give Acme and Globex the feature flag beta.", seed: flags, setup: acme,
			searches: []string{"list organizations", "add a target to a feature flag"},
			direct: []string{
				`o=organizations.list {}`, `each o.data: feature_flags.targets.create {"slug":"beta","resourceId":"$it.id"}`,
			},
			code: `for await (const {id, name} of api.organizations.list()) {
  if (["Acme", "Globex"].includes(name)) await api.feature_flags.targets.create({slug: "beta", resourceId: id});
}
return "done"`,
			must: []string{`^POST /feature-flags/beta/targets/org_`},
		},
	}
}
