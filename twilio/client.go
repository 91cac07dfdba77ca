package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/patchcord/patchcord/phone"
	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Config says whose account a [Client] works in, and where.
type Config struct {
	AccountSID string // "AC" and 32 hex digits
	AuthToken  string // the account's; not needed with an API key

	// APIKey and APISecret are used in place of the auth token where both are given.
	APIKey, APISecret string

	// BaseURL is the scheme and host of the API, with a path if need be. Defaults to
	// https://api.twilio.com.
	BaseURL string

	// Timeout bounds each request, beside its context. Defaults to 10 s.
	Timeout time.Duration

	// Transport carries the requests, such as through a proxy. Defaults to
	// http.DefaultTransport.
	Transport http.RoundTripper
}

// Client makes requests of Twilio's REST API. It may be used by many goroutines at once
// and has nothing to close. Its errors are an [*APIError] where Twilio answered, and hold
// neither credentials nor telephone numbers.
type Client struct {
	account     string
	credentials *client.Credentials
	base        *url.URL
	timeout     time.Duration
	transport   http.RoundTripper
	clock       clock
}

var (
	accountSID = regexp.MustCompile(`^AC[0-9a-fA-F]{32}$`)
	credential = regexp.MustCompile(`^[0-9A-Za-z]+$`) // what twilio-go lets through
)

// NewClient checks the configuration, all of it, and makes a client. It sends nothing.
func NewClient(c Config) (*Client, error) {
	user, password := c.AccountSID, c.AuthToken
	if c.APIKey != "" || c.APISecret != "" {
		user, password = c.APIKey, c.APISecret
	}
	if c.BaseURL == "" {
		c.BaseURL = "https://api.twilio.com"
	}
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	var errs []error
	if !accountSID.MatchString(c.AccountSID) {
		errs = append(errs, errors.New(`AccountSID: want "AC" and 32 hex digits`))
	}
	if !credential.MatchString(user) || !credential.MatchString(password) {
		errs = append(errs, errors.New("AuthToken, or APIKey and APISecret: want letters and digits alone"))
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.User != nil {
		errs = append(errs, errors.New("BaseURL: want http or https and a host, without a user"))
	}
	if c.Timeout < 0 {
		errs = append(errs, errors.New("Timeout: want more than 0"))
	}
	if len(errs) > 0 {
		return nil, fmt.Errorf("twilio: client: %w", errors.Join(errs...))
	}
	base = base.JoinPath("/") // an empty path would make relative ones
	return &Client{
		account: c.AccountSID, credentials: client.NewCredentials(user, password),
		base: base, timeout: c.Timeout, transport: c.Transport,
	}, nil
}

// HangUp ends a call, ringing or answered. A call that has ended already, or that the
// account does not have, is no error. It may be repeated.
func (c *Client) HangUp(ctx context.Context, sid CallSID) error {
	err := c.update(ctx, "hang up", sid, new(api.UpdateCallParams).SetStatus("completed"))
	var refused *APIError
	if errors.As(err, &refused) && refused.Gone() {
		return nil
	}
	return err
}

// Cancel ends a call that nobody has answered yet. Afterwards Twilio calls it canceled, and
// so it can be told from one that was answered and has ended.
func (c *Client) Cancel(ctx context.Context, sid CallSID) error {
	return c.update(ctx, "cancel", sid, new(api.UpdateCallParams).SetStatus("canceled"))
}

// maxTwiML bounds TwiML that is sent with a request, in characters (error 32018).
const maxTwiML = 4000

// Redirect gives a live call new TwiML. Its media stream gets a stop message and is
// closed. Of a call that has ended it is an [*APIError] that is Gone.
func (c *Client) Redirect(ctx context.Context, sid CallSID, twiml string) error {
	if n := len([]rune(twiml)); n == 0 || n > maxTwiML {
		return fmt.Errorf("twilio: redirect: the TwiML has %d characters: want 1 to %d", n, maxTwiML)
	}
	return c.update(ctx, "redirect", sid, new(api.UpdateCallParams).SetTwiml(twiml))
}

func (c *Client) update(ctx context.Context, verb string, sid CallSID, params *api.UpdateCallParams) error {
	if _, err := ParseCallSID(string(sid)); err != nil {
		return fmt.Errorf("twilio: %s: call SID: %w", verb, err)
	}
	return c.do(ctx, verb, func(s *api.ApiService) error {
		_, err := s.UpdateCall(string(sid), params)
		return err
	})
}

// Account returns the account's status: "active", "suspended" or "closed". It shows
// that the credentials are right.
func (c *Client) Account(ctx context.Context) (status string, err error) {
	err = c.do(ctx, "fetch account", func(s *api.ApiService) error {
		account, err := s.FetchAccount(c.account)
		if err == nil {
			status = value(account.Status)
		}
		return err
	})
	return status, err
}

// IncomingNumber is where a number of the account sends its calls.
type IncomingNumber struct {
	SID            string
	VoiceURL       string
	VoiceMethod    string // "POST" or "GET"
	StatusCallback string
	SMSURL         string // of texts to the number
}

// IncomingNumber looks a number up in the account. found is false if it is not there.
func (c *Client) IncomingNumber(ctx context.Context, n phone.Number) (number IncomingNumber, found bool, err error) {
	params := new(api.ListIncomingPhoneNumberParams).SetPhoneNumber(n.E164()).SetPageSize(1)
	err = c.do(ctx, "look up number", func(s *api.ApiService) error {
		page, err := s.PageIncomingPhoneNumber(params, "", "")
		if err != nil || len(page.IncomingPhoneNumbers) == 0 {
			return err
		}
		first := page.IncomingPhoneNumbers[0]
		found = true
		number = IncomingNumber{SID: value(first.Sid), VoiceURL: value(first.VoiceUrl), VoiceMethod: value(first.VoiceMethod), StatusCallback: value(first.StatusCallback),
			SMSURL: value(first.SmsUrl)}
		return nil
	})
	return number, found, err
}

// SetIncomingNumber sets where a number sends its calls, their end and its texts. An application
// that is set in place of them would count for more, and is taken off.
func (c *Client) SetIncomingNumber(ctx context.Context, n IncomingNumber) error {
	params := new(api.UpdateIncomingPhoneNumberParams).SetVoiceApplicationSid("").SetVoiceUrl(n.VoiceURL).SetVoiceMethod(n.VoiceMethod).
		SetStatusCallback(n.StatusCallback).SetStatusCallbackMethod(http.MethodPost).
		SetSmsApplicationSid("").SetSmsUrl(n.SMSURL).SetSmsMethod(http.MethodPost)
	return c.do(ctx, "set a number's webhooks", func(s *api.ApiService) error {
		_, err := s.UpdateIncomingPhoneNumber(n.SID, params)
		return err
	})
}

// value is *s, or "" where Twilio left a field out.
func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
