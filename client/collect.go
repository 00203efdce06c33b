package client

import (
	"context"
	"fmt"
	"iter"
)

// Collect returns the first items of an iteration, at most limit, which must be positive. It requests no page beyond
// them. If the iteration or ctx ends with an error, it returns the items before it and the error.
//
//	users, err := workos.Collect(ctx, c.UserManagement.Users.All(ctx, nil), 1000)
func Collect[T any](ctx context.Context, items iter.Seq2[T, error], limit int) ([]T, error) {
	if limit < 1 {
		return nil, fmt.Errorf("workos: Collect: invalid limit %d: want at least 1", limit)
	}
	var collected []T
	for item, err := range items {
		if err == nil && ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return collected, err //nolint:wrapcheck // of the iteration, or the cause that the caller gave ctx
		}
		if collected = append(collected, item); len(collected) == limit {
			break
		}
	}
	return collected, nil
}
