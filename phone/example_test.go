package phone_test

import (
	"fmt"

	"github.com/patchcord/patchcord/phone"
)

func ExampleParse() {
	n, err := phone.Parse("+14155550142")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(n)        // what a log sees
	fmt.Println(n.E164()) // what Twilio gets
	// Output:
	// +1415…0142
	// +14155550142
}

func ExampleRedact() {
	fmt.Println(phone.Redact("sip:alice@example.com"))
	// Output: sip:…
}
