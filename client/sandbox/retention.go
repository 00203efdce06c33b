package sandbox

import (
	"strconv"
	"strings"
)

const (
	fieldRetention = "retention_period_in_days"

	daysOfMonth, daysOfYear = 30, 365
)

// setRetention sets how long the audit log events of an organization are kept.
func (c *call) setRetention() (any, error) {
	if period := c.inBody("retention_period"); period != "" {
		c.body[fieldRetention] = number(periodDays(period))
		delete(c.body, "retention_period")
	}
	return c.putSingle()
}

// periodDays is the length of a period such as 2_YEARS in days.
func periodDays(period string) int {
	count, unit, _ := strings.Cut(period, "_")
	n, _ := strconv.Atoi(count) // one of an enum
	if strings.HasPrefix(unit, "YEAR") {
		return n * daysOfYear
	}
	return n * daysOfMonth
}

// getRetention shows how long the events are kept; null if it was never set.
func (c *call) getRetention() (any, error) {
	return c.respond(map[string]any{fieldRetention: c.retention()}), nil
}

// retention is that of the organization that the path names, or nil.
func (c *call) retention() any {
	id := c.of(kindOrganization).id
	r := c.store.get(c.store.own.single, "/organizations/{id}/audit_logs_retention "+id)
	if r == nil {
		return nil
	}
	return r.fields[fieldRetention]
}

// getAuditConfiguration shows the state of an organization's audit logs. The sandbox has no log streams.
func (c *call) getAuditConfiguration() (any, error) {
	days := c.retention()
	if days == nil {
		days = number(daysOfMonth)
	}
	return c.respond(map[string]any{
		fieldOrganization: c.of(kindOrganization).id, fieldRetention: days, fieldState: stateActive,
	}), nil
}
