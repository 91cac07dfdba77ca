package twilio

import (
	"fmt"
	"net/http"
	"regexp"
	"time"
)

// APIError is a refusal by Twilio's REST API, or by a proxy before it.
type APIError struct {
	Status     int           // of HTTP
	Code       int           // Twilio's own, such as 20404; 0 if the answer was not Twilio's
	Message    string        // Twilio's sentence, telephone numbers masked
	RetryAfter time.Duration // how long Twilio asks us to wait, up to an hour; 0 if it does not
}

func (e *APIError) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("the API answered %d: %s", e.Status, e.Message)
	}
	return fmt.Sprintf("the API answered %d, error %d: %s", e.Status, e.Code, e.Message)
}

// Gone reports whether the call asked for has ended or is not the account's: 404, or
// the codes 20404 and 21220 of Twilio's error dictionary.
func (e *APIError) Gone() bool {
	return e.Status == http.StatusNotFound || e.Code == 20404 || e.Code == 21220
}

// numberLike is a run of digits that may be a telephone number, with whatever somebody
// wrote between them.
var numberLike = regexp.MustCompile(`\+?[0-9](?:[ ().-]{0,2}[0-9]){6,}`)

// mask hides telephone numbers in a sentence of Twilio's.
func mask(s string) string { return numberLike.ReplaceAllString(s, "…") }
