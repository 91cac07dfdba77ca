package twilio

import (
	"context"
	"errors"
	"fmt"
	"net"
	"testing"
)

func TestCarrierFailed(t *testing.T) {
	t.Parallel()
	answered := func(status, code int) error {
		return fmt.Errorf("twilio: create call: %w", &APIError{Status: status, Code: code, Message: "no"})
	}
	for name, tt := range map[string]struct {
		err  error
		want bool
	}{
		"none": {nil, false}, "something of ours": {errors.New("the permit expired"), false}, "ended": {context.Canceled, false},
		"never sent":   {fmt.Errorf("twilio: create call: %w: To is missing", errUnsent), false},
		"nobody there": {fmt.Errorf("twilio: create call: %w", &net.OpError{Op: "dial", Err: errors.New("refused")}), true},
		"429":          {answered(429, 20429), true}, "500": {answered(500, 20500), true}, "503 of a proxy": {answered(503, 0), true},
		"401": {answered(401, 20003), true}, "no funds": {answered(403, 20005), true}, "our number": {answered(400, 21210), true},
		"their number": {answered(400, 21211), false}, "their country": {answered(400, 21215), false}, "trial account": {answered(400, 21219), false},
	} {
		if got := CarrierFailed(tt.err); got != tt.want {
			t.Errorf("%s: %t, want %t", name, got, tt.want)
		}
	}
	if NumberRefused(0) || NumberRefused(20500) || NumberRefused(404) || !NumberRefused(13224) {
		t.Error("a number is refused, or not, by the wrong codes")
	}
}
