// Package expressiontest imitates Hume's Audio Decisions and Expression Measurement on
// 127.0.0.1, and what goes wrong with such services.
//
// The simulation knows what the services' public pages say: headers, the order of the
// parts, limits of sound and questions, the stream's messages. It is strict about what
// it is sent: see [Server.Faults]. It recognizes no emotion; a test says what it answers.
package expressiontest
