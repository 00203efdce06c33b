package serve

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// toolTypes prints declarations for programs in code mode.
func (p program) toolTypes(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "types [PREFIX]", Short: "Print the operations whose names begin with PREFIX as TypeScript",
		Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			adapter, err := p.shellAdapter(*f)
			if err != nil {
				return err
			}
			prefix := strings.Join(args, "")
			text := adapter.Declarations(cmd.Context(), prefix)
			if text == "" {
				return usageError{fmt.Errorf("no operation has a name that begins with %q", prefix)}
			}
			if _, err := fmt.Fprint(cmd.OutOrStdout(), text); err != nil {
				return fmt.Errorf("write the types: %w", err)
			}
			return nil
		},
	}
}
