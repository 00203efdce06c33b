package client

import "github.com/oapi-codegen/nullable"

// Ptr returns a pointer to a copy of v, for optional fields.
func Ptr[T any](v T) *T { return &v } //nolint:modernize // go fix must not rewrite the calls of users

// Value returns v for an optional field that null clears. The zero value of such a field is omitted from the request.
func Value[T any](v T) nullable.Nullable[T] { return nullable.NewNullableWithValue(v) }

// Null returns null for an optional field that null clears.
func Null[T any]() nullable.Nullable[T] { return nullable.NewNullNullable[T]() }
