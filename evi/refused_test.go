package evi_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/patchcord/patchcord/evi"
	"github.com/patchcord/patchcord/evi/evitest"
)

func TestDialRefused(t *testing.T) {
	for status, fatal := range map[int]bool{400: true, 401: true, 403: true, 404: true, 408: false, 410: true,
		429: false, 500: false, 503: false} {
		s := serve(t, evitest.Script())
		s.Refuse(status, 1)
		o := options(s)
		o.KeyInQuery = true
		_, err := evi.Dial(t.Context(), o)
		var refused *evi.HandshakeError
		if !errors.As(err, &refused) || refused.Status != status || refused.Fatal() != fatal {
			t.Errorf("%d: got %v, want it with Fatal() %v", status, err, fatal)
		}
		if strings.Contains(err.Error(), key) {
			t.Errorf("%v shows the key", err)
		}
		dial(t, s)
		if n := s.Tries(); n != 2 {
			t.Errorf("%d: %d tries, want 2", status, n)
		}
	}
}

func TestDialWithAWrongKey(t *testing.T) {
	s := serve(t, evitest.Script())
	o := options(s)
	o.APIKey = "another-key"
	_, err := evi.Dial(t.Context(), o)
	var refused *evi.HandshakeError
	if !errors.As(err, &refused) || refused.Status != 401 {
		t.Errorf("got %v, want 401", err)
	}
}

func TestDialNobodyThere(t *testing.T) {
	s := evitest.NewServer(key, evitest.Script())
	s.Close()
	o := options(s)
	o.KeyInQuery = true
	_, err := evi.Dial(t.Context(), o)
	var refused *net.OpError
	if !errors.As(err, &refused) || strings.Contains(err.Error(), key) {
		t.Errorf("got %v, want a refused connection", err)
	}
}

func TestDialHangs(t *testing.T) {
	s := serve(t, evitest.Script())
	s.Hang(-1)
	o := options(s)
	o.HandshakeTimeout = 50 * time.Millisecond
	_, err := evi.Dial(t.Context(), o)
	if !errors.Is(err, context.DeadlineExceeded) ||
		!strings.Contains(err.Error(), "no answer to the handshake within 50ms") {
		t.Errorf("got %v, want a timeout", err)
	}
}

func TestDialCancelled(t *testing.T) {
	hung := errors.New("the caller hung up")
	accepted := make(chan struct{})
	silent := func(c *evitest.Conn) {
		close(accepted)
		<-c.Done()
	}
	t.Run("in the handshake", func(t *testing.T) {
		s := serve(t, evitest.Script())
		s.Hang(-1)
		ctx, cancel := context.WithCancelCause(t.Context())
		o := options(s)
		o.NetDialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
			defer time.AfterFunc(20*time.Millisecond, func() { cancel(hung) })
			return s.DialContext(ctx, network, addr)
		}
		if _, err := evi.Dial(ctx, o); !errors.Is(err, hung) {
			t.Errorf("got %v, want %v", err, hung)
		}
	})
	t.Run("before chat_metadata", func(t *testing.T) {
		s := serve(t, silent)
		ctx, cancel := context.WithCancelCause(t.Context())
		go func() {
			<-accepted
			cancel(hung)
		}()
		if _, err := evi.Dial(ctx, options(s)); !errors.Is(err, hung) {
			t.Errorf("got %v, want %v", err, hung)
		}
	})
	t.Run("from the start", func(t *testing.T) {
		s := serve(t, evitest.Script())
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(hung)
		if _, err := evi.Dial(ctx, options(s)); !errors.Is(err, hung) {
			t.Errorf("got %v, want %v", err, hung)
		}
	})
}
