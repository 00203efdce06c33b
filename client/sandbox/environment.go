package sandbox

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// environment is what one API key, or several, reach.
type environment struct {
	signer

	sandbox *Sandbox
	key     string // that it belongs to; "": the first to come takes it
	store   *store
}

// keyPrefix is what API keys begin with.
const keyPrefix = "sk_"

// environmentOf finds the environment that a request is for, and makes it if need be: by its API key, by its client
// secret, by the token that it carries, or, where it names none of those, the first.
func (s *Sandbox) environmentOf(c *call) (*environment, error) {
	bearer := c.request.bearer
	takesKey, optional := needsKey(c.plan.op)
	switch {
	case s.anyKey:
		return s.environment(""), nil
	case needsPlatform(c.plan.op):
		if env := s.platformOf(c); env != nil {
			return env, nil
		}
		return nil, errUnauthorized
	case strings.HasPrefix(bearer, keyPrefix): // also where none is asked for
		return s.environment(bearer), nil
	case takesKey && !optional:
		return nil, errUnauthorized
	}
	if secret := text(c.body["client_secret"]); strings.HasPrefix(secret, keyPrefix) {
		return s.environment(secret), nil
	}
	for _, env := range s.environments {
		if env.knows(c) {
			return env, nil
		}
	}
	if len(s.environments) > 0 {
		return s.environments[0], nil
	}
	return s.environment(""), nil
}

// needsKey reports whether an operation takes an API key, and whether it can do without a credential.
func needsKey(op *optable.Operation) (takes, optional bool) {
	for _, alternative := range op.Security {
		optional = optional || len(alternative) == 0
		takes = takes || slices.ContainsFunc(alternative, func(s optable.Credential) bool { return s.Scheme == "bearer" })
	}
	return takes || op.Security == nil, optional
}

var errUnauthorized = &problem{status: http.StatusUnauthorized, message: "Unauthorized"}

// environment returns that of a key. An environment that has no key yet becomes that of the first.
func (s *Sandbox) environment(key string) *environment {
	if len(s.environments) > 0 && (s.shared || key == "") {
		return s.environments[0]
	}
	for _, env := range s.environments {
		if env.key == key {
			return env
		}
	}
	i := slices.IndexFunc(s.environments, func(env *environment) bool { return env.key == "" })
	if i >= 0 {
		s.environments[i].key = key
	} else {
		i = len(s.environments)
		env := newEnvironment(s.ready(), key, s.seed+uint64(i))
		env.sandbox = s
		s.environments = append(s.environments, env)
	}
	s.append(i)
	return s.environments[i]
}

func newEnvironment(ix *index, key string, seed uint64) *environment {
	return &environment{key: key, store: newStore(seed, ix.indexed, ix.own), signer: signer{seed: seed}}
}

// knows reports whether a credential that the request carries is one of the environment's.
func (env *environment) knows(c *call) bool {
	probe := *c
	probe.store = env.store
	for _, field := range []string{
		"code", "refresh_token", "device_code", fieldPending, "state", "token", fieldSecret, fieldForm,
	} {
		for _, v := range []string{text(c.body[field]), c.query.Get(field)} {
			if v != "" && len(env.store.having(env.store.own.grant, grantSecret, digest(v))) > 0 {
				return true
			}
		}
	}
	secret, client := text(c.body["client_secret"]), cmp.Or(text(c.body[fieldClient]), c.query.Get(fieldClient))
	if id, password, ok := basic(c.request.basic); ok {
		client, secret = id, password
	}
	if probe.findBy(c.ix.kinds[kindApplication], fieldClient, client) != nil {
		return true
	}
	if len(env.store.having(c.ix.kinds[kindClientSecret], grantSecret, digest(secret))) > 0 {
		return true
	}
	if env.has(&probe) {
		return true
	}
	if c.request.bearer != "" && env.claims(c.request.bearer) != nil {
		return true
	}
	return c.request.bearer != "" && len(env.store.having(env.store.own.grant, grantSecret, digest(c.request.bearer))) > 0
}

// has reports whether the query names a thing of the environment by its ID, or a user by the email address.
func (env *environment) has(c *call) bool {
	for i := range c.plan.op.Parameters {
		p := &c.plan.op.Parameters[i]
		if k := c.ix.namedBy(c.plan.params[i].IDPrefixes); k != nil && p.In == optable.InQuery &&
			env.store.get(k, c.query.Get(p.Name)) != nil {
			return true
		}
	}
	return c.findBy(c.ix.kinds[kindUser], fieldEmail, c.query.Get("login_hint")) != nil
}

// answer runs a request as one transaction, or undoes it and returns whom to ask first.
func (env *environment) answer(c *call, err error) (reply, *consultation) {
	c.env, c.store = env, env.store
	var random []byte
	if len(env.store.all(env.store.own.action)) > 0 {
		random, _ = env.store.random.MarshalBinary() // never fails
	}
	id := env.store.newID("req_", c.now)
	var rep reply
	if err == nil {
		rep, err = c.answer()
	}
	if q, asks := errors.AsType[*consultation](err); asks {
		env.store.rollback()
		_ = env.store.random.UnmarshalBinary(random)
		return reply{}, q
	}
	var kept *keptError
	switch {
	case err == nil:
		err = env.commit()
	case asKept(err, &kept):
		rep = c.problemReply(kept.problem)
		err = env.commit()
	}
	if err != nil {
		env.store.rollback()
		rep = c.problemReply(err)
	}
	rep.requestID = id
	return rep, nil
}

// commit keeps the changes of the open transaction, in the file too if there is one. With an error it is still open.
func (env *environment) commit() error {
	if err := env.sandbox.record(env); err != nil {
		return err
	}
	if env.store.changes(env.store.own.delivery) {
		env.sandbox.notify()
	}
	env.store.commit()
	return nil
}
