package realtime

import (
	"fmt"

	"github.com/gorilla/websocket"
)

// CloseNormal is the close code of a session in which all is said (RFC 6455, section
// 7.4.1).
const CloseNormal = websocket.CloseNormalClosure

// Close ends the session with a close code, such as 1000 when all is said: it sends the
// close frame, gives the server half a second to close its side, so that the frame is
// not overtaken by a reset, and closes the connection. A Receive that runs meanwhile,
// and all that is sent later, return [ErrClosed]. Closing again does nothing. A code
// that no frame may carry (RFC 6455, section 7.4) is an error, and the connection is
// closed without a frame.
func (s *Session) Close(code int) error {
	if err := s.conn.Close(code); err != nil {
		return fmt.Errorf("realtime: close: %w", err)
	}
	return nil
}
