package redact_test

import (
	"encoding/json"
	"fmt"

	"github.com/patchcord/patchcord/redact"
	"github.com/patchcord/patchcord/tools"
)

// What is written down of a call is masked by rule. The tool and the agent get what was said.
func ExampleArguments() {
	tool := tools.Info{
		Secret: []string{"diagnosis"},
		Schema: json.RawMessage(`{"type":"object","properties":{"login":{"type":"string","format":"password"}}}`),
	}
	arguments := `{"login":"dana","diagnosis":"flu","card":"4111 1111 1111 1111","card_pin":1234,"amount":12.50}`
	fmt.Println(string(redact.Arguments(tool, json.RawMessage(arguments))))
	fmt.Println(redact.Result(tool, "Paid with 4111-1111-1111-1111 by Dana, 123-45-6789."))
	// Output:
	// {"login":"***","diagnosis":"***","card":"**** **** **** 1111","card_pin":"***","amount":12.50}
	// Paid with ****-****-****-1111 by Dana, ***-**-****.
}
