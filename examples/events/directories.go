package main

import (
	"fmt"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/gen"
)

// directories are users, groups and their members, as the providers of customers have them. A person who left is there
// with another state than "active" until the provider deletes them.
var directories = subject{
	name: "directories",
	types: []fmt.Stringer{
		events.DsyncUserCreated, events.DsyncUserUpdated, events.DsyncUserDeleted,
		events.DsyncGroupCreated, events.DsyncGroupUpdated, events.DsyncGroupDeleted,
		events.DsyncGroupUserAdded, events.DsyncGroupUserRemoved, events.DsyncDeleted,
	},
	tables: []string{
		`CREATE TABLE IF NOT EXISTS directory_users (id TEXT PRIMARY KEY, directory_id TEXT NOT NULL,
			organization_id TEXT NOT NULL, email TEXT, first_name TEXT, last_name TEXT, state TEXT NOT NULL)`,
		`CREATE TABLE IF NOT EXISTS directory_groups (id TEXT PRIMARY KEY, directory_id TEXT NOT NULL,
			organization_id TEXT NOT NULL, name TEXT NOT NULL)`,
		`CREATE TABLE IF NOT EXISTS directory_members (group_id TEXT NOT NULL, user_id TEXT NOT NULL,
			directory_id TEXT NOT NULL, PRIMARY KEY (group_id, user_id))`,
	},
	statements: directoryStatements,
}

const (
	putUser = `INSERT INTO directory_users (id, directory_id, organization_id, email, first_name, last_name, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET directory_id = excluded.directory_id,
		organization_id = excluded.organization_id, email = excluded.email, first_name = excluded.first_name,
		last_name = excluded.last_name, state = excluded.state`
	putGroup = `INSERT INTO directory_groups (id, directory_id, organization_id, name) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET directory_id = excluded.directory_id, organization_id = excluded.organization_id,
		name = excluded.name`
	putMember = `INSERT INTO directory_members (group_id, user_id, directory_id) VALUES ($1, $2, $3)
		ON CONFLICT (group_id, user_id) DO NOTHING`
)

func directoryStatements(e *events.Event) ([]statement, error) {
	switch e.Type {
	case string(events.DsyncUserCreated), string(events.DsyncUserUpdated), string(events.DsyncUserDeleted):
		return directoryUser(e)
	case string(events.DsyncGroupCreated), string(events.DsyncGroupUpdated), string(events.DsyncGroupDeleted):
		return directoryGroup(e)
	case string(events.DsyncGroupUserAdded), string(events.DsyncGroupUserRemoved):
		m, err := events.Type[gen.DirectoryMembershipPayload](e.Type).Data(e)
		if err != nil {
			return nil, err
		}
		if e.Type == string(events.DsyncGroupUserAdded) {
			return []statement{{putMember, []any{m.Group.ID, m.User.ID, m.DirectoryID}}}, nil
		}
		return []statement{{
			"DELETE FROM directory_members WHERE group_id = $1 AND user_id = $2", []any{m.Group.ID, m.User.ID},
		}}, nil
	case string(events.DsyncDeleted): // which no events about its users and groups follow
		d, err := events.DsyncDeleted.Data(e)
		if err != nil {
			return nil, err
		}
		return []statement{
			{"DELETE FROM directory_members WHERE directory_id = $1", []any{d.ID}},
			{"DELETE FROM directory_groups WHERE directory_id = $1", []any{d.ID}},
			{"DELETE FROM directory_users WHERE directory_id = $1", []any{d.ID}},
		}, nil
	default:
		return nil, nil
	}
}

func directoryUser(e *events.Event) ([]statement, error) {
	if e.Type == string(events.DsyncUserDeleted) {
		u, err := events.DsyncUserDeleted.Data(e)
		if err != nil {
			return nil, err
		}
		return []statement{
			{"DELETE FROM directory_members WHERE user_id = $1", []any{u.ID}},
			{"DELETE FROM directory_users WHERE id = $1", []any{u.ID}},
		}, nil
	}
	u, err := events.Type[gen.DirectoryUserPayload](e.Type).Data(e)
	if err != nil {
		return nil, err
	}
	return []statement{{putUser, []any{
		u.ID, u.DirectoryID, u.OrganizationID, u.Email, u.FirstName, u.LastName, string(u.State),
	}}}, nil
}

func directoryGroup(e *events.Event) ([]statement, error) {
	g, err := events.Type[gen.DirectoryGroup](e.Type).Data(e)
	if err != nil {
		return nil, err
	}
	if e.Type == string(events.DsyncGroupDeleted) {
		return []statement{
			{"DELETE FROM directory_members WHERE group_id = $1", []any{g.ID}},
			{"DELETE FROM directory_groups WHERE id = $1", []any{g.ID}},
		}, nil
	}
	return []statement{{putGroup, []any{g.ID, g.DirectoryID, g.OrganizationID, g.Name}}}, nil
}
