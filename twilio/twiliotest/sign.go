package twiliotest

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"io"
	"net/url"
	"slices"
	"strings"
)

// Sign makes the X-Twilio-Signature of a request for url, which is written as Twilio
// knows it: the HMAC-SHA1 under the auth token of the URL and of each field's name and
// value, the fields sorted by name. form is nil for a GET and for a media socket.
func Sign(token, url string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	io.WriteString(mac, url)
	var names []string
	for name := range form {
		names = append(names, name)
	}
	slices.SortFunc(names, strings.Compare)
	for _, name := range names {
		values := slices.Clone(form[name])
		slices.Sort(values)
		for i, value := range values {
			if i == 0 || value != values[i-1] {
				io.WriteString(mac, name+value)
			}
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
