//go:build race

package twiliocarrier

const allocsMost = 2 // for each frame: the race detector empties pools now and then
