package tools

import (
	"context"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// heeded lets through what we have a use for of all that a server sends by itself. The rest never reaches the SDK's
// handlers: one of them panics when parameters are missing, with a lock held, and a server would end this process so.
func heeded(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, r mcp.Request) (mcp.Result, error) {
		switch {
		case method == "ping", method == "notifications/tools/list_changed", method == "notifications/subscriptions/acknowledged":
			return next(ctx, method, r)
		case strings.HasPrefix(method, "notifications/"):
			return nil, nil // which has no answer
		}
		return nil, &jsonrpc.Error{Code: jsonrpc.CodeMethodNotFound, Message: "not supported"}
	}
}

// unkept has the SDK keep no list of tools, however long the server says that it holds (ttlMs): a list is asked for when it
// is said to have changed, or as a sign of life, which has to come from the server.
func unkept(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, r mcp.Request) (mcp.Result, error) {
		result, err := next(ctx, method, r)
		if list, ok := result.(*mcp.ListToolsResult); ok && list != nil {
			list.TTLMs = 0
		}
		return result, err
	}
}
