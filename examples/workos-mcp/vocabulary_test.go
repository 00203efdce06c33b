package main

import (
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// What users write: paths, flags, environment variables and headers.
const (
	mcpPath = "/mcp"

	exitOK, exitFailed, exitUsage = serve.ExitOK, serve.ExitFailed, serve.ExitUsage

	maxResultFlag, maxElementsFlag = "max-result-bytes", "max-elements"
	hideFlag, noArgumentsFlag      = "hide-secrets", "no-answer-arguments"

	toolsetsEnv, allowEnv, denyEnv = "WORKOS_MCP_TOOLSETS", "WORKOS_MCP_ALLOW", "WORKOS_MCP_DENY"
	readOnlyEnv, modeEnv           = "WORKOS_MCP_READ_ONLY", "WORKOS_MCP_MODE"
	confirmEnv, confirmKeyEnv      = "WORKOS_MCP_CONFIRM", "WORKOS_MCP_CONFIRM_KEY"

	toolsetsHeader, allowHeader, denyHeader = "X-MCP-Toolsets", "X-MCP-Allow", "X-MCP-Deny"
	readOnlyHeader, confirmHeader           = "X-MCP-Readonly", "X-MCP-Confirm"
	maxResultHeader, hideHeader             = "X-MCP-Max-Result-Bytes", "X-MCP-Hide-Secrets"
)

// envOf returns the environment variable for a flag.
func envOf(flag string) string {
	return "WORKOS_MCP_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
