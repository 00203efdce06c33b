package sandbox

// handlers are the operations that have rules of their own, by ID. All others do what the form of their path, request
// and response says.
func handlers() map[string]func(*call) (any, error) {
	return map[string]func(*call) (any, error){
		"agents.blueprints.create":                 (*call).createBlueprint,
		"agents.blueprints.update":                 (*call).updateBlueprint,
		"agents.blueprints.tokens.create":          (*call).createAgentToken,
		"agents.blueprints.tokens.validate.create": (*call).validateAgentToken,
		"agents.claims.attempts.update":            (*call).linkAgentClaim,
		"agents.credentials.validate.create":       (*call).validateAgentCredential,
		"agents.sessions.list":                     (*call).listAgentSessions,

		"client.token.create":  (*call).sessionToken,
		"widgets.token.create": (*call).sessionToken,

		"directory_groups.list": (*call).listDirectoryGroups,
		"events.list":           (*call).listEvents,
		portalOperation:         (*call).portalLink,

		"user_management.users.create": (*call).createUser,
		"user_management.users.update": (*call).updateUser,
		"user_management.users.list":   (*call).listUsers,

		"user_management.users.identities.list": (*call).listIdentities,

		"user_management.organization_memberships.create": (*call).createMembership,
		"user_management.organization_memberships.update": (*call).updateMembership,
		"user_management.organization_memberships.list":   (*call).listMemberships,

		"user_management.invitations.create":        (*call).createInvitation,
		"user_management.invitations.accept.create": (*call).acceptInvitation,
		"user_management.invitations.resend.create": (*call).resendInvitation,

		"user_management.waitlist_entries.approve.create": (*call).approveEntry,
		"user_management.waitlist_entries.deny.create":    (*call).denyEntry,

		"user_management.jwt_template.get":    (*call).getTemplate,
		"user_management.jwt_template.update": (*call).putTemplate,

		"user_management.authenticate.create":                     (*call).authenticate,
		"user_management.authorize.get":                           (*call).authorize,
		"user_management.authorize.device.create":                 (*call).authorizeDevice,
		"user_management.sessions.logout.get":                     (*call).logout,
		"user_management.sessions.revoke.create":                  (*call).revokeSession,
		"user_management.users.sessions.list":                     (*call).listSessions,
		"user_management.magic_auth.create":                       (*call).createMagicAuth,
		"user_management.password_reset.create":                   (*call).createReset,
		"user_management.password_reset.confirm.create":           (*call).confirmReset,
		"user_management.users.email_verification.send.create":    (*call).sendVerification,
		"user_management.users.email_verification.confirm.create": (*call).confirmVerification,
		"user_management.users.email_change.send.create":          (*call).sendEmailChange,
		"user_management.users.email_change.confirm.create":       (*call).confirmEmailChange,
		"user_management.users.auth_factors.create":               (*call).enrollUserFactor,

		"auth.factors.challenge.create":    (*call).challengeFactor,
		"auth.challenges.verify.create":    (*call).verifyChallenge,
		"sso.authorize.get":                (*call).ssoAuthorize,
		"sso.token.create":                 (*call).ssoToken,
		"sso.profile.get":                  (*call).ssoProfile,
		"sso.jwks.get":                     (*call).jwks,
		"sso.logout.get":                   (*call).ssoLogout,
		"sso.logout.authorize.create":      (*call).ssoLogoutAuthorize,
		"organizations.api_keys.create":    (*call).createAPIKey,
		"api_keys.validations.create":      (*call).validateAPIKey,
		"api_keys.expire.create":           (*call).expireAPIKey,
		"audit_logs.events.create":         (*call).createAuditEvent,
		"audit_logs.exports.get":           (*call).getExport,
		"feature_flags.targets.create":     (*call).addFlagTarget,
		"feature_flags.targets.delete":     (*call).removeFlagTarget,
		"organizations.feature_flags.list": (*call).listFlags,

		"user_management.users.api_keys.create":    (*call).createAPIKey,
		"user_management.users.feature_flags.list": (*call).listFlags,

		"organizations.groups.organization_memberships.create": (*call).addToGroup,
		"organizations.groups.organization_memberships.delete": (*call).removeFromGroup,

		"vault.keys.data_key.create": (*call).createDataKey,
		"vault.keys.decrypt.create":  (*call).decryptDataKey,
		"vault.keys.rekey.create":    (*call).rekeyDataKey,

		"authorization.resources.list":                         (*call).listResources,
		"authorization.roles.permissions.create":               (*call).addPermission,
		"authorization.roles.permissions.update":               (*call).replacePermissions,
		"authorization.organizations.roles.permissions.create": (*call).addPermission,
		"authorization.organizations.roles.permissions.update": (*call).replacePermissions,
		"authorization.organizations.roles.permissions.delete": (*call).removePermission,

		extraAuthorize:  (*call).connectAuthorize,
		extraContinue:   (*call).continueExternal,
		extraToken:      (*call).connectToken,
		extraDevice:     (*call).authorizeConnectDevice,
		extraIntrospect: (*call).introspect,
		extraUserinfo:   (*call).userinfo,
		extraUserinfo2:  (*call).userinfo,
		extraRegister:   (*call).register,
		extraJWKS:       (*call).connectKeys,
		extraServer:     (*call).serverMetadata,
		extraProvider:   (*call).serverMetadata,
		extraClient:     (*call).clientMetadata,

		extraFlags:   (*call).polledFlags,
		extraConnect: (*call).connectPipe,
		extraForm:    (*call).takeForm,
		extraPortal:  (*call).openPortal,

		extraPasswordless: (*call).openPasswordless,

		extraHomepage: (*call).setHomepage,

		extraInvite: (*call).openInvitation,
		extraAccept: (*call).acceptAtBrowser,
		extraReset:  (*call).openReset,
		extraSet:    (*call).resetAtBrowser,

		"authkit.oauth2.complete.create":             (*call).completeLogin,
		"connect.applications.list":                  (*call).listApplications,
		"connect.applications.client_secrets.create": (*call).createClientSecret,

		"radar.attempts.create":                   (*call).assess,
		"radar.attempts.update":                   (*call).reportAttempt,
		"radar.lists.create":                      (*call).listEntry,
		"radar.lists.delete":                      (*call).unlistEntry,
		"user_management.radar_challenges.create": (*call).textRadarChallenge,

		"passwordless.sessions.send.create":         (*call).sendPasswordless,
		"organizations.it_contacts.invite.create":   (*call).inviteContact,
		"organizations.it_contacts.revoke.create":   (*call).revokeContact,
		"organizations.audit_logs_retention.get":    (*call).getRetention,
		"organizations.audit_logs_retention.update": (*call).setRetention,
		"organizations.audit_log_configuration.get": (*call).getAuditConfiguration,

		"data_integrations.organization.delete":       (*call).remove,
		"connections.create":                          (*call).createConnection,
		"connections.update":                          (*call).updateConnection,
		"connections.saml_sp_signing_cert.get":        (*call).signingCertificate,
		"data_integrations.authorize.create":          (*call).authorizePipe,
		"data_integrations.token.create":              (*call).pipeToken,
		"data_integrations.credentials.create":        (*call).pipeCredential,
		"data_integrations.api_key.update":            (*call).setAPIKey,
		"data_integrations.client_credentials.update": (*call).setClientCredentials,

		"authorization.organizations.roles.delete": (*call).deleteRole,

		"authorization.organization_memberships.check.create":            (*call).checkAuthorization,
		"authorization.organization_memberships.resources.list":          (*call).listAccessible,
		"authorization.organization_memberships.role_assignments.create": (*call).assignRole,

		"authorization.organization_memberships.role_assignments.by_organization_membership_id.delete": (*call).removeRole,

		"authorization.groups.role_assignments.by_group_id.delete": (*call).removeRole,

		"authorization.organization_memberships.resources.permissions.by_resource_id.list": (*call).listPermissionsOn,
		"authorization.organization_memberships.resources.permissions.list":                (*call).listPermissionsOn,

		"authorization.resources.organization_memberships.list":               (*call).listMembersWithAccess,
		"authorization.organizations.resources.organization_memberships.list": (*call).listMembersWithAccess,
	}
}

// amend gives the operations that have rules of their own those, and corrects what the table alone suggests.
func (ix *index) amend() {
	for _, made := range []string{kindAuditAction, kindVaultVersion} { // made with other things
		if k := ix.kinds[made]; k != nil {
			k.made = true
		}
	}
	if p := ix.plans["audit_logs.actions.schemas.create"]; p != nil {
		p.needs = 0 // an action not yet known comes into being with its schema
	}
	own := handlers()
	for id, p := range ix.plans {
		do := own[id]
		if do != nil {
			p.do = do
		}
		p.settle(do != nil)
	}
}
