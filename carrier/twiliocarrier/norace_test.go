//go:build !race

package twiliocarrier

const allocsMost = 0.5 // for each frame
