package call

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

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
		token := mint.mint(someCall, agent, epoch)
		c, err := mint.check(someCall, token, epoch.Add(tokenLife-time.Millisecond))
		if err != nil || c.agent != agent || !c.expires.Equal(epoch.Add(tokenLife)) {
			t.Errorf("agent %q: got %q until %v, %v", agent, c.agent, c.expires, err)
		}
	}
	a, _ := mint.check(someCall, mint.mint(someCall, "support", epoch), epoch)
	b, _ := mint.check(someCall, mint.mint(someCall, "support", epoch), epoch)
	if a.hash == b.hash {
		t.Error("two tokens of a call are the same")
	}
}

func TestTokenRefused(t *testing.T) {
	t.Parallel()
	token := mint.mint(someCall, "support", epoch)
	other := tokens{[]byte("another key, of another instance")}
	for _, test := range []struct {
		name  string
		call  carrier.CallID
		token string
		now   time.Time
		want  error
	}{
		{"missing", someCall, "", epoch, errTokenWrong},
		{"of another call", otherCall, token, epoch, errTokenWrong},
		{"of no call", "", token, epoch, errTokenWrong},
		{"signed by another key", someCall, other.mint(someCall, "support", epoch), epoch, errTokenWrong},
		{"not base64", someCall, strings.Repeat("!", len(token)), epoch, errTokenWrong},
		{"cut short", someCall, token[:len(token)-4], epoch, errTokenWrong},
		{"with something behind it", someCall, token + "AAAA", epoch, errTokenWrong},
		{"in its last moment", someCall, token, epoch.Add(tokenLife), errTokenExpired},
		{"a day old", someCall, token, epoch.Add(24 * time.Hour), errTokenExpired},
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
		token := mint.mint(someCall, agent, epoch)
		raw, err := base64.RawURLEncoding.DecodeString(token)
		if err != nil {
			t.Fatal(err)
		}
		for i := range raw {
			for bit := range 8 {
				raw[i] ^= 1 << bit
				if _, err := mint.check(someCall, base64.RawURLEncoding.EncodeToString(raw), epoch); !errors.Is(err, errTokenWrong) {
					t.Errorf("bit %d of byte %d changed: %v", bit, i, err)
				}
				raw[i] ^= 1 << bit
			}
		}
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		for i := range token {
			for _, c := range alphabet {
				if changed := token[:i] + string(c) + token[i+1:]; changed != token {
					if _, err := mint.check(someCall, changed, epoch); !errors.Is(err, errTokenWrong) {
						t.Errorf("character %d as %q: %v", i, c, err)
					}
				}
			}
		}
	}
}

// Nothing but what was minted is ever taken.
func FuzzToken(f *testing.F) {
	body := binary.BigEndian.AppendUint64(make([]byte, nonceSize), uint64(epoch.Add(tokenLife).UnixMilli()))
	body = append(body, "support"...)
	good := base64.RawURLEncoding.EncodeToString(append(body, mint.mac(someCall, body)...)) // the same in each of the fuzzer's processes
	for _, seed := range []string{good, "", "AAAA", good[:len(good)-1], good + "=", good + "\n", mint.mint(otherCall, "support", epoch), strings.Repeat("_", 100)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		c, err := mint.check(someCall, token, epoch)
		if err == nil && (token != good || c.agent != "support") {
			t.Errorf("%q is taken, for agent %q", token, c.agent)
		}
	})
}
