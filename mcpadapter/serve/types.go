package serve

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// toolTypes prints declarations for programs in code mode.
func (p program) toolTypes(f *flags) *cobra.Command {
	types := &cobra.Command{
		Use: "types [PREFIX]", Short: "Print the operations whose names begin with PREFIX as TypeScript",
		Args: p.onePrefix,
		RunE: func(cmd *cobra.Command, args []string) error {
			adapter, err := p.shellAdapter(*f)
			if err != nil {
				return err
			}
			prefix := strings.Join(args, "")
			text := adapter.Declarations(cmd.Context(), prefix)
			if text == "" {
				return usageError{errors.New(p.explainEmpty(adapter, prefix))}
			}
			if _, err := fmt.Fprint(cmd.OutOrStdout(), text); err != nil {
				return fmt.Errorf("write the types: %w", err)
			}
			return nil
		},
	}
	types.ValidArgsFunction = p.completePrefix(f)
	return types
}
