package main

// findAda finds a user by email.
const findAda = `u=user_management.users.list {"email":"ada@acme.com"}`

// ada is the same in a program.
const ada = `const user = (await api.user_management.users.list({email: "ada@acme.com"})).data[0];
`

// many is a program that makes users of two domains.
const many = `for (let i = 0; i < 9; i++) {
		await api.user_management.users.create({email: "u" + i + (i % 3 ? "@new.com" : "@old.com")});
	}`

// people are tasks about users, memberships and invitations.
func people() []task {
	return []task{
		{
			name: "person: create", request: "Create the user grace@acme.com, Grace Hopper.",
			searches: []string{"create a user"},
			direct:   []string{`user_management.users.create {"email":"grace@acme.com","first_name":"Grace","last_name":"Hopper"}`},
			code:     `return (await api.user_management.users.create({email: "grace@acme.com", first_name: "Grace", last_name: "Hopper"})).id`,
			check:    `return (await api.user_management.users.list({email: "grace@acme.com"})).data[0].last_name === "Hopper"`,
		},
		{
			name: "person: find", request: "Is there a user zed@acme.com?", setup: acme,
			searches: []string{"find a user by email"},
			direct:   []string{`user_management.users.list {"email":"zed@acme.com"}`},
			code:     `return (await api.user_management.users.list({email: "zed@acme.com"})).data.length > 0`,
			never:    []string{"POST", "PUT", "DELETE"},
		},
		{
			name: "person: rename", request: "Ada's last name is Lovelace now (ada@acme.com).", setup: acme,
			searches: []string{"find a user by email", "update a user"},
			direct:   []string{findAda, `user_management.users.update {"id":"$u.data.0.id","last_name":"Lovelace"}`},
			code:     ada + `return (await api.user_management.users.update({id: user.id, last_name: "Lovelace"})).last_name`,
			check:    ada + `return user.last_name === "Lovelace" && user.first_name === "ada"`,
		},
		{
			name: "person: delete", request: "Delete bob@acme.com.", setup: acme,
			searches: []string{"find a user by email", "delete a user"},
			direct:   []string{`u=user_management.users.list {"email":"bob@acme.com"}`, `user_management.users.delete {"id":"$u.data.0.id"}`},
			code: `const user = (await api.user_management.users.list({email: "bob@acme.com"})).data[0];
await api.user_management.users.delete({id: user.id}); return "done"`,
			check: `return (await api.user_management.users.list()).data.map((u) => u.first_name).sort().join() === "ada,cy,dee"`,
		},
		{
			name: "person: all of a domain", request: "Delete all users of old.com.", setup: many,
			searches: []string{"list users", "delete a user"},
			direct: []string{
				`l=user_management.users.list {"limit":100}`,
				`each l.data email~@old.com: user_management.users.delete {"id":"$it.id"}`,
			},
			code: `const old = [];
for await (const user of api.user_management.users.list()) if (user.email.endsWith("@old.com")) old.push(user.id);
await Promise.all(old.map((id) => api.user_management.users.delete({id})));
return old.length`,
			check: `return (await api.user_management.users.list()).data.every((u) => u.email.endsWith("@new.com")) &&
				(await api.user_management.users.list()).data.length === 6`,
		},
		{
			name: "person: migrate a domain", request: "old.com is new.com now: change the emails of its users.",
			setup: many + `for (const u of (await api.user_management.users.list({limit: 100})).data) if (u.email.endsWith("@new.com"))
				await api.user_management.users.delete({id: u.id});`,
			searches: []string{"list users", "update a user"},
			direct: []string{
				`l=user_management.users.list {"limit":100}`,
				`each l.data email=u0@old.com: user_management.users.update {"id":"$it.id","email":"u0@new.com"}`,
				`each l.data email=u3@old.com: user_management.users.update {"id":"$it.id","email":"u3@new.com"}`,
				`each l.data email=u6@old.com: user_management.users.update {"id":"$it.id","email":"u6@new.com"}`,
			},
			code: `const changes = [];
for await (const {id, email} of api.user_management.users.list()) {
  if (email.endsWith("@old.com")) changes.push({id, email: email.replace("@old.com", "@new.com")});
}
await Promise.all(changes.map((change) => api.user_management.users.update(change)));
return changes.length`,
			check: `return (await api.user_management.users.list()).data.map((u) => u.email).sort().join() ===
				"u0@new.com,u3@new.com,u6@new.com"`,
		},
		{
			name: "person: unverified", request: "Which users have no verified email?",
			setup:    many + `await api.user_management.users.create({email: "ok@new.com", email_verified: true});`,
			searches: []string{"list users"},
			direct:   []string{`user_management.users.list {"limit":100}`},
			code: `const list = [];
for await (const user of api.user_management.users.list()) if (!user.email_verified) list.push(user.email);
return list`,
			answer: []string{"u0@old.com", "u8@new.com"}, never: []string{"POST", "PUT", "DELETE"},
		},
		{
			name: "person: into an organization", request: "Make u1@new.com, u2@new.com and u4@new.com members of Acme.", setup: acme + many,
			searches: []string{"list organizations", "list users", "add a user to an organization"},
			direct: []string{
				findAcme, `l=user_management.users.list {"limit":100}`,
				`each l.data email=u1@new.com: user_management.organization_memberships.create {"user_id":"$it.id","organization_id":"$org.data.0.id"}`,
				`each l.data email=u2@new.com: user_management.organization_memberships.create {"user_id":"$it.id","organization_id":"$org.data.0.id"}`,
				`each l.data email=u4@new.com: user_management.organization_memberships.create {"user_id":"$it.id","organization_id":"$org.data.0.id"}`,
			},
			code: org + `for (const email of ["u1@new.com", "u2@new.com", "u4@new.com"]) {
  const user = (await api.user_management.users.list({email})).data[0];
  await api.user_management.organization_memberships.create({user_id: user.id, organization_id: org.id});
}
return "done"`,
			check: org + `return (await api.user_management.organization_memberships.list({organization_id: org.id})).data.length === 7`,
		},
		{
			name: "person: import", request: "Import into Acme, as members: i1@acme.com to i6@acme.com.", setup: acme,
			searches: []string{"list organizations", "create a user", "add a user to an organization"},
			direct: []string{
				findAcme,
				`a=user_management.users.create {"email":"i1@acme.com"}`, `b=user_management.users.create {"email":"i2@acme.com"}`,
				`c=user_management.users.create {"email":"i3@acme.com"}`, `d=user_management.users.create {"email":"i4@acme.com"}`,
				`e=user_management.users.create {"email":"i5@acme.com"}`, `f=user_management.users.create {"email":"i6@acme.com"}`,
				`user_management.organization_memberships.create {"user_id":"$a.id","organization_id":"$org.data.0.id"}`,
				`user_management.organization_memberships.create {"user_id":"$b.id","organization_id":"$org.data.0.id"}`,
				`user_management.organization_memberships.create {"user_id":"$c.id","organization_id":"$org.data.0.id"}`,
				`user_management.organization_memberships.create {"user_id":"$d.id","organization_id":"$org.data.0.id"}`,
				`user_management.organization_memberships.create {"user_id":"$e.id","organization_id":"$org.data.0.id"}`,
				`user_management.organization_memberships.create {"user_id":"$f.id","organization_id":"$org.data.0.id"}`,
			},
			code: org + `for (let i = 1; i <= 6; i++) {
  const user = await api.user_management.users.create({email: "i" + i + "@acme.com"});
  await api.user_management.organization_memberships.create({user_id: user.id, organization_id: org.id});
}
return "done"`,
			check: org + `return (await api.user_management.organization_memberships.list({organization_id: org.id})).data.length === 10`,
		},
		{
			name: "person: where everybody is", request: "For each user of acme.com: which organizations is the user in?",
			setup: acme + `const globex = await api.organizations.external_id.get({external_id: "globex"});
				for (const u of (await api.user_management.users.list()).data.slice(0, 2))
					await api.user_management.organization_memberships.create({user_id: u.id, organization_id: globex.id});`,
			searches: []string{"list users", "list organization memberships"},
			direct: []string{
				`l=user_management.users.list {"limit":100}`,
				`each l.data: user_management.organization_memberships.list {"user_id":"$it.id"}`,
			},
			code: `const where = {};
for await (const user of api.user_management.users.list()) {
  const m = await api.user_management.organization_memberships.list({user_id: user.id});
  where[user.email] = m.data.map((m) => m.organization_name);
}
return where`,
			never: []string{"POST", "PUT", "DELETE"},
		},
		{
			name: "person: members by name", request: "List the emails of Acme's members.", setup: acme,
			searches: []string{"list organizations", "list users"},
			direct:   []string{findAcme, `user_management.users.list {"organization_id":"$org.data.0.id","limit":100}`},
			code: org + `const list = [];
for await (const user of api.user_management.users.list({organization_id: org.id})) list.push(user.email);
return list`,
			answer: []string{"ada@acme.com", "dee@acme.com"}, never: []string{"POST", "PUT", "DELETE"},
		},
		{
			name: "person: offboard", request: "Offboard ada@acme.com: take her out of every organization and delete her.", setup: acme,
			searches: []string{"find a user by email", "list organization memberships", "delete an organization membership", "delete a user"},
			direct: []string{
				findAda, `m=user_management.organization_memberships.list {"user_id":"$u.data.0.id"}`,
				`each m.data: user_management.organization_memberships.delete {"id":"$it.id"}`,
				`user_management.users.delete {"id":"$u.data.0.id"}`,
			},
			code: ada + `const memberships = (await api.user_management.organization_memberships.list({user_id: user.id})).data;
await Promise.all([
  ...memberships.map((m) => api.user_management.organization_memberships.delete({id: m.id})),
  api.user_management.users.delete({id: user.id}),
]);
return memberships.length`,
			check: `return (await api.user_management.users.list({email: "ada@acme.com"})).data.length === 0`,
		},
		{
			name: "person: suspend", request: "Suspend all members of Acme, without deleting anything.", setup: acme,
			searches: []string{"list organizations", "list organization memberships", "deactivate a membership"},
			direct: []string{
				findAcme, `m=user_management.organization_memberships.list {"organization_id":"$org.data.0.id"}`,
				`each m.data: user_management.organization_memberships.deactivate.update {"id":"$it.id"}`,
			},
			code: org + `const m = (await api.user_management.organization_memberships.list({organization_id: org.id})).data;
await Promise.all(m.map(({id}) => api.user_management.organization_memberships.deactivate.update({id})));
return m.length`,
			check: org + `const m = await api.user_management.organization_memberships.list({organization_id: org.id, statuses: ["inactive"]});
				return m.data.length === 4 || m`,
			never: []string{"DELETE"},
		},
		{
			name: "person: invite", request: "Invite x@acme.com, y@acme.com and z@acme.com to Acme.", setup: acme,
			searches: []string{"list organizations", "invite somebody"},
			direct: []string{
				findAcme, `user_management.invitations.create {"email":"x@acme.com","organization_id":"$org.data.0.id"}`,
				`user_management.invitations.create {"email":"y@acme.com","organization_id":"$org.data.0.id"}`,
				`user_management.invitations.create {"email":"z@acme.com","organization_id":"$org.data.0.id"}`,
			},
			code: org + `await Promise.all(["x", "y", "z"].map((name) =>
  api.user_management.invitations.create({email: name + "@acme.com", organization_id: org.id})));
return "done"`,
			check: `return (await api.user_management.invitations.list()).data.length === 3`,
		},
		{
			name: "person: withdraw invitations", request: "Revoke the invitations of Acme.",
			setup: acme + `for (const name of ["x", "y", "z"])
				await api.user_management.invitations.create({email: name + "@acme.com", organization_id: org.id});`,
			searches: []string{"list organizations", "list invitations", "revoke an invitation"},
			direct: []string{
				findAcme, `i=user_management.invitations.list {"organization_id":"$org.data.0.id"}`,
				`each i.data: user_management.invitations.revoke.create {"id":"$it.id"}`,
			},
			code: org + `const list = (await api.user_management.invitations.list({organization_id: org.id})).data;
await Promise.all(list.map(({id}) => api.user_management.invitations.revoke.create({id})));
return list.length`,
			check: `return (await api.user_management.invitations.list()).data.every((i) => i.state === "revoked")`,
		},
		{
			name: "person: own IDs", request: "Give the users of new.com our own IDs: n-1 for u1@new.com and so on.", setup: many,
			searches: []string{"list users", "update a user"},
			direct: []string{
				`l=user_management.users.list {"limit":100}`,
				`each l.data email=u1@new.com: user_management.users.update {"id":"$it.id","external_id":"n-1"}`,
				`each l.data email=u2@new.com: user_management.users.update {"id":"$it.id","external_id":"n-2"}`,
				`each l.data email=u4@new.com: user_management.users.update {"id":"$it.id","external_id":"n-4"}`,
				`each l.data email=u5@new.com: user_management.users.update {"id":"$it.id","external_id":"n-5"}`,
				`each l.data email=u7@new.com: user_management.users.update {"id":"$it.id","external_id":"n-7"}`,
				`each l.data email=u8@new.com: user_management.users.update {"id":"$it.id","external_id":"n-8"}`,
			},
			code: `const changes = [];
for await (const {id, email} of api.user_management.users.list()) {
  const n = /^u(\d+)@new\.com$/.exec(email);
  if (n) changes.push({id, external_id: "n-" + n[1]});
}
await Promise.all(changes.map((change) => api.user_management.users.update(change)));
return changes.length`,
			check: `return (await api.user_management.users.external_id.get({external_id: "n-7"})).email === "u7@new.com" &&
				(await api.user_management.users.list({email: "u3@old.com"})).data[0].external_id === null`,
		},
	}
}
