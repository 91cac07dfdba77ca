// Package recording writes calls down as sound: one stereo WAV a call, 8 kHz, 16-bit PCM,
// the caller left and the agent right, on one time line.
//
// The time line is that of whoever reads Twilio's socket. Its zero is the start of the
// call's first stream. The caller's frames lie where Twilio's timestamps put them; what is
// missing is silence. The agent's sound lies where the caller's ear heard it: from when it
// was due by what was sent, later by the way to Twilio and back, which the marks measure.
// What was cleared before it sounded is not in it.
//
// Sound never waits for the disk. It is copied into a window in memory, and a goroutine
// for each call writes what lies [holdback] in the past and can't change any more. When the
// disk is too slow and the window full, what doesn't fit is silence in the file and counted.
//
// 16-bit PCM is twice as large as the µ-law that was carried (115 MB an hour and call), but
// Python's wave module, our own media.ParseWAV and every editor read it, and a hole in the file,
// which a file system reads as zeros, is silence: in µ-law it is the loudest sound there is.
//
// A recording that the caller wants stopped is completed at once, and a comment behind its sound
// (LIST, INFO, ICMT) says when and why it ends.
//
// While a call lives its file is named ID.wav.part, and its header says "to the end". At the end
// the header is completed and the file becomes ID.wav. What a crash left as a .part is completed
// when it is asked for, or by [Folder.Mend]. No file is ever deleted here.
package recording
