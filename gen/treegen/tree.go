package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Node is a service: the operations whose IDs share a prefix.
type Node struct {
	Field    string // in the parent, such as Invitations
	Type     string // such as UserManagementInvitationsService
	Path     string // such as user_management.invitations
	Product  string // such as AuthKit
	Purpose  string // predicate of the doc comment, such as "invites people by email"
	Example  *Example
	Children []*Node
	Methods  []*Method
}

const methodExtension = "x-go-method"

// Plant builds the tree of a table's operations with the types of a generated client.
func Plant(table *optable.Table, client reflect.Type) (*Node, error) {
	names := map[string]reflect.Method{}
	for method := range client.Methods() {
		if name, ok := strings.CutSuffix(method.Name, "WithResponse"); ok &&
			!strings.HasSuffix(name, "WithBody") {
			names[strings.ToLower(name)] = method
		}
	}
	root := &Node{}
	for i := range table.Operations {
		op := &table.Operations[i]
		method, ok := names[strings.NewReplacer(".", "", "_", "").Replace(op.ID)]
		if !ok {
			return nil, fmt.Errorf("%s: the client has no method for it", op.ID)
		}
		m, err := newMethod(op, method)
		if err == nil {
			err = errors.Join(m.constants(table, method), root.add(m))
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", op.ID, err)
		}
	}
	return root, nil
}

// add adds a method at the place that its operation's ID determines.
func (n *Node) add(m *Method) error {
	op := m.Operation
	segments := strings.Split(op.ID, ".")
	words := split(m.GoName, segments)
	last := len(words) - 1
	segments, words, m.Name = segments[:last], words[:last], words[last]
	if given := op.Extension(methodExtension); given != "" {
		if err := json.Unmarshal([]byte(given), &m.Name); err != nil || !token.IsExported(m.Name) {
			return fmt.Errorf("%s is %s: want an exported name", methodExtension, given)
		}
		segments, words = segments[:last-1], words[:last-1]
	}
	at := n
	for i := range words {
		typ, err := typeName(words[:i+1], "Service")
		if err != nil {
			return err
		}
		at = at.child(words[i], strings.Join(segments[:i+1], "."), typ)
	}
	for _, other := range at.Methods {
		if other.Name == m.Name {
			return fmt.Errorf("%s has the method %s already, of %s", at.Type, m.Name, other.Operation.ID)
		}
	}
	at.Methods = append(at.Methods, m)
	return nil
}

// all returns the methods of a service and of those below it.
func (n *Node) all() []*Method {
	methods := n.Methods
	for _, c := range n.Children {
		methods = append(slices.Clip(methods), c.all()...)
	}
	return methods
}

func (n *Node) child(field, path, typ string) *Node {
	for _, c := range n.Children {
		if c.Field == field {
			return c
		}
	}
	c := &Node{Field: field, Path: path, Type: typ}
	n.Children = append(n.Children, c)
	return c
}

// split divides a Go name into the segments of an operation's ID. They differ only in case.
func split(name string, segments []string) []string {
	words := make([]string, len(segments))
	for i, segment := range segments {
		length := len(strings.ReplaceAll(segment, "_", ""))
		words[i], name = name[:length], name[length:]
	}
	return words
}
