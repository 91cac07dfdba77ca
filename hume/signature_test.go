package hume_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/hume"
)

// The signature was computed by openssl: printf '%s.%s' BODY STAMP | openssl dgst -sha256 -hmac key-one
func TestVerify(t *testing.T) {
	const (
		body  = `{ "event_name":"chat_ended" , "chat_id":"c1"}`
		stamp = "1790000000"
		good  = "4fdbc55d8573b790b67843813f6618b31f7dc67734624fc3c88403c7ecb56d08"
	)
	both := []string{"another key", "key-one"}
	now := time.Unix(1790000000, 0)
	rows := []struct {
		name       string
		keys       []string
		body       string
		stamp, sig string
		now        time.Time
		want       error
	}{
		{"the first of two keys", []string{"key-one", "another key"}, body, stamp, good, now, nil},
		{"the second of two keys", both, body, stamp, good, now, nil},
		{"upper-case hex", both, body, stamp, strings.ToUpper(good), now, nil},
		{"179 s late", both, body, stamp, good, now.Add(179 * time.Second), nil},
		{"179 s early", both, body, stamp, good, now.Add(-179 * time.Second), nil},
		{"181 s late", both, body, stamp, good, now.Add(181 * time.Second), hume.ErrTimestamp},
		{"181 s early", both, body, stamp, good, now.Add(-181 * time.Second), hume.ErrTimestamp},
		{"no key at all", nil, body, stamp, good, now, hume.ErrSignature},
		{"another key", []string{"another key"}, body, stamp, good, now, hume.ErrSignature},
		{"a space more in the body", both, body + " ", stamp, good, now, hume.ErrSignature},
		{"another timestamp", both, body, "1790000001", good, now, hume.ErrSignature},
		{"a timestamp that goes on", both, body, stamp + "0", good, now, hume.ErrSignature},
		{"hume: webhook: missing signature or timestamp", both, body, stamp, "", now, hume.ErrNoSignature},
		{"hume: webhook: missing signature or timestamp", both, body, "", good, now, hume.ErrNoSignature},
		{"a signature that is not hex", both, body, stamp, "sha256=" + good, now, hume.ErrNoSignature},
		{"half a signature", both, body, stamp, good[:32], now, hume.ErrSignature},
	}
	for _, r := range rows {
		h := http.Header{}
		h.Set(hume.HeaderTimestamp, r.stamp)
		h.Set(hume.HeaderSignature, r.sig)
		if err := hume.Verify(r.keys, h, []byte(r.body), r.now); !errors.Is(err, r.want) {
			t.Errorf("%s: got %v, want %v", r.name, err, r.want)
		}
	}
}

// What an empty key signs anyone can sign.
func TestAnEmptyKeySignsNothing(t *testing.T) {
	h, body, now := http.Header{}, []byte("{}"), time.Now()
	hume.Sign("", h, body, now)
	if err := hume.Verify([]string{"", "key"}, h, body, now); !errors.Is(err, hume.ErrSignature) {
		t.Errorf("got %v", err)
	}
}

// A signed timestamp that is not a time, too, is too far from the clock.
func TestASignedTimestampThatIsNotATime(t *testing.T) {
	for _, at := range []time.Time{time.Unix(0, 0), time.Unix(1<<62, 0)} {
		h, body := http.Header{}, []byte("{}")
		hume.Sign("key", h, body, at)
		if err := hume.Verify([]string{"key"}, h, body, time.Now()); !errors.Is(err, hume.ErrTimestamp) {
			t.Errorf("%v: got %v", at.Unix(), err)
		}
	}
}
