package twiml_test

import (
	"fmt"

	"github.com/patchcord/patchcord/twiml"
)

func ExampleReject() {
	doc, err := twiml.Reject(twiml.Busy)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(doc)
	// Output: <?xml version="1.0" encoding="UTF-8"?><Response><Reject reason="busy"/></Response>
}

func ExampleFallback() {
	fmt.Println(twiml.Fallback("Sorry, we can't talk now.", "+14155550199"))
	// Output: <?xml version="1.0" encoding="UTF-8"?><Response><Say>Sorry, we can&apos;t talk now.</Say><Dial>+14155550199</Dial><Hangup/></Response>
}
