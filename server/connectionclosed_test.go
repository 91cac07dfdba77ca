package server_test

import (
	"testing"
	"testing/synctest"
)

// A connection that was answered, or that its peer has closed, makes room for another.
func TestAClosedConnectionMakesRoom(t *testing.T) {
	onWire(t, 1, func(w *wire) {
		for i := range 5 {
			if status, took := w.answered(w.send(webhook("/twilio/recording"))); status != 204 || took != 0 {
				w.Fatalf("connection %d: %d after %v", i+1, status, took)
			}
			synctest.Wait()
			w.send("POST /twi").Close()
			synctest.Wait()
		}
	})
}
