package call

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/call/leg/legtest"
	"github.com/patchcord/patchcord/carrier"
)

const (
	someCall  carrier.CallID = "CA00000000000000000000000000000001"
	otherCall carrier.CallID = "CA00000000000000000000000000000002"
)

var mint = tokens{[]byte("a key of the test, 32 bytes long")}

func TestTokenRoundTrip(t *testing.T) {
	t.Parallel()
	for _, agent := range []string{"", "support", "ünïcode", strings.Repeat("x", 200)} {
		token := mint.mint(someCall, agent, legtest.Epoch)
		c, err := mint.check(someCall, token, legtest.Epoch.Add(tokenLife-time.Millisecond))
		if err != nil || c.agent != agent || !c.expires.Equal(legtest.Epoch.Add(tokenLife)) {
			t.Errorf("agent %q: got %q until %v, %v", agent, c.agent, c.expires, err)
		}
	}
	a, _ := mint.check(someCall, mint.mint(someCall, "support", legtest.Epoch), legtest.Epoch)
	b, _ := mint.check(someCall, mint.mint(someCall, "support", legtest.Epoch), legtest.Epoch)
	if a.hash == b.hash {
		t.Error("two tokens of a call are the same")
	}
}

func TestTokenRefused(t *testing.T) {
	t.Parallel()
	token := mint.mint(someCall, "support", legtest.Epoch)
	other := tokens{[]byte("another key, of another instance")}
	for _, test := range []struct {
		name  string
		call  carrier.CallID
		token string
		now   time.Time
		want  error
	}{
		{"missing", someCall, "", legtest.Epoch, errTokenWrong},
		{"of another call", otherCall, token, legtest.Epoch, errTokenWrong},
		{"of no call", "", token, legtest.Epoch, errTokenWrong},
		{"signed by another key", someCall, other.mint(someCall, "support", legtest.Epoch), legtest.Epoch, errTokenWrong},
		{"not base64", someCall, strings.Repeat("!", len(token)), legtest.Epoch, errTokenWrong},
		{"cut short", someCall, token[:len(token)-4], legtest.Epoch, errTokenWrong},
		{"with something behind it", someCall, token + "AAAA", legtest.Epoch, errTokenWrong},
		{"in its last moment", someCall, token, legtest.Epoch.Add(tokenLife), errTokenExpired},
		{"a day old", someCall, token, legtest.Epoch.Add(24 * time.Hour), errTokenExpired},
	} {
		if _, err := mint.check(test.call, test.token, test.now); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
}

// No byte of a token may be another one, and no character of its text: what is
// used up is known by the token, so it must not be written in two ways.
func TestTamperedToken(t *testing.T) {
	t.Parallel()
	for _, agent := range []string{"support", "reminder", "reminders"} { // so that the text ends in all three ways
		token := mint.mint(someCall, agent, legtest.Epoch)
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			t.Fatal(err)
		}
		for i := range raw {
			for bit := range 8 {
				raw[i] ^= 1 << bit
				if _, err := mint.check(someCall, base64.RawURLEncoding.EncodeToString(raw), legtest.Epoch); !errors.Is(err, errTokenWrong) {
					t.Errorf("bit %d of byte %d changed: %v", bit, i, err)
				}
				raw[i] ^= 1 << bit
			}
		}
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		for i := range token {
			for _, c := range alphabet {
				if changed := token[:i] + string(c) + token[i+1:]; changed != token {
					if _, err := mint.check(someCall, changed, legtest.Epoch); !errors.Is(err, errTokenWrong) {
						t.Errorf("character %d as %q: %v", i, c, err)
					}
				}
			}
		}
	}
}

// Nothing but what was minted is ever taken.
func FuzzToken(f *testing.F) {
	body := binary.BigEndian.AppendUint64(make([]byte, nonceSize), uint64(legtest.Epoch.Add(tokenLife).UnixMilli()))
	body = append(body, "support"...)
	good := base64.RawURLEncoding.EncodeToString(append(body, mint.mac(someCall, body)...)) // the same in each of the fuzzer's processes
	for _, seed := range []string{good, "", "AAAA", good[:len(good)-1], good + "=", good + "\n", mint.mint(otherCall, "support", legtest.Epoch), strings.Repeat("_", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		c, err := mint.check(someCall, token, legtest.Epoch)
		if err == nil && (token != good || c.agent != "support") {
			t.Errorf("%q is taken, for agent %q", token, c.agent)
		}
	})
}
