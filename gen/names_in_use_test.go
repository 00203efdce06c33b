package gen_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter/optable"
)

// namesInUse are names that programs and prompts call by. Nobody may rename these.
const namesInUse = `
api_keys.validations.create
audit_logs.actions.list
audit_logs.actions.schemas.list
audit_logs.actions.schemas.create
audit_logs.events.create
audit_logs.exports.create
audit_logs.exports.get
auth.factors.get
auth.factors.delete
authorization.organization_memberships.check.create
authorization.organization_memberships.resources.list
authorization.organization_memberships.role_assignments.list
authorization.organization_memberships.role_assignments.create
authorization.organization_memberships.role_assignments.by_organization_membership_id.delete
authorization.organization_memberships.role_assignments.delete
authorization.organizations.roles.list
authorization.organizations.roles.create
authorization.organizations.roles.get
authorization.organizations.roles.update
authorization.organizations.roles.delete
authorization.organizations.roles.permissions.create
authorization.organizations.roles.permissions.update
authorization.organizations.roles.permissions.delete
authorization.organizations.resources.get
authorization.organizations.resources.update
authorization.organizations.resources.delete
authorization.organizations.resources.organization_memberships.list
authorization.permissions.list
authorization.permissions.create
authorization.permissions.get
authorization.permissions.update
authorization.permissions.delete
authorization.resources.list
authorization.resources.create
authorization.resources.get
authorization.resources.update
authorization.resources.delete
authorization.resources.organization_memberships.list
authorization.roles.list
authorization.roles.create
authorization.roles.get
authorization.roles.update
authorization.roles.permissions.create
authorization.roles.permissions.update
connect.applications.list
connect.applications.create
connect.applications.get
connect.applications.update
connect.applications.delete
connections.list
connections.get
connections.delete
directories.list
directories.get
directories.delete
directory_groups.list
directory_groups.get
directory_users.list
directory_users.get
events.list
`

func TestNamesInUseStay(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(namesInUse) {
		if !slices.ContainsFunc(gen.Operations.Operations, func(op optable.Operation) bool { return op.ID == name }) {
			t.Errorf("no operation is called %s", name)
		}
	}
}
