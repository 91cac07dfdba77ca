package tools

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/rs/zerolog"
)

// unasked is what a server may send by itself, without the parameters.
var unasked = []string{"progress", "message", "cancelled", "elicitation/complete", "tools/list_changed", "prompts/list_changed",
	"resources/list_changed", "resources/updated", "subscriptions/acknowledged", "nobody/knows"}

// curtServer sends all of it before each answer to a call.
func curtServer() {
	in := bufio.NewScanner(os.Stdin)
	for answerByHand(in, func(method string, _ json.RawMessage) string {
		if method == "tools/list" {
			return oneTool
		}
		for _, what := range unasked {
			fmt.Printf(`{"jsonrpc":"2.0","method":"notifications/%s"}`+"\n", what)
			fmt.Printf(`{"jsonrpc":"2.0","method":"notifications/%s","params":null}`+"\n", what)
		}
		return `{"content":[{"type":"text","text":"seen"}]}`
	}) {
	}
}

// A notification without its parameters ends neither this process nor the connection.
func TestMCPServerThatSendsNoParameters(t *testing.T) {
	t.Parallel()
	r := joined(t, zerolog.Nop(), own(t, "curt"))
	p, _ := isUp(r, "curt")
	for range 3 {
		if answer := calls(t, r, "curt.look", ""); answer.Content != "seen" {
			t.Errorf("answer is %+v", answer)
		}
	}
	if now, up := isUp(r, "curt"); !up || now != p {
		t.Error("the server was started again")
	}
}
