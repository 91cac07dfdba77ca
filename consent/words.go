package consent

import "strings"

// OptOut tells whether somebody who says this wants no more calls. (A stand-in.)
func OptOut(text string) bool {
	t := strings.ToLower(text)
	return strings.Contains(t, "stop calling") || strings.Contains(t, "do not call") || strings.Contains(t, "no me llame más")
}
